"""A review decides over what the reviewer saw; what was passed once is not changed by who passed it, nor by one hand alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts import applying, correcting, exceptions
from assay.applications.basis import taken_by
from assay.applications.models import Application, Person
from assay.centre.actors import actor_of
from assay.centre.models import Account, Department
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.results.models import Result
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department()


@pytest.fixture
def application(department: Department) -> Application:
    made = f.application(f.batch("exam", stage="review"), state="submitted", department=department)
    Person.objects.filter(pk=made.person_id).update(department=department)
    return Application.objects.get(pk=made.pk)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, BACKEND)
    return client


def as_shown(client: Client, url: str) -> dict[str, list[str]]:
    """What the page's form would send of what it shows: the tokens of the page, and of each line."""
    page = client.get(url).content.decode()
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(seen(?:-\d+)?)" value="(applications\.[^"]+)"', page):
        found.setdefault(name, []).append(value)
    return found


def reviewed(client: Client, application: Application, sent: dict[str, Any]) -> str:
    """What the page says after 退回补正."""
    address = reverse("applications:decide", args=["first"])
    given = {**sent, "chosen": [application.pk], "verdict": "return", "reason": "请补学号"}
    return client.post(address, given, follow=True).content.decode()


@pytest.mark.parametrize("page", ["detail", "list"])
@pytest.mark.parametrize("changed", ["applicant", "parts"])
def test_what_was_changed_after_the_page_was_opened_is_not_decided_unseen(
    application: Application, department: Department, page: str, changed: str
) -> None:
    head = signed_in(f.staff("R1", department=department))
    url = reverse("applications:detail", args=[application.pk]) if page == "detail" else reverse("applications:list")
    sent = as_shown(head, url)
    assert sum(map(len, sent.values())) >= 2
    officer = actor_of(f.staff("E5"))
    if changed == "applicant":
        correcting.correct_person(officer, application.person, {"class_name": "别的班"})
    else:
        exceptions.set_parts(officer, application, {"skill": "resit"})
    assert "页面打开后" in reviewed(head, application, sent)
    application.refresh_from_db()
    assert application.state == "submitted"
    assert "已办理 1 份" in reviewed(head, application, as_shown(head, url))


def test_a_line_that_is_not_ticked_holds_up_nobody(application: Application, department: Department) -> None:
    other = f.application(application.batch, state="submitted", department=department)
    head = signed_in(f.staff("R1", department=department))
    sent = as_shown(head, reverse("applications:list"))
    correcting.correct_person(actor_of(f.staff("E5")), other.person, {"class_name": "别的班"})
    assert "已办理 1 份" in reviewed(head, application, sent)


def test_what_the_department_passed_it_does_not_change_any_more(
    application: Application, department: Department
) -> None:
    head, centre = actor_of(f.staff("R1", department=department)), actor_of(f.staff("E5"))
    exceptions.set_parts(head, application, {"skill": "resit"})
    Application.objects.filter(pk=application.pk).update(state="first_passed")
    with pytest.raises(Refused, match="系部初审已通过"):
        exceptions.set_parts(head, application, {"skill": "first"})
    with pytest.raises(Refused, match="系部初审已通过"):
        exceptions.exempt(head, application, part="skill", basis="省赛", number="1", content=b"%PDF-1.4")
    exceptions.set_parts(centre, application, {"skill": "first"})
    application.refresh_from_db()
    assert application.skill == "first"


@pytest.mark.parametrize("changed", ["parts", "applicant"])
def test_who_changed_what_was_passed_does_not_decide_over_it(application: Application, changed: str) -> None:
    Application.objects.filter(pk=application.pk).update(state="first_passed")
    application.refresh_from_db()
    one = actor_of(f.staff("E4", "E5"))
    if changed == "parts":
        exceptions.set_parts(one, application, {"skill": "resit"})
    else:
        correcting.correct_applicant(one, application, {"class_name": "别的班"}, reason="学籍系统如此")
    with pytest.raises(Refused, match="须由不同的人办理"):
        applying.centre_review(one, [application], verdict="return", reason="请补学号")
    (done,) = applying.centre_review(actor_of(f.staff("E4")), [application], verdict="return", reason="请补学号")
    assert done.verdict == "return"


def test_reviewers_are_told_that_the_same_was_applied_for_in_another_batch_that_goes_on(
    application: Application, department: Department
) -> None:
    line = application.line
    lines = [(line.scope_row, line.level.code, 30)]
    other = f.application(
        f.batch("exam", name="另一批次", stage="review", lines=lines), person=application.person, department=department
    )
    head = signed_in(f.staff("R1", department=department))
    page, listed = reverse("applications:detail", args=[application.pk]), reverse("applications:list")
    said = f"还在 “另一批次”（{other.get_state_display()}） 报名"
    assert f"{said}，只能取得一次证书" in head.get(page).content.decode()
    assert "重复报名" in head.get(listed).content.decode()
    for state, stage in (("withdrawn", "review"), (other.state, "closed")):
        Application.objects.filter(pk=other.pk).update(state=state)
        other.batch.__class__.objects.filter(pk=other.batch_id).update(stage=stage)
        assert "还在" not in head.get(page).content.decode()


def test_reviewers_are_told_of_a_resit_of_which_nothing_is_known(
    application: Application, department: Department
) -> None:
    exceptions.set_parts(actor_of(f.staff("E5")), application, {"theory": "resit"})
    page = reverse("applications:detail", args=[application.pk])
    head, said = signed_in(f.staff("R1", department=department)), "理论填了补考，本系统没有其此前参加该科的记录"
    assert said in head.get(page).content.decode()
    line = application.line
    before = f.batch("exam", stage="closed", lines=[(line.scope_row, line.level.code, 30)])
    earlier = f.application(before, person=application.person, state="approved")
    Result.objects.create(
        application=earlier, batch=before, theory="41.0", skill="80.0", outcome="fail", computed_at=clock.now()
    )
    application.refresh_from_db()
    assert [one.doubt for one in taken_by([application])[0]] == ["", ""]
    assert said not in head.get(page).content.decode()
