"""What the page of results does not offer, its acts refuse: by route, by stage, by what was done before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.models import Batch
from assay.kernel import clock
from assay.kernel.models import OutboxMessage
from assay.kernel.refusals import Refused
from assay.results.acts import notices, outcomes
from assay.results.models import PublicNotice, Result, ResultReport
from tests import factories as f

pytestmark = pytest.mark.django_db
OFFICER = ("E9", "E3")


def passed(batch: Batch, **fields: object) -> Result:
    return Result.objects.create(
        application=f.application(batch), batch=batch, theory=Decimal(80), skill=Decimal(80), outcome="pass",
        computed_at=clock.now(), **fields,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def school() -> None:
    f.centre()


@pytest.mark.parametrize("route", ["direct", "process", "contest"])
@pytest.mark.parametrize("stage", ["notice", "closed"])
def test_results_of_other_routes_are_never_sent_up_or_released(route: str, stage: str, client: Client) -> None:
    batch = f.batch(route, stage)
    passed(batch)
    with pytest.raises(Refused, match="不上报也不发布"):
        outcomes.send_up(f.actor_with(*OFFICER), batch)
    with pytest.raises(Refused, match="不上报也不发布"):
        outcomes.release(f.actor_with(*OFFICER), batch)
    client.force_login(f.staff(*OFFICER))
    assert client.post(reverse("results:step", args=[batch.pk, "send-up"])).status_code == 409
    assert not OutboxMessage.objects.exists()
    assert not ResultReport.objects.exists()


@pytest.mark.parametrize("stage", ["exam", "notice", "certificates", "archive", "closed"])
def test_only_at_their_stage_results_go_up(stage: str) -> None:
    batch = f.batch("exam", stage)
    passed(batch)
    with pytest.raises(Refused, match="不能办理成绩上报"):
        outcomes.send_up(f.actor_with(*OFFICER), batch)


@pytest.mark.parametrize("stage", ["check", "notice", "closed"])
def test_only_at_their_stage_results_are_released(stage: str) -> None:
    batch = f.batch("exam", stage)
    passed(batch)
    ResultReport.objects.create(batch=batch, version=1, digest="0", count=1, state="approved", sent_at=clock.now())
    with pytest.raises(Refused, match="不能办理成绩上报和发布"):
        outcomes.release(f.actor_with(*OFFICER), batch)


@pytest.mark.parametrize("state", ["sent", "approved"])
def test_what_went_up_is_not_put_together_anew_before_it_comes_back(state: str) -> None:
    batch = f.batch("exam", "results")
    report = ResultReport.objects.create(batch=batch, version=1, digest="0", count=1, state=state, sent_at=clock.now())
    with pytest.raises(Refused, match="不能重新合成"):
        outcomes.compute(f.actor_with("E9"), batch)
    ResultReport.objects.filter(pk=report.pk).update(state="returned")
    outcomes.compute(f.actor_with("E9"), batch)


def test_a_list_on_notice_is_not_put_together_anew() -> None:
    batch = f.batch("contest", "notice")
    f.application(batch)
    outcomes.compute(f.actor_with("E9"), batch)
    notices.open_notice(f.actor_with("E3"), batch)
    with pytest.raises(Refused, match="已公示"):
        outcomes.compute(f.actor_with("E9"), batch)


def test_a_notice_is_opened_and_closed_at_its_stage_only() -> None:
    batch = f.batch("exam", "check")
    passed(batch)
    with pytest.raises(Refused, match="不能公示"):
        notices.open_notice(f.actor_with("E3"), batch)
    Batch.objects.filter(pk=batch.pk).update(stage="notice")
    notices.open_notice(f.actor_with("E3"), batch)
    with clock.moved_to(clock.now() + timedelta(days=30)):
        Batch.objects.filter(pk=batch.pk).update(stage="closed")
        with pytest.raises(Refused, match="没有公示可以结束"):
            notices.close_notice(f.actor_with("E3"), batch)
    assert PublicNotice.objects.get().closed_at is None


@pytest.mark.parametrize("stage", ["notice", "closed"])
def test_no_check_is_asked_for_after_its_stage(stage: str) -> None:
    result = passed(f.batch("exam", stage), released_at=clock.now())
    with pytest.raises(Refused, match="复核申请期已过"):
        outcomes.ask_check(f.actor_with("E3"), result, part="theory", reason="请核对")


@pytest.mark.parametrize(("route", "stage", "shown"), [("exam", "results", True), ("contest", "notice", False)])
def test_only_where_there_are_marks_their_means_are_shown(route: str, stage: str, shown: bool, client: Client) -> None:
    batch = f.batch(route, stage)
    passed(batch)
    client.force_login(f.staff(*OFFICER))
    page = client.get(reverse("results:batch", args=[batch.pk])).content.decode()
    assert ("理论平均" in page) is shown
    assert ("技能平均" in page) is shown


def test_a_report_and_a_notice_are_told_in_a_sentence() -> None:
    at = datetime(2027, 3, 1, 9, 5, tzinfo=clock.SHANGHAI)
    report = ResultReport(version=2, count=3, state="returned", sent_at=at, reason="缺签名")
    assert report.said == "成绩第 2 版（3 人）已退回，2027年3月1日 09:05 上报。缺签名"
    notice = PublicNotice(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 9), rows=[{}, {}])
    assert notice.said == "公示 2027年3月1日 至 2027年3月9日，2 人。"
    notice.closed_at = at
    assert notice.said.endswith("2 人，已结束。")
