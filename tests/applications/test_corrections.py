"""What is said of a person is put right by acts that say so: before and after, why, and no longer than it may be."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assay.applications.acts.correcting import correct_applicant, correct_person
from assay.applications.models import Application, Person
from assay.centre.models import Department
from assay.certificates.models import Certificate
from assay.kernel import files, verification
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.applications.rosters import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department(name="汽车工程系")


def applied(department: Department, state: str, stage: str = "review", **facts: object) -> Application:
    person = f.person(
        **{"department": department, "name": "柳一", "phone": "13900000001", "photo": files.keep(photo("red")), **facts}
    )
    return f.application(f.batch("direct", stage=stage), state=state, person=person, department=department)


def head(department: Department):
    return f.actor_with("R1", account=f.staff("R1", department=department))


def last_note() -> str:
    return LedgerEntry.objects.order_by("-seq")[0].note


def test_the_note_says_before_and_after_with_numbers_masked_and_private_values_unsaid(department: Department) -> None:
    application = applied(department, "submitted", email="old@example.cn")
    changes = {"name": "柳一一", "phone": "13900000002", "email": "new@example.cn", "major": f.major(name="会计事务")}
    with pytest.raises(Refused, match="更正姓名须写明原因"):
        correct_person(head(department), application.person, changes)
    correct_person(head(department), application.person, changes, reason="户籍更名")
    note = last_note()
    for said in (
        "姓名 柳一 → 柳一一",
        "*********01 → *********02",
        "专业 空 → 会计事务",
        "电子邮箱（已更正）",
        "原因：户籍更名",
    ):
        assert said in note
    assert "13900000002" not in note
    assert "example.cn" not in note
    application.applicant.refresh_from_db()
    assert (application.applicant.name, application.applicant.sort_key) == ("柳一一", "liu yi yi")
    assert not [x for x in verification.verify().findings if "柳一一" in x.where and "被改动" in x.what]


def test_names_that_hide_something_and_strange_columns_are_refused_at_once(department: Department) -> None:
    application = applied(department, "submitted")
    with pytest.raises(Refused, match=r"不能更正：id_index；姓名第 2 个字符"):
        correct_person(head(department), application.person, {"name": "柳\ue000一", "id_index": "x"}, reason="更名")
    assert Person.objects.get().name == "柳一"


def test_a_department_puts_right_its_own_people_only_and_the_centre_whose_they_are(department: Department) -> None:
    application, other = applied(department, "submitted"), f.department(name="机电工程系")
    with pytest.raises(Refused, match="登记在“汽车工程系”，不属于您的系部"):
        correct_person(head(other), application.person, {"class_name": "被改"})
    with pytest.raises(Refused, match="不能更正：department"):
        correct_person(head(department), application.person, {"department": other})
    correct_person(f.actor_with("E5"), application.person, {"department": other})
    application = Application.objects.get()
    assert (application.department, application.person.department, application.applicant.department) == (other,) * 3


@pytest.mark.parametrize("state", ["first_passed", "approved"])
def test_what_was_reviewed_is_put_right_by_the_centre_with_a_reason(department: Department, state: str) -> None:
    application = applied(department, state)
    centre = f.actor_with("E5")
    with pytest.raises(Refused, match="告知认定中心，由其退回或更正"):
        correct_person(head(department), application.person, {"class_name": "汽修2402"})
    with pytest.raises(NotAllowed):
        correct_applicant(head(department), application, {"class_name": "汽修2402"}, reason="录错")
    with pytest.raises(Refused, match="须写明原因"):
        correct_applicant(centre, application, {"class_name": "汽修2402"}, reason=" ")
    correct_applicant(centre, application, {"class_name": "汽修2402"}, reason="录错", photo=photo("blue"))
    application = Application.objects.get()
    for row in (application.applicant, application.person):
        assert (row.class_name, row.photo_id) == ("汽修2402", files.digest_of(photo("blue")))
    assert application.state == state
    for said in ("柳一（", "班级 汽修2301 → 汽修2402", "照片（已更换）", "原因：录错"):
        assert said in last_note()
    assert application.applicant.id_number not in last_note()


def test_a_correction_after_which_the_condition_is_not_met_is_refused_and_changes_nothing(
    department: Department,
) -> None:
    row = f.scope_row()
    major = f.major()
    row.majors.add(major)
    person = f.person(department=department, major=major, student_no="1", graduates_on=date(2000, 7, 1))
    condition = row.standard.levels.get(level__code="4").conditions.get()
    batch = f.batch("exam", stage="review", lines=[(row, "4", 9)])
    application = f.application(batch, person=person, condition=condition)
    kept = f.kept_files()
    with pytest.raises(Refused, match="更正后不符合申报条件：所学专业"):
        correct_applicant(
            f.actor_with("E4"), application, {"major": f.major()}, reason="转专业", photo=photo("#123456")
        )
    application = Application.objects.get()
    assert (application.applicant.major, application.person.major, f.kept_files()) == (major, major, kept)


def test_once_the_certificate_is_numbered_or_the_batch_closed_nothing_is_put_right_here(department: Department) -> None:
    application = applied(department, "approved", stage="certificates")
    correct_applicant(f.actor_with("E5"), application, {"class_name": "汽修2402"}, reason="录错")
    person = application.person
    Certificate.objects.create(
        application=application, number="S000041000123264000001", name=person.name, id_type="resident",
        id_number=person.id_number, id_index=person.id_index, occupation_code="4-12-01-01", occupation="汽车维修工",
        level_code="4", level_title="四级/中级工", issued_on=date(2026, 3, 1),
    )  # fmt: skip
    with pytest.raises(Refused, match="S000041000123264000001 已编号"):
        correct_applicant(f.actor_with("E5"), application, {"class_name": "汽修2403"}, reason="录错")
    closed = applied(department, "approved", stage="closed")
    with pytest.raises(Refused, match="已办结"):
        correct_applicant(f.actor_with("E5"), closed, {"class_name": "汽修2403"}, reason="录错")
    client = Client()
    client.force_login(f.staff("E5"), "django.contrib.auth.backends.ModelBackend")
    for one in (application, closed):
        assert "更正已审核信息" not in client.get(f"/applications/{one.pk}/").content.decode()


def test_the_page_of_a_reviewed_application_leads_to_the_correction(department: Department) -> None:
    application = applied(department, "approved")
    client = Client()
    client.force_login(f.staff("E5"), "django.contrib.auth.backends.ModelBackend")
    page = f"/applications/{application.pk}/applicant/"
    detail = client.get(f"/applications/{application.pk}/").content.decode()
    assert page in detail
    assert f"/applications/{application.pk}/person/" not in detail
    shown = client.get(page).content.decode()
    assert "台账" in shown
    form = {
        "name": "柳\u202e二", "ethnic": "汉族", "education": "中等专业学校", "class_name": "汽修2301", "phone": "13900000001",
        "reason": "",
    }  # fmt: skip
    refused = client.post(page, form).content.decode()
    assert "U+202E" in refused
    assert "这个字段是必填项" in refused
    red = Application.objects.get().applicant.photo_id
    upload = SimpleUploadedFile("新照片.jpg", photo("blue"))
    done = client.post(page, {**form, "name": "柳二", "reason": "身份证复核", "photo": upload}, follow=True)
    assert "已审核的考生信息已更正" in done.content.decode()
    applicant = Application.objects.get().applicant
    assert (applicant.name, applicant.photo_id) == ("柳二", files.digest_of(photo("blue")))
    assert red != applicant.photo_id
    assert "姓名 柳一 → 柳二" in last_note()


def test_the_later_of_two_who_correct_the_same_is_told(department: Department) -> None:
    application = applied(department, "submitted")
    client = Client()
    client.force_login(f.staff("R1", department=department), "django.contrib.auth.backends.ModelBackend")
    page = f"/applications/{application.pk}/person/"
    seen = client.get(page).content.decode().split('name="seen" value="')[1].split('"')[0]
    correct_person(head(department), application.person, {"class_name": "汽修2402"})
    form = {"name": "柳一", "ethnic": "汉族", "education": "中等专业学校", "class_name": "汽修2403", "seen": seen}
    assert "改动了" in client.post(page, form).content.decode()
    assert Person.objects.get().class_name == "汽修2402"
