"""Two reviews by two people: in order, with reasons, each once; who looks at an old page is told so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assay.applications.acts import applying, exceptions
from assay.applications.models import Application, ReviewDecision
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.certificates.test_holders import certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """Handed in, with everything that its condition asks for."""
    f.centre()
    department = f.department()
    row = f.scope_row()
    major = f.major(department=department)
    row.majors.add(major)
    batch = f.batch("exam", stage="review", lines=[(row, "4", 10)])
    year = batch.exam_on.year + (batch.exam_on.month >= 7)
    person = f.person(department=department, major=major, student_no="1", graduates_on=f"{year}-06-30", photo=_photo())
    condition = row.standard.levels.get(level__code="4").conditions.get()
    made = f.application(
        batch, state="submitted", person=person, department=department, condition=condition, pledged=True
    )
    return Application.objects.get(pk=made.pk)


def _photo():
    from assay.kernel import files
    from tests.applications.rosters import photo

    return files.keep(photo())


def head_of(application: Application):
    account = f.staff("R1", department=application.department)
    return f.actor_with("R1", account=account)


def mend(application: Application) -> Application:
    """The department hands in again what it has of the application."""
    entry = applying.Entry(line=application.line, condition=application.condition, pledged=True)
    return applying.hand_in(head_of(application), batch=application.batch, person=application.person, entry=entry)


def test_both_reviews_pass_one_after_the_other(application: Application) -> None:
    applying.first_review(head_of(application), [application], verdict="pass")
    applying.centre_review(f.actor_with("E4"), [application], verdict="pass")
    application.refresh_from_db()
    assert application.state == "approved"
    assert list(ReviewDecision.objects.values_list("step", "verdict")) == [("first", "pass"), ("centre", "pass")]


def test_the_centre_cannot_come_before_the_department(application: Application) -> None:
    with pytest.raises(Refused, match="不在本环节"):
        applying.centre_review(f.actor_with("E4"), [application], verdict="pass")


def test_two_people_at_once_the_second_is_told(application: Application) -> None:
    stale = Application.objects.get(pk=application.pk)
    applying.first_review(head_of(application), [application], verdict="pass")
    with pytest.raises(Refused, match="不在本环节"):
        applying.first_review(head_of(application), [stale], verdict="return", reason="照片不清")
    assert ReviewDecision.objects.count() == 1


def test_a_department_reviews_its_own_only(application: Application) -> None:
    stranger = f.actor_with("R1", account=f.staff("R1", department=f.department()))
    with pytest.raises(Refused, match="不属于您的系部"):
        applying.first_review(stranger, [application], verdict="pass")


def test_a_return_needs_a_reason_and_a_post_without_the_duty_may_not_decide(application: Application) -> None:
    with pytest.raises(Refused, match="原因"):
        applying.first_review(head_of(application), [application], verdict="return")
    with pytest.raises(NotAllowed):
        applying.centre_review(f.actor_with("E9"), [application], verdict="pass")


def test_what_was_returned_is_mended_during_the_review_though_the_closing_date_is_over(
    application: Application,
) -> None:
    applying.first_review(head_of(application), [application], verdict="return", reason="照片不清")
    mended = mend(application)
    assert mended.state == "submitted"


def test_what_was_never_handed_in_comes_too_late_in_the_review(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(state="draft")
    with pytest.raises(Refused, match="不接受报名"):
        mend(application)


def test_who_does_not_meet_the_condition_cannot_be_passed(application: Application) -> None:
    applicant = application.applicant
    applicant.major = f.major()
    applicant.save()
    with pytest.raises(Refused, match="不对应"):
        applying.first_review(head_of(application), [application], verdict="pass")
    application.refresh_from_db()
    assert application.state == "submitted"


STEPS: dict[str, Callable[[Application], object]] = {
    "returned": lambda application: mend(application),
    "submitted": lambda application: applying.first_review(head_of(application), [application], verdict="pass"),
    "first_passed": lambda application: applying.centre_review(f.actor_with("E4"), [application], verdict="pass"),
}
"""What brings an application on, by the state that it is in."""


@pytest.mark.parametrize("state", ["submitted", "first_passed"])
def test_neither_review_passes_a_part_that_is_left_out_on_nothing(application: Application, state: str) -> None:
    Application.objects.filter(pk=application.pk).update(state=state)
    exceptions.set_parts(f.actor_with("E5"), application, {"skill": "exempt"})
    with pytest.raises(Refused, match="技能免考没有依据"):
        STEPS[state](application)
    assert Application.objects.get().state == state
    assert not ReviewDecision.objects.exists()
    paper = {"basis": "省赛一等奖", "number": "1号", "content": b"%PDF-1.4 example"}
    exceptions.exempt(f.actor_with("E5"), application, part="skill", **paper)
    STEPS[state](application)
    assert Application.objects.get().state != state


@pytest.mark.parametrize("state", STEPS)
def test_who_holds_the_same_in_force_comes_no_further_until_the_centre_admits_it(
    application: Application, state: str
) -> None:
    held = certificate(application.person, application.line.scope_row)
    mine = Application.objects.filter(pk=application.pk)
    mine.update(state=state)
    with pytest.raises(Refused, match=f"已持有同工种同等级的证书 {held.number}"):
        STEPS[state](application)
    assert mine.get().state == state
    exceptions.admit_again(f.actor_with("E4"), application, reason="工种更名后换领")
    STEPS[state](application)
    assert mine.get().state != state
