"""Whoever signed up with a document of any kind signs in with it again; what people type on a telephone is tidied or told at its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assay.applications.models import Application, Person
from assay.applications.people import normal_phone, phone_problem
from assay.kernel.identity import ID_TYPES
from assay.portal.acts import confirm_claims, make_codes
from assay.portal.models import Claim
from tests import factories as f
from tests.portal.strangers import PASSWORD, School, sign_up, sign_up_form

pytestmark = pytest.mark.django_db
NUMBERS = {
    "resident": f.resident_number(77), "residence_permit": "830000197810100019",
    "hk_macao": "H12345678", "taiwan": "12345678", "passport": "E12345678",
    "foreign_resident": "ABC110101900101", "officer": "南字第12345678号",
}  # fmt: skip
TYPED = {**NUMBERS, "passport": "ｅ１２３４ ５６７８", "hk_macao": "\u202dh1234-5678\u202c02"}


@pytest.fixture
def school() -> School:
    f.centre()
    department = f.department()
    return School(department, f.staff("R1", department=department))


def sign_in(kind: str, number: str, password: str = PASSWORD) -> Any:
    return Client().post("/my/sign-in/", {"id_type": kind, "id_number": number, "password": password})


def said_at(page: str, field: str) -> str:
    """What stands at a field as its fault."""
    return page.partition(f'id="id_{field}_error"')[2].partition("</div></div>")[0]


def refused(school: School, **changes: str) -> str:
    page = sign_up(NUMBERS["resident"], school.department, **changes)
    assert page.status_code == 200
    assert not Claim.objects.exists()
    return str(page.content.decode())


@pytest.mark.parametrize("kind", ID_TYPES)
def test_a_document_of_any_kind_signs_up_and_signs_in_again(school: School, kind: str) -> None:
    phone = Client()
    assert sign_up(NUMBERS[kind], school.department, phone, id_type=kind, sex="男").status_code == 302
    assert f"带{ID_TYPES[kind]}和受理号到" in phone.get("/my/sign-up/received/").content.decode()
    confirm_claims(school.actor, list(Claim.objects.all()))
    assert sign_in(kind, TYPED[kind]).status_code == 302
    assert sign_in(kind, TYPED[kind], "wrong-2026-word").status_code == 401


@pytest.mark.parametrize("kind", ID_TYPES)
def test_a_forgotten_password_is_set_anew_with_a_document_of_any_kind(school: School, kind: str) -> None:
    sign_up(NUMBERS[kind], school.department, id_type=kind, sex="男")
    confirm_claims(school.actor, list(Claim.objects.all()))
    [(_, code)] = make_codes(school.actor, [Person.objects.get()])
    new = {"id_type": kind, "id_number": TYPED[kind], "code": code, "password": "another-2026-word"}
    assert Client().post("/my/activate/", new).status_code == 302
    assert sign_in(kind, NUMBERS[kind], "another-2026-word").status_code == 302


@pytest.mark.parametrize("kind", ID_TYPES)
def test_the_office_finds_an_application_by_the_whole_number_of_any_document(school: School, kind: str) -> None:
    sign_up(NUMBERS[kind], school.department, id_type=kind, sex="男")
    confirm_claims(school.actor, list(Claim.objects.all()))
    batch = f.batch("exam", stage="apply")
    own = f.application(batch, state="submitted", person=Person.objects.get(), department=school.department)
    f.application(batch, state="submitted", department=school.department)
    page = school.desk.get("/applications/", {"q": TYPED[kind], "batch": ""}).content.decode()
    assert f"/applications/{own.pk}/" in page
    assert not any(f"/applications/{other.pk}/" in page for other in Application.objects.exclude(pk=own.pk))


def test_what_was_typed_at_the_door_stays_but_the_password_and_no_lock_is_claimed_that_is_not_in_force(
    school: School,
) -> None:
    answer = sign_in("passport", "E12345678", "wrong-2026-word")
    page = answer.content.decode()
    assert answer.status_code == 401
    assert 'value="E12345678"' in page
    assert '<option value="passport" selected>' in page
    assert "wrong-2026-word" not in page
    assert "证件号码或密码不对" in page
    assert "分钟" not in page


def test_a_number_of_another_document_is_told_to_choose_its_kind(school: School) -> None:
    page = sign_in("resident", "E12345678").content.decode()
    assert "请先改选证件类型" in said_at(page, "id_number")
    assert 'value="E12345678"' in page


@pytest.mark.parametrize(
    "typed", ["13900000077", "139 0000 0077", "+86 139-0000-0077", "(86)13900000077", "１３９００００００７７\u200b"]
)
def test_a_telephone_number_is_kept_in_one_form(typed: str) -> None:
    assert normal_phone(typed).removeprefix("86") == "13900000077"
    assert phone_problem(normal_phone("+86 139-0000-0077")) is None
    assert phone_problem(normal_phone("+852 9123 4567")) is None


@pytest.mark.parametrize("typed", ["abc", "12345", "1390000007", "139000000777", "0371-12345678", "23900000077"])
def test_what_is_no_telephone_number_is_told_at_its_field(school: School, typed: str) -> None:
    page = refused(school, phone=typed)
    assert "手机号码应为 11 位数字" in said_at(page, "phone")
    assert 'value="柳一"' in page


def test_a_candidate_puts_the_own_number_right_in_the_same_way(school: School) -> None:
    person = f.person(phone="old words")
    client = Client()
    client.force_login(f.candidate(person), "django.contrib.auth.backends.ModelBackend")
    given = {"ethnic": "汉族", "education": "中等专业学校", "class_name": "示例2402"}
    assert client.post("/my/details/", {**given, "phone": "old words"}).status_code == 302, "left alone it stays"
    assert "手机号码应为" in client.post("/my/details/", {**given, "phone": "abc"}).content.decode()
    assert client.post("/my/details/", {**given, "phone": "139 0000 0088"}).status_code == 302
    person.refresh_from_db()
    assert person.phone == "13900000088"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("柳 一", "柳一"), ("　柳　一 ", "柳一"), ("古丽米热 · 艾比布力", "古丽米热·艾比布力"), ("John  Smith", "John Smith"),
        ("𬭎 一", "𬭎一"),
    ],
)  # fmt: skip
def test_a_name_is_kept_without_the_blanks_that_people_put_for_looks(school: School, typed: str, kept: str) -> None:
    assert sign_up(NUMBERS["resident"], school.department, name=typed).status_code == 302
    assert Claim.objects.get().name == kept


def test_a_name_with_what_nobody_sees_is_told_at_its_field(school: School) -> None:
    page = Client().post("/my/sign-up/", sign_up_form(NUMBERS["resident"], school.department, name="柳\u200b一"))
    assert "U+200B" in said_at(page.content.decode(), "name")


def test_nobody_is_born_tomorrow(school: School) -> None:
    number = f.resident_number(12, "20350315")
    page = Client().post("/my/sign-up/", sign_up_form(number, school.department)).content.decode()
    assert "2035-03-15 还没有到" in said_at(page, "id_number")
    assert not Claim.objects.exists()


def test_only_students_are_asked_for_a_student_number(school: School) -> None:
    assert "在校学生须填学号" in said_at(refused(school, student_no=""), "student_no")
    assert sign_up(NUMBERS["resident"], school.department, student_no="", source="staff").status_code == 302


def test_a_weak_password_is_told_at_its_field_in_the_word_of_the_page(school: School) -> None:
    page = refused(school, password="12345678")
    assert "密码" in said_at(page, "password")
    assert "口令" not in page
    assert "12345678" not in page
