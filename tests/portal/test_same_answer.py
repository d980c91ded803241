"""Nobody learns at the public doors who is on a roster, who has an account, which code or certificate there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from assay.applications.models import Person
from assay.applications.people import person_index
from assay.centre.models import Department
from assay.kernel import clock
from assay.kernel.limits import ACTIVATION, CANDIDATE_SIGN_IN
from assay.portal.acts import make_codes, username_for
from assay.portal.models import Claim
from tests import factories as f
from tests.portal.strangers import PASSWORD, said, sign_in, sign_up

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = f.resident_number(301), f.resident_number(302)


@pytest.fixture
def known() -> Person:
    f.centre()
    person = f.person(
        id_number=KNOWN,
        id_index=person_index("resident", KNOWN),
        name="柳一",
        student_no="S77",
        department=f.department(),
    )
    account = f.candidate(person)
    account.username = username_for("resident", KNOWN)
    account.set_password(PASSWORD)
    account.save()
    return person


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often a password was hashed: what takes the time of these answers."""
    done: list[str] = []
    real = hashers.Argon2PasswordHasher.encode

    def encode(self, password: str, salt: str) -> str:
        done.append("made")
        return real(self, password, salt)

    verified = hashers.Argon2PasswordHasher.verify

    def verify(self, password: str, encoded: str) -> bool:
        done.append("checked")
        return verified(self, password, encoded)

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", verify)
    return done


def department() -> Department:
    return Department.objects.get()


def test_signing_up_answers_alike_whoever_is_known(known: Person, hashed: list[str]) -> None:
    answers, costs, queries = [], [], []
    sign_up(f.resident_number(303), department())
    hashed.clear()
    for number in (KNOWN, UNKNOWN):
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            reply = sign_up(number, department(), client, name="冒名者", student_no="S0")
        queries.append([q["sql"].split(" ")[0] for q in captured.captured_queries])
        page = said(client.get("/my/sign-up/received/")).replace(Claim.objects.latest("pk").number, "")
        answers.append((reply.status_code, reply.headers["Location"], page))
        costs.append(len(hashed))
        hashed.clear()
    assert answers[0] == answers[1]
    assert costs == [1, 1]
    assert queries[0] == queries[1]


@pytest.mark.parametrize(("password", "status"), [("12345678", 200), (PASSWORD, 302)])
def test_signing_up_answers_alike_who_is_known_without_an_account_and_who_is_not(
    known: Person, password: str, status: int
) -> None:
    Person.objects.filter(pk=known.pk).update(account=None)
    answers = []
    for number in (KNOWN, UNKNOWN):
        client = Client()
        reply = sign_up(number, department(), client, password=password)
        then = client.get("/my/sign-up/received/")
        pages = [said(page).replace(client.session.get("claim", "-"), "") for page in (reply, then)]
        answers.append((reply.status_code, reply.headers.get("Location"), then.status_code, pages))
    assert answers[0] == answers[1]
    assert answers[0][0] == status


@pytest.mark.parametrize("wrong", [{"password": "12345678"}, {"id_number": KNOWN[:-1] + "0"}, {"name": ""}])
def test_what_is_wrong_with_the_text_is_said_before_anybody_is_looked_for(known: Person, wrong: dict[str, str]) -> None:
    pages = []
    for number in (KNOWN, UNKNOWN):
        reply = sign_up(number, department(), **wrong)
        assert reply.status_code == 200
        pages.append(said(reply))
    assert pages[0] == pages[1]
    assert not Claim.objects.exists()


def test_the_id_number_itself_is_no_password(known: Person) -> None:
    assert sign_up(UNKNOWN, department(), password=UNKNOWN).status_code == 200
    assert sign_up(UNKNOWN, department(), password=UNKNOWN[-8:] + UNKNOWN[:6]).status_code in (200, 302)
    assert not Claim.objects.filter(password="").exists()


def test_signing_in_answers_alike(known: Person, hashed: list[str]) -> None:
    answers, costs = [], []
    for number in (KNOWN, UNKNOWN):
        reply = sign_in(Client(), number, "wrong-2026-wrong")
        answers.append((reply.status_code, said(reply)))
        costs.append(len(hashed))
        hashed.clear()
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert costs == [1, 1]


def test_a_wrong_code_and_an_unknown_number_are_one_sentence(known: Person, hashed: list[str]) -> None:
    make_codes(f.actor_with("E5"), [known])
    answers, costs = [], []
    for number in (KNOWN, UNKNOWN):
        given = {"id_type": "resident", "id_number": number, "code": "33333-33333", "password": PASSWORD}
        reply = Client().post("/my/activate/", given)
        answers.append((reply.status_code, said(reply)))
        costs.append(len(hashed))
        hashed.clear()
    assert answers[0] == answers[1]
    assert "激活码不对" in answers[0][1]
    assert costs == [1, 1]


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_a_thousand_numbers_cannot_be_tried_and_the_wait_is_said(known: Person) -> None:
    wrong = {"id_type": "resident", "code": "33333-33333", "password": PASSWORD}
    start = clock.now()
    passed, last = 0, None
    with clock.moved_to(start):
        for n in range(ACTIVATION.address.free + 30):
            last = Client().post("/my/activate/", {**wrong, "id_number": f.resident_number(n, "20050101")})
            passed += last.status_code == 200
    assert last is not None
    assert last.status_code == 429
    assert passed <= ACTIVATION.address.free + 8
    assert f"请在 {last.headers['Retry-After']} 秒后再试" in last.content.decode()
    with clock.moved_to(start + timedelta(minutes=5)):
        assert Client().post("/my/activate/", {**wrong, "id_number": UNKNOWN}).status_code == 200, "never shut out"


def test_a_class_signs_in_behind_one_address_while_somebody_types_wrongly(known: Person) -> None:
    for _ in range(CANDIDATE_SIGN_IN.subject.free + 20):
        sign_in(Client(), UNKNOWN, "wrong-2026-wrong")
    assert sign_in(Client(), UNKNOWN, "wrong-2026-wrong").status_code == 429
    assert sign_in(Client(), KNOWN).status_code == 302


def test_who_is_guessed_at_signs_in_from_the_own_telephone_all_the_same(known: Person) -> None:
    phone = Client()
    assert sign_in(phone, KNOWN).status_code == 302
    phone.post("/sign-out/")
    for _ in range(30):
        sign_in(Client(), KNOWN, "wrong-2026-wrong")
    assert sign_in(Client(), KNOWN).status_code == 429
    assert sign_in(phone, KNOWN).status_code == 302
    assert sign_in(Client(), KNOWN, REMOTE_ADDR="192.0.2.9").status_code == 302
