"""A score check keeps the mark or corrects it, within a hundred; what was corrected goes up to the province again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assay.batches.models import Batch
from assay.kernel import clock, gates
from assay.kernel.models import OutboxMessage
from assay.kernel.refusals import Refused
from assay.results import acts, notices
from assay.results.gates import corrections_are_reviewed
from assay.results.models import PublicNotice, Result, ResultReport, ScoreCheck
from tests import factories as f

pytestmark = pytest.mark.django_db
OFFICER = ("E9", "E3")


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", stage="check")


@pytest.fixture
def result(batch: Batch) -> Result:
    """Failed theory by one mark; sent up, approved and released."""
    result = Result.objects.create(
        application=f.application(batch), batch=batch, theory=Decimal(59), skill=Decimal(80), outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    officer = f.actor_with(*OFFICER)
    approve(acts.send_up(officer, batch))
    return result


def approve(report: ResultReport) -> None:
    acts.record_answer(f.actor_with("E9"), report, state="approved", reason="", at=clock.now())


def asked(result: Result) -> ScoreCheck:
    return acts.ask_check(f.actor_with("E3"), result, part="theory", reason="少算一题")


@pytest.mark.parametrize("typed", ["160", "-1", "60.55", "NaN", "Infinity", "六十", "1e9"])
def test_a_mark_that_is_not_of_a_hundred_is_refused_and_nothing_is_changed(
    result: Result, client: Client, typed: str
) -> None:
    check = asked(result)
    client.force_login(f.staff(*OFFICER))
    reply = client.post(reverse("results:answer_check", args=[check.pk]), {"after": typed, "finding": "少算一题"})
    assert f"“{typed}”应为 0–100 的数" in reply.content.decode()
    check.refresh_from_db()
    result.refresh_from_db()
    assert (check.state, result.theory, result.outcome) == ("asked", Decimal(59), "fail")


def test_the_act_itself_takes_no_such_mark_and_neither_does_the_table(result: Result) -> None:
    with pytest.raises(Refused, match="0–100"):
        acts.answer_check(f.actor_with("E9"), asked(result), finding="少算一题", after=Decimal("100.1"))
    for wrong in ({"theory": Decimal(101)}, {"skill": Decimal(-1)}, {"theory_absent": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Result.objects.filter(pk=result.pk).update(**wrong)


def test_a_corrected_mark_holds_the_batch_until_the_province_has_reviewed_it(batch: Batch, result: Result) -> None:
    officer = f.actor_with(*OFFICER)
    check = asked(result)
    with pytest.raises(Refused, match="不能重复上报"):
        acts.send_up(officer, batch)
    acts.answer_check(officer, check, finding="少算一题", after=Decimal("60.0"))
    result.refresh_from_db()
    assert (result.theory, result.outcome) == (Decimal(60), "pass")
    assert [b.text for b in corrections_are_reviewed(batch)] == ["1 项成绩经复核更正，尚未重新上报"]
    report = acts.send_up(officer, batch)
    assert report.version == 2
    assert OutboxMessage.objects.get(key__startswith=f"results-{batch.code}-2").payload["rows"][0]["theory"] == "60.0"
    assert [b.waits_for for b in corrections_are_reviewed(batch)] == ["省中心"]
    approve(report)
    assert list(corrections_are_reviewed(batch)) == []


def test_a_mark_that_is_kept_need_not_go_up_again(batch: Batch, result: Result) -> None:
    officer = f.actor_with(*OFFICER)
    acts.answer_check(officer, asked(result), finding="无误")
    assert list(corrections_are_reviewed(batch)) == []
    with pytest.raises(Refused, match="不能重复上报"):
        acts.send_up(officer, batch)


def test_an_objection_is_answered_by_the_supervision_group_who_see_how_to_reach_the_objector(
    batch: Batch, result: Result, client: Client
) -> None:
    Batch.objects.filter(pk=batch.pk).update(stage="notice")
    Result.objects.filter(pk=result.pk).update(theory=60, outcome="pass")
    officer, group = f.staff("E3", "E9"), f.staff("Q6")
    notices.open_notice(f.actor_with("E3"), batch)
    notice = PublicNotice.objects.get(batch=batch)
    objection = notices.raise_objection(
        f.actor_with("SYS"), notice, name="示例人", contact="0371-55550000", text="名单有误"
    )
    page, answer = reverse("results:batch", args=[batch.pk]), reverse("results:answer_objection", args=[objection.pk])
    client.force_login(officer)
    shown = client.get(page).content.decode()
    assert "由督导组处理" in shown
    assert "0371-55550000" not in shown
    assert client.post(answer, {"answer": "无误"}).status_code == 403
    client.force_login(group)
    assert "0371-55550000" in client.get(page).content.decode()
    client.post(answer, {"answer": "经核查无误"})
    objection.refresh_from_db()
    assert (objection.answer, objection.answered_by) == ("经核查无误", group.name)


def test_a_check_waits_for_the_officer_as_soon_as_the_results_are_released(batch: Batch, result: Result) -> None:
    assert not [b for b in gates.todos("results", batch) if "复核" in b.text]
    asked(result)
    assert [b.text for b in gates.todos("results", batch) if "复核" in b.text] == ["1 份复核申请待答复"]


def test_no_objection_is_offered_after_the_last_day_of_the_notice(batch: Batch, result: Result, client: Client) -> None:
    Batch.objects.filter(pk=batch.pk).update(stage="notice")
    Result.objects.filter(pk=result.pk).update(theory=60, outcome="pass")
    notice = notices.open_notice(f.actor_with("E3"), batch)
    url = reverse("portal:public_notice", args=[notice.pk])
    assert "提出异议" in client.get(url).content.decode()
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert "公示期已满，不再受理异议" in client.get(url).content.decode()
        notices.close_notice(f.actor_with("E3"), batch)
    assert notice.title not in client.get("/").content.decode()
