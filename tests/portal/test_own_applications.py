"""What a candidate's page says of an application, and what it offers to do with it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assay.applications.acts.withdrawing import withdraw
from assay.applications.models import Application
from assay.batches.models import Batch
from assay.certificates.models import Certificate
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused
from assay.portal.candidate_views import what_may_change
from assay.portal.own_applications import OwnApplication, applications_of, as_seen_by
from assay.results.models import Result
from tests import factories as f

pytestmark = pytest.mark.django_db


def seen(application: Application) -> OwnApplication:
    account = application.person.account or f.candidate(application.person)
    candidate = Actor(account.pk, account.name, frozenset({"C1"}))
    [one] = as_seen_by(candidate, list(applications_of(application.person)))
    return one


def released(application: Application, **marks: Decimal) -> Result:
    return Result.objects.create(
        application=application, batch=application.batch, outcome="pass", computed_at=clock.now(),
        released_at=clock.now(), **marks,
    )  # fmt: skip


def certified(application: Application, state: str) -> Certificate:
    return Certificate.objects.create(
        application=application, number="S000041000123264000001", name="柳一", id_number="1", id_index="1",
        occupation_code="1", occupation="示例", level_code="4", level_title="四级", issued_on=clock.today(), state=state,
        withdrawn_at=clock.now() if state == "withdrawn" else None,
    )  # fmt: skip


def test_it_says_in_a_word_how_far_it_has_come() -> None:
    application = f.application(f.batch("exam", stage="check"))
    assert (seen(application).standing, seen(application).tone) == ("审核通过", "blue")
    released(application)
    assert (seen(application).standing, seen(application).tone) == ("成绩已公布", "blue")
    certificate = certified(application, "issued")
    assert (seen(application).standing, seen(application).tone) == ("已发证", "green")
    certificate.state = "withdrawn"
    certificate.save()
    assert (seen(application).standing, seen(application).tone) == ("证书已撤销", "red")


def test_marks_are_said_once_released_and_a_part_without_one_by_a_dash() -> None:
    application = f.application(f.batch("exam", stage="check"))
    result = released(application, theory=Decimal("61.5"))
    assert seen(application).marks_said == "理论 61.5，技能 —"
    result.released_at = None
    result.save()
    assert (seen(application).marks_said, seen(application).result, seen(application).ask_check) == ("", None, None)


def test_a_withdrawn_certificate_is_named_with_its_day_and_a_ground() -> None:
    application = f.application(f.batch("exam", stage="certificates"))
    certified(application, "withdrawn")
    day = clock.today()
    assert seen(application).withdrawal_said == (
        f"证书 S000041000123264000001 已于 {day.year}年{day.month}月{day.day}日 撤销，不再有效。"
        "事由：其他原因。有疑问请向认定中心查询"
    )


@pytest.mark.parametrize("stage", ["apply", "review", "arrange"])
@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "rejected", "withdrawn"])
def test_taking_back_is_offered_exactly_when_it_would_be_done(stage: str, state: str) -> None:
    application = f.application(f.batch("exam", stage=stage), state=state)
    open_now = seen(application).withdraw.open
    assert open_now is (stage != "arrange" and state not in ("rejected", "withdrawn"))
    candidate = f.actor_with("C1", account=Application.objects.get().person.account)
    if open_now:
        assert withdraw(candidate, [application], reason="本人撤回").count == 1
        assert Application.objects.get().state == "withdrawn"
    else:
        with pytest.raises(Refused, match=r"不能再?撤回"):
            withdraw(candidate, [application], reason="本人撤回")
        assert Application.objects.get().state == state, "what was decided stays decided"


def test_what_may_still_be_changed_follows_the_days_of_applying() -> None:
    application = f.application(f.batch("exam", stage="apply"), state="submitted")
    day = application.batch.apply_to
    assert f"先撤回，再重新报名，{day.month}月{day.day}日 截止" in what_may_change(seen(application))
    Batch.objects.update(apply_from=clock.today() - timedelta(days=9), apply_to=clock.today() - timedelta(days=1))
    assert what_may_change(seen(application)).startswith("报名已经截止，撤回后不能再报")
    Batch.objects.update(stage="arrange")
    assert what_may_change(seen(application)) == ""


@pytest.mark.parametrize(("first", "offered"), [(-1, True), (1, False)])
def test_an_announcement_leads_to_applying_only_on_its_days(first: int, offered: bool) -> None:
    f.centre()
    today = clock.today()
    batch = f.batch("exam", stage="apply", apply_from=today + timedelta(days=first), apply_to=today + timedelta(days=5))
    page = Client().get(f"/announcements/{batch.pk}/").content.decode()
    assert (f'href="/my/apply/{batch.pk}/"' in page) is offered
    assert f"报名时间：{batch.apply_from.year}年{batch.apply_from.month}月{batch.apply_from.day}日 至 " in page


def test_before_taking_back_its_candidate_reads_what_that_costs() -> None:
    running = f.application(f.batch("exam", stage="apply"), state="submitted")
    assert seen(running).withdraw.confirm.startswith("撤回后可以在 ")
    past = f.batch("exam", stage="review", apply_to=clock.today() - timedelta(days=1))
    assert "这份报名已通过初审。" in seen(f.application(past, state="first_passed")).withdraw.confirm
    said = seen(f.application(past, state="approved")).withdraw.confirm
    assert said == "这份报名已审核通过。报名已经截止，撤回后本批次不能再报，不参加这次认定。确认撤回？"
