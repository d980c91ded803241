"""What was returned, or was never handed in, is mended on its page by the department whose candidate it is: everything that a roster
says, handed in as one act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from assay.applications.acts.applying import Entry, centre_review, first_review
from assay.applications.acts.mending import mend
from assay.applications.models import Application, Evidence
from assay.batches.models import Batch
from assay.catalogue.models import EntryCondition
from assay.centre.models import Account, Department
from assay.kernel import clock, files, verification
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import photo

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 nothing in it"


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department(name="汽车工程系")


@pytest.fixture
def batch() -> Batch:
    """In review: its closing date has passed, and what is returned may still be mended. One job at two levels."""
    row = f.scope_row(levels=("4", "3"))
    today = clock.today()
    return f.batch(
        stage="review", lines=[(row, "4", 30), (row, "3", 30)], apply_from=today - timedelta(days=20),
        apply_to=today - timedelta(days=1),
    )  # fmt: skip


def condition(batch: Batch, level: str) -> EntryCondition:
    line = batch.lines.get(level__code=level)
    return EntryCondition.objects.get(
        standard_level__standard=line.scope_row.standard, standard_level__level=line.level
    )


def returned(batch: Batch, department: Department, state: str = "returned") -> Application:
    person = f.person(
        name="柳一", department=department, student_no="230101", graduates_on=clock.today() + timedelta(days=90),
        photo=files.keep(photo()), photo_on=clock.today(),
    )  # fmt: skip
    line = batch.lines.get(level__code="4")
    return f.application(
        batch, state, person=person, department=department, line=line, condition=condition(batch, "4"), pledged=True,
        reason="等级填错，原证书编号没有填",
    )  # fmt: skip


def head(department: Department) -> Account:
    return f.staff("R1", department=department)


def signed_in(account: Account) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


def as_shown(client: Client, application: Application) -> dict[str, object]:
    """The fields of the page as they stand, with what the page says that it showed."""
    page = client.get(reverse("applications:mend", args=[application.pk]))
    assert page.status_code == 200
    form = next(one for one in html.fromstring(page.content.decode()).forms if one.get("enctype"))
    return {name: value or "" for name, value in form.form_values() if name not in ("photo", "evidence")}


def test_level_condition_original_certificate_and_person_are_mended_and_handed_in_at_once(
    batch: Batch, department: Department
) -> None:
    application = returned(batch, department)
    browser = signed_in(head(department))
    fields = as_shown(browser, application)
    line = batch.lines.get(level__code="3")
    fields |= {
        "line": line.pk, "condition": condition(batch, "3").pk, "prior_certificate": "S000041000000244000001", "work_years": 2,
        "class_name": "汽修2304", "graduates_on": "2027-07", "theory": "resit",
        "evidence": SimpleUploadedFile("四级证书.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    page = browser.post(reverse("applications:mend", args=[application.pk]), fields)
    assert page.status_code == 302, page.content.decode()
    application.refresh_from_db()
    assert (application.state, application.reason, application.line_id) == ("submitted", "", line.pk)
    assert (application.prior_certificate, application.work_years, application.theory) == (
        "S000041000000244000001", 2, "resit",
    )  # fmt: skip
    assert (application.applicant.class_name, application.person.class_name) == ("汽修2304", "汽修2304")
    assert application.applicant.graduates_on == date(2027, 7, 1)
    assert [paper.title for paper in Evidence.objects.filter(application=application)] == ["四级证书.pdf"]
    entry = LedgerEntry.objects.order_by("-seq")[0]
    assert entry.act == "applications.mend"
    assert "班级" in entry.note
    assert not [x for x in verification.verify().findings if "被改动" in x.what]


def test_what_is_still_wrong_is_said_at_once_and_nothing_has_changed(batch: Batch, department: Department) -> None:
    application = returned(batch, department)
    browser = signed_in(head(department))
    fields = as_shown(browser, application) | {"line": batch.lines.get(level__code="3").pk, "class_name": "汽修2304"}
    page = browser.post(reverse("applications:mend", args=[application.pk]), fields)
    assert page.status_code == 422
    said = page.content.decode()
    assert "不属于" in said
    assert 'value="汽修2304"' in said
    application.refresh_from_db()
    assert (application.state, application.applicant.class_name != "汽修2304") == ("returned", True)
    assert LedgerEntry.objects.filter(act="applications.mend").count() == 0


def test_another_department_neither_sees_nor_mends_it_and_the_centre_does_both(
    batch: Batch, department: Department
) -> None:
    application, other = returned(batch, department), f.department(name="机电工程系")
    stranger = head(other)
    assert signed_in(stranger).get(reverse("applications:mend", args=[application.pk])).status_code == 404
    entry = Entry(line=application.line, condition=application.condition, pledged=True)
    with pytest.raises(Refused, match="登记在“汽车工程系”，不属于您的系部"):
        mend(f.actor_with("R1", account=stranger), application, changes={"class_name": "被改"}, entry=entry)
    centre = signed_in(f.staff("E5"))
    fields = as_shown(centre, application) | {"class_name": "汽修2309"}
    assert centre.post(reverse("applications:mend", args=[application.pk]), fields).status_code == 302


@pytest.mark.parametrize("state", ["submitted", "first_passed", "approved", "rejected", "withdrawn"])
def test_what_nobody_gave_back_is_not_mended(batch: Batch, department: Department, state: str) -> None:
    application = returned(batch, department, state)
    page = signed_in(head(department)).get(reverse("applications:mend", args=[application.pk]))
    assert "退回补正的和草稿才能补正后重新提交" in page.content.decode()
    assert "补正并提交</button>" not in page.content.decode()
    entry = Entry(line=application.line, condition=application.condition, pledged=True)
    with pytest.raises(Refused, match="才能补正后重新提交"):
        mend(f.actor_with("R1", account=head(department)), application, changes={}, entry=entry)


def test_a_name_is_mended_with_its_reason_only(batch: Batch, department: Department) -> None:
    application = returned(batch, department)
    browser = signed_in(head(department))
    fields = as_shown(browser, application) | {"name": "柳一一"}
    url = reverse("applications:mend", args=[application.pk])
    assert "更正姓名须写明原因" in browser.post(url, fields).content.decode()
    assert browser.post(url, fields | {"reason": "名册漏字"}).status_code == 302
    application.refresh_from_db()
    assert application.applicant.name == "柳一一"


def test_of_whom_another_batch_has_passed_only_the_application_is_mended(batch: Batch, department: Department) -> None:
    application = returned(batch, department)
    f.application(f.batch(stage="review"), "approved", person=application.person, department=department)
    browser = signed_in(head(department))
    fields = as_shown(browser, application)
    assert "class_name" not in fields
    assert browser.post(reverse("applications:mend", args=[application.pk]), fields).status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"


def test_whoever_mended_it_for_the_centre_does_not_review_it_there(batch: Batch, department: Department) -> None:
    application = returned(batch, department)
    officer = f.staff("E5", "E4")
    entry = Entry(line=application.line, condition=application.condition, pledged=True)
    mend(f.actor_with("E5", account=officer), application, changes={}, entry=entry)
    first_review(f.actor_with("R1", account=head(department)), [application], verdict="pass")
    with pytest.raises(Refused, match="录入报名与中心审核"):
        centre_review(f.actor_with("E4", account=officer), [application], verdict="pass")
