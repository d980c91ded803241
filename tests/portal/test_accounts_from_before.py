"""Accounts that candidates once made by themselves stay, until a roster says that they are somebody else's."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.test import Client

from assay.applications.acts.correcting import correct_applicant, correct_person
from assay.applications.acts.importing import import_roster
from assay.applications.models import Person
from assay.applications.people import PersonData, person_index
from assay.applications.roster_rows import RosterRow
from assay.batches.models import Batch
from assay.centre.models import Account, Department
from assay.kernel import verification
from assay.kernel.models import LedgerEntry
from assay.portal.acts import activate, make_codes, username_for
from tests import factories as f
from tests.portal.strangers import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
NUMBER = f.resident_number(401)
SYSTEM = f.actor_with("SYS")


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department()


@pytest.fixture
def person(department: Department) -> Person:
    """Self-made, before claims."""
    made = f.person(
        id_number=NUMBER, id_index=person_index("resident", NUMBER), name="柳一", student_no="S1", phone="13100000000",
        department=department,
    )  # fmt: skip
    account = f.candidate(made)
    account.username, account.vouched = username_for("resident", NUMBER), False
    account.set_password(PASSWORD)
    account.save()
    return made


def roster(batch: Batch, department: Department, **facts: str) -> None:
    given = {"name": "柳一", "student_no": "S1", "phone": "13100000000", **facts}
    data = PersonData(id_type="resident", id_number=NUMBER, department=department.pk, education="中等专业学校", **given)
    line = batch.lines.get()
    row = RosterRow(
        number=2, person=data, line=line, condition=None, photo=None, theory="first", skill="first", work_years=0,
        prior_certificate="", route_facts={},
    )  # fmt: skip
    import_roster(f.actor_with("R1", account=f.staff("R1", department=department)), batch=batch, rows=[row])


def test_until_then_they_work_as_before(person: Person) -> None:
    assert sign_in(Client(), NUMBER).status_code == 302


def test_upgrading_leaves_candidates_tied_and_marks_that_nobody_vouched(person: Person) -> None:
    Account.objects.update(vouched=True)
    staff = f.staff("E1")
    importlib.import_module("assay.centre.migrations.0002_vouched_accounts").candidates_made_their_own(apps, None)
    person.refresh_from_db()
    assert person.account is not None
    assert not person.account.vouched
    staff.refresh_from_db()
    assert staff.vouched


@pytest.mark.parametrize("facts", [{}, {"phone": ""}])
def test_a_roster_that_says_the_same_changes_nothing(person: Person, department: Department, facts: dict) -> None:
    roster(f.batch("exam", stage="apply"), department, **facts)
    assert sign_in(Client(), NUMBER).status_code == 302


@pytest.mark.parametrize("facts", [{"name": "韩真身"}, {"student_no": "S9"}, {"phone": "13900000009"}])
def test_a_roster_that_says_otherwise_takes_the_account_from_the_person(
    person: Person, department: Department, facts: dict
) -> None:
    browser = Client()
    sign_in(browser, NUMBER)
    roster(f.batch("exam", stage="apply"), department, **facts)
    person.refresh_from_db()
    assert person.account is None
    assert browser.get("/my/").status_code == 302
    assert sign_in(Client(), NUMBER).status_code == 401
    [(_, code)] = make_codes(f.actor_with("E5"), [person])
    activate(SYSTEM, id_type="resident", id_number=NUMBER, code=code, password="another-2026-z")
    assert browser.get("/my/").status_code == 302, "the stranger's session does not come back"
    assert sign_in(Client(), NUMBER).status_code == 401
    assert sign_in(Client(), NUMBER, "another-2026-z").status_code == 302
    assert Account.objects.filter(kind="candidate").count() == 1


def test_an_account_under_another_name_than_the_person_is_out_of_use_with_the_next_roster(
    person: Person, department: Department
) -> None:
    """An earlier roster put the person right, and left the account to whoever had made it."""
    Account.objects.filter(person=person).update(name="冒名者")
    roster(f.batch("exam", stage="apply"), department)
    person.refresh_from_db()
    assert person.account is None
    assert sign_in(Client(), NUMBER).status_code == 401


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_whoever_puts_the_name_right_takes_the_account_from_who_had_given_the_wrong_one(
    person: Person, department: Department, state: str
) -> None:
    """Somebody made an account with another's number, and was even admitted under that name before anybody vouched for accounts."""
    Person.objects.update(name="冒名者")
    Account.objects.filter(person=person).update(name="冒名者")
    application = f.application(f.batch("direct", stage="review"), state=state, person=person, department=department)
    browser = Client()
    sign_in(browser, NUMBER)
    if state == "approved":
        correct_applicant(f.actor_with("E5"), application, {"name": "柳一"}, reason="他人冒用号码注册")
    else:
        correct_person(f.actor_with("E5"), person, {"name": "柳一"}, reason="他人冒用号码注册")
    person.refresh_from_db()
    assert (person.name, person.account) == ("柳一", None)
    assert "以“冒名者”自行注册的账号未经核实，已停用" in LedgerEntry.objects.order_by("-seq")[0].note
    assert browser.get("/my/").status_code == 302
    assert sign_in(Client(), NUMBER).status_code == 401
    assert not [found for found in verification.verify().findings if "被改动" in found.what]


def test_a_correction_leaves_an_account_that_somebody_vouched_for(person: Person) -> None:
    [(_, code)] = make_codes(f.actor_with("E5"), [person])
    activate(SYSTEM, id_type="resident", id_number=NUMBER, code=code, password=PASSWORD)
    correct_person(f.actor_with("E5"), person, {"name": "柳一一"}, reason="户籍更名")
    assert sign_in(Client(), NUMBER).status_code == 302


def test_once_vouched_for_a_roster_may_correct_anything(person: Person, department: Department) -> None:
    [(_, code)] = make_codes(f.actor_with("E5"), [person])
    activate(SYSTEM, id_type="resident", id_number=NUMBER, code=code, password=PASSWORD)
    roster(f.batch("exam", stage="apply"), department, phone="13900000009")
    assert sign_in(Client(), NUMBER).status_code == 302
    assert Person.objects.get().phone == "13900000009"
