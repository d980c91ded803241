"""A candidate puts right the own details while nobody has decided over them; the department also the name."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from assay.applications.models import Person
from assay.kernel import verification
from assay.kernel.models import LedgerEntry
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


MONTHS = ("2027-07", "2027.7", "2027/7", "202707", "2027年7月", "２０２７年７月", "2027-07-01", "2027年7月1日")
UNREADABLE = ("去年九月", "2027", "27-7", "2027-13", "20277", "0001-07")
WAYS = "请填 2027-07、2027.7、202707 或 2027年7月"


def details_of_somebody(state: str = "returned") -> Client:
    f.centre()
    application = f.application(f.batch("exam", stage="review"), state=state)
    return client_of(f.candidate(application.person))


@pytest.mark.parametrize("typed", MONTHS)
def test_a_month_is_read_however_it_is_written_and_shown_as_a_month(typed: str) -> None:
    own = details_of_somebody()
    page = own.get("/my/details/").content.decode()
    assert page.count("填年月，如 2027-07。") == 2
    own.post("/my/details/", {**DETAILS, "enrolled_on": "2024年9月", "graduates_on": typed})
    person = Person.objects.get()
    assert (person.enrolled_on, person.graduates_on) == (date(2024, 9, 1), date(2027, 7, 1))
    page = own.get("/my/details/").content.decode()
    assert 'value="2024-09"' in page
    assert 'value="2027-07"' in page


def test_a_day_stays_a_day() -> None:
    own = details_of_somebody()
    own.post("/my/details/", {**DETAILS, "graduates_on": "2027年6月30日"})
    assert Person.objects.get().graduates_on == date(2027, 6, 30)
    assert 'value="2027-06-30"' in own.get("/my/details/").content.decode()


def test_a_month_left_as_it_was_shown_is_no_change() -> None:
    own = details_of_somebody()
    Person.objects.update(graduates_on=date(2027, 7, 1))
    own.post("/my/details/", {**DETAILS, "graduates_on": "2027-07"})
    assert Person.objects.get().graduates_on == date(2027, 7, 1)
    assert "预计毕业年月" not in LedgerEntry.objects.get(act="applications.correct_person").note


def test_who_may_change_nothing_still_reads_the_month() -> None:
    own = details_of_somebody("approved")
    Person.objects.update(graduates_on=date(2027, 7, 1))
    assert 'value="2027-07"' in own.get("/my/details/").content.decode()


@pytest.mark.parametrize("typed", UNREADABLE)
def test_what_is_no_month_is_answered_by_the_ways_to_write_one(typed: str) -> None:
    page = details_of_somebody().post("/my/details/", {**DETAILS, "graduates_on": typed}).content.decode()
    assert WAYS in page
    assert f'value="{typed}"' in page


def test_staff_writes_months_alike_before_and_after_the_review() -> None:
    f.centre()
    batch = f.batch("exam", stage="review")
    exam_affairs = client_of(f.staff("E4", "E5"))
    for state, page in (("submitted", "person"), ("approved", "applicant")):
        application = f.application(batch, state=state)
        given = {**DETAILS, "name": application.person.name, "student_no": "S9", "reason": "学籍核对"}
        given |= {"department": application.person.department_id or ""}
        wrong = exam_affairs.post(f"/applications/{application.pk}/{page}/", {**given, "graduates_on": "明年"})
        assert WAYS in wrong.content.decode()
        exam_affairs.post(f"/applications/{application.pk}/{page}/", {**given, "graduates_on": "2027.7"})
        assert Person.objects.get(pk=application.person_id).graduates_on == date(2027, 7, 1)
