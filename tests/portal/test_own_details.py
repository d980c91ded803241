"""A candidate puts right the own details while nobody has decided over them; the department also the name."""

from __future__ import annotations

import pytest
from django.test import Client

from assay.applications.models import Person
from assay.kernel import verification
from tests import factories as f

pytestmark = pytest.mark.django_db
DETAILS = {"ethnic": "回族", "education": "中等专业学校", "phone": "13900000088", "class_name": "示例2402"}


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.parametrize(
    ("state", "may"), [("returned", True), ("submitted", True), ("first_passed", False), ("approved", False)]
)
def test_details_can_be_put_right_until_a_review_passed_them(state: str, may: bool) -> None:
    f.centre()
    application = f.application(f.batch("exam", stage="review"), state=state)
    name, number = application.person.name, application.person.id_number
    own = client_of(f.candidate(application.person))
    assert (">保存</button>" in own.get("/my/details/").content.decode()) is may
    page = own.post("/my/details/", {**DETAILS, "name": "王改名", "student_no": "S0", "id_number": "1"}, follow=True)
    person = Person.objects.get()
    assert (person.ethnic == "回族", person.phone == "13900000088") == (may, may)
    assert (person.name, person.id_number) == (name, number)
    assert ("由其退回或更正" in page.content.decode()) is not may


def test_the_department_puts_the_name_right_and_the_ledger_knows() -> None:
    f.centre()
    department = f.department()
    application = f.application(f.batch("exam", stage="review"), state="submitted", department=department)
    officer = client_of(f.staff("R1", department=department))
    page = f"/applications/{application.pk}/person/"
    form = {**DETAILS, "name": "柳依依", "student_no": "S9"}
    assert "更正姓名须写明原因" in officer.post(page, form).content.decode()
    form["reason"] = "户籍更名"
    assert officer.post(page, form).status_code == 302
    person = Person.objects.get()
    assert (person.name, person.sort_key[:2]) == ("柳依依", "li")
    assert not [found for found in verification.verify().findings if "applications.person" in found.where]
    stranger = client_of(f.staff("R1", department=f.department()))
    assert stranger.post(page, {**form, "name": "别人"}).status_code == 404


def test_words_of_the_rosters_own_are_kept_in_the_form() -> None:
    f.centre()
    f.application(f.batch("exam", stage="review"), state="returned")
    Person.objects.update(ethnic="穿青人", education="中专")
    page = client_of(f.candidate(Person.objects.get())).get("/my/details/").content.decode()
    assert '<option value="穿青人" selected>' in page
    assert '<option value="中专" selected>' in page
