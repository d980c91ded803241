"""An activation code from the department makes the account at once, for its person only, once, and while it lasts."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from assay.applications.models import Person
from assay.applications.people import person_index
from assay.centre.models import Account, ParameterValue
from assay.kernel import clock
from assay.kernel.drawn import ALPHABET
from assay.kernel.ledger import LedgerLine
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from assay.portal.acts import make_codes
from assay.portal.codes import new_code
from assay.portal.models import CODE_LASTS, ActivationCode
from tests import factories as f
from tests.portal.strangers import PASSWORD, School, sign_in

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Class(School):
    people: list[Person]


@pytest.fixture
def school() -> Class:
    f.centre()
    department = f.department()
    people = []
    for n in range(3):
        number = f.resident_number(200 + n, "20060316")
        people.append(
            f.person(
                id_number=number, id_index=person_index("resident", number), department=department, student_no=f"S{n}"
            )
        )
    return Class(department, f.staff("R1", department=department), people)


def activate(person: Person, code: str, client: Client | None = None, password: str = PASSWORD):
    given = {"id_type": "resident", "id_number": person.id_number, "code": code, "password": password}
    return (client or Client()).post("/my/activate/", given)


def code_for(school: Class, person: Person) -> str:
    [(_, code)] = make_codes(school.actor, [person])
    return code


def test_with_number_code_and_password_the_candidate_is_in_at_once(school: Class) -> None:
    person = school.people[0]
    code = code_for(school, person)
    phone = Client()
    assert activate(person, code.lower().replace("-", " "), phone).headers["Location"] == "/my/"
    assert phone.get("/my/").status_code == 200
    person.refresh_from_db()
    assert person.account is not None
    assert person.account.vouched
    assert sign_in(Client(), person.id_number).status_code == 302


def test_a_code_works_once_and_for_its_person_only_and_the_newest_only(school: Class) -> None:
    one, two, _ = school.people
    outdated = code_for(school, one)
    code = code_for(school, one)
    assert activate(one, outdated).status_code == 200
    assert activate(two, code).status_code == 200
    assert not Account.objects.filter(kind="candidate").exists()
    assert activate(one, code).status_code == 302
    assert activate(one, code, password="another-2026-z").status_code == 200
    assert sign_in(Client(), one.id_number).status_code == 302


def test_a_code_expires(school: Class) -> None:
    person = school.people[0]
    code = code_for(school, person)
    with clock.moved_to(clock.now() + CODE_LASTS + timedelta(minutes=1)):
        assert "已过期" in activate(person, code).content.decode()
    assert activate(person, code).status_code == 302


def test_a_new_code_is_the_way_back_for_who_forgot_the_password(school: Class) -> None:
    person = school.people[0]
    phone = Client()
    activate(person, code_for(school, person), phone)
    assert activate(person, code_for(school, person), password="another-2026-z").status_code == 302
    assert phone.get("/my/").status_code == 302, "the old session is over"
    assert sign_in(Client(), person.id_number, "another-2026-z").status_code == 302


def test_a_disabled_account_is_not_opened_by_a_code(school: Class) -> None:
    person = school.people[0]
    activate(person, code_for(school, person))
    code = code_for(school, person)
    Account.objects.filter(kind="candidate").update(is_active=False)
    assert "激活码不对" in activate(person, code).content.decode()


def test_codes_are_kept_hashed_and_the_making_is_in_the_ledger_without_them(school: Class) -> None:
    made = make_codes(school.actor, school.people)
    entry = LedgerEntry.objects.get(act="portal.make_codes")
    kept = str(list(ActivationCode.objects.values())) + str(list(LedgerLine.objects.values_list("facts", flat=True)))
    for _, code in made:
        assert code not in kept
        assert code.replace("-", "") not in kept
    assert entry.lines.count() == 3
    assert entry.actor_id == school.head.pk


def test_codes_are_drawn_from_what_cannot_be_misread() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    assert set("".join(codes)) - {"-"} <= set(ALPHABET)
    assert not set("0O1IL2Z5S8B") & set(ALPHABET)


def test_a_department_makes_codes_for_its_own_people_only(school: Class) -> None:
    elsewhere = f.person(department=f.department())
    with pytest.raises(Refused, match="不属于您的院系"):
        make_codes(school.actor, [*school.people, elsewhere])
    assert not ActivationCode.objects.exists()
    page = school.desk.get("/candidates/codes/").content.decode()
    assert school.people[0].name in page
    assert f'chosen" value="{elsewhere.pk}"' not in page
    assert school.desk.post("/candidates/codes/make/", {"chosen": elsewhere.pk}).status_code == 409


def test_a_class_is_printed_at_once_leaving_out_who_has_an_account(school: Class, tmp_path: Path) -> None:
    done = school.people[2]
    activate(done, code_for(school, done))
    page = school.desk.get("/candidates/codes/?class=汽修2301").content.decode()
    assert "为 汽修2301 未开通的 2 人生成并打印" in page
    reply = school.desk.post("/candidates/codes/make/", {"class": "汽修2301", "whole": "1"})
    assert reply.headers["Content-Type"] == "application/pdf"
    paper = tmp_path / "codes.pdf"
    paper.write_bytes(reply.content)
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert "考生账号激活码" in text
    assert done.student_no not in text
    line = next(line for line in text.splitlines() if school.people[0].student_no in line.split())
    code = next(word for word in line.split() if "-" in word)
    assert activate(school.people[0], code).status_code == 302


@pytest.mark.parameter("site.url")
@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost"])
def test_before_sheets_are_printed_an_address_that_opens_here_only_is_warned_of(school: Class, url: str) -> None:
    ParameterValue.objects.create(key="site.url", value=url)
    page = school.desk.get("/candidates/codes/").content.decode()
    assert f"激活码单上印的开通网址是 {url}，只有本机能打开" in page
    ParameterValue.objects.update(value="https://kp.example.edu.cn")
    assert "只有本机能打开" not in school.desk.get("/candidates/codes/").content.decode()
