"""A score check keeps the mark or takes over what the sheet comes to when it is marked again, once another person has confirmed;
what was corrected goes up to the province again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Account
from assay.exam.models import TheorySheet, WrittenAnswer
from assay.kernel import clock, gates
from assay.kernel.acts import Actor
from assay.kernel.models import OutboxMessage
from assay.kernel.refusals import Refused
from assay.marking.models import WrittenMark
from assay.results.acts import checks, notices, outcomes
from assay.results.gates import check_window_is_over, corrections_are_reviewed
from assay.results.models import PublicNotice, Result, ResultReport, ScoreCheck
from tests import factories as f

pytestmark = pytest.mark.django_db
OFFICER = ("E9", "E3")


CONTENT = [f.item(1, "60"), f.item(2, "40")]


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", stage="check")


@pytest.fixture
def result(batch: Batch) -> Result:
    """Failed theory by one mark that the sheet is better than; sent up, approved and released."""
    application = f.application(batch)
    f.theory_sheet(application, CONTENT, {"1": "A", "2": "B"})
    result = Result.objects.create(
        application=application, batch=batch, theory=Decimal(59), skill=Decimal(80), outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    officer = f.actor_with(*OFFICER)
    Batch.objects.filter(pk=batch.pk).update(stage="results")
    approve(outcomes.send_up(officer, batch))
    Batch.objects.filter(pk=batch.pk).update(stage="check")
    return result


@pytest.fixture
def officer() -> Actor:
    return f.actor_with(*OFFICER, account=f.staff(*OFFICER))


@pytest.fixture
def director() -> Actor:
    return f.actor_with("L2", account=f.staff("L2"))


def approve(report: ResultReport) -> None:
    outcomes.record_answer(f.actor_with("E9"), report, state="approved", reason="", at=clock.now())


def asked(result: Result, part: str = "theory") -> ScoreCheck:
    return outcomes.ask_check(f.actor_with("E3"), result, part=part, reason="少算一题")


def test_nobody_types_a_mark_the_sheet_alone_says_the_new_one(
    result: Result, officer: Actor, director: Actor, client: Client
) -> None:
    check = asked(result)
    assert officer.account_id is not None
    client.force_login(Account.objects.get(pk=officer.account_id))
    page = client.get(reverse("results:batch", args=[result.batch_id])).content.decode()
    assert "系统按答卷和标准答案重判 <b>60.0</b>" in page
    assert 'name="after"' not in page
    url = reverse("results:answer_check", args=[check.pk])
    client.post(url, {"after": "91", "finding": "少算一题", "take_over": "1"})
    check.refresh_from_db()
    result.refresh_from_db()
    assert (check.state, check.after, result.theory) == ("answered", Decimal("60.0"), Decimal(59))
    checks.confirm_check(director, check)
    result.refresh_from_db()
    assert (result.theory, result.outcome) == (Decimal(60), "pass")


def test_the_table_takes_no_mark_beyond_a_hundred(result: Result) -> None:
    for wrong in ({"theory": Decimal(101)}, {"skill": Decimal(-1)}, {"theory_absent": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Result.objects.filter(pk=result.pk).update(**wrong)


def test_an_answer_counts_only_once_another_person_has_confirmed(
    batch: Batch, result: Result, officer: Actor, director: Actor
) -> None:
    check = checks.answer_check(officer, asked(result), finding="少算一题", take_over=True)
    assert check.get_state_display() == "待复核人确认"
    assert [b.text for b in check_window_is_over(batch) if "确认" in b.text] == ["1 份复核答复未经另一人确认"]
    with pytest.raises(Refused, match=r"答复成绩复核与确认须由不同的人办理：.*已由您办理“答复成绩复核”，请换一人"):
        checks.confirm_check(officer, check)
    with pytest.raises(Refused, match="本人登录"):
        checks.confirm_check(f.actor_with("L2"), check)
    with pytest.raises(Refused, match="已答复"):
        checks.answer_check(f.actor_with("E9", account=f.staff("E9")), check, finding="再答")
    result.refresh_from_db()
    assert result.theory == Decimal(59)
    checks.confirm_check(director, check)
    with pytest.raises(Refused, match="没有待确认"):
        checks.confirm_check(director, check)
    assert [b.text for b in check_window_is_over(batch) if "复核答复" in b.text] == []


def test_who_does_not_confirm_sends_the_answer_back(result: Result, officer: Actor, director: Actor) -> None:
    check = checks.answer_check(officer, asked(result), finding="无误")
    with pytest.raises(Refused, match="退回重办的原因"):
        checks.send_back_check(director, check, reason=" ")
    checks.send_back_check(director, check, reason="重判与原成绩不同，请采用")
    check = checks.answer_check(officer, check, finding="少算一题", take_over=True)
    checks.confirm_check(director, check)
    result.refresh_from_db()
    assert result.outcome == "pass"


def test_both_persons_find_their_work_on_the_page(
    result: Result, officer: Actor, director: Actor, client: Client
) -> None:
    check = asked(result)
    page, answer = reverse("results:batch", args=[result.batch_id]), reverse("results:answer_check", args=[check.pk])
    confirm = reverse("results:confirm_check", args=[check.pk])
    client.force_login(Account.objects.get(pk=officer.account_id or 0))
    client.post(answer, {"finding": "少算一题", "take_over": "1"})
    assert "确认答复" not in client.get(page).content.decode()
    assert client.post(confirm).status_code == 409
    client.force_login(Account.objects.get(pk=director.account_id or 0))
    shown = client.get(page).content.decode()
    assert "拟采用重评成绩 <b>60.0</b>" in shown
    assert "确认答复" in shown
    assert "已确认：更正" in client.post(confirm, follow=True).content.decode()


def test_who_confirms_reads_what_follows_from_it(
    result: Result, officer: Actor, director: Actor, client: Client
) -> None:
    check = checks.answer_check(officer, asked(result), finding="无误")
    client.force_login(Account.objects.get(pk=director.account_id or 0))
    page = reverse("results:batch", args=[result.batch_id])
    shown = client.get(page).content.decode()
    assert 'data-confirm="维持原成绩，不须重新上报。确认后不能再改，确定吗？"' in shown
    assert "还须重新上报" not in shown
    checks.send_back_check(director, check, reason="少算一题")
    checks.answer_check(officer, check, finding="少算一题", take_over=True)
    assert "成绩由 59.0 更正为 60.0，确认后不能再改，还须重新上报省平台" in client.get(page).content.decode()


def test_absence_never_becomes_a_mark(result: Result, officer: Actor, client: Client) -> None:
    Result.objects.filter(pk=result.pk).update(theory=None, theory_absent=True)
    check = asked(Result.objects.get(pk=result.pk))
    with pytest.raises(Refused, match=r"缺考没有作答，复核不能给出成绩.*另行安排考试"):
        checks.answer_check(officer, check, finding="到场了", take_over=True)
    client.force_login(Account.objects.get(pk=officer.account_id or 0))
    page = client.get(reverse("results:batch", args=[result.batch_id])).content.decode()
    assert "缺考没有作答" in page
    assert "采用重评成绩" not in page


def test_a_sheet_that_was_altered_gives_no_mark(result: Result, officer: Actor) -> None:
    TheorySheet.objects.update(answers={"1": "A", "2": "A"})
    with pytest.raises(Refused, match="校验码不符"):
        checks.answer_check(officer, asked(result), finding="少算一题", take_over=True)


def test_who_marked_a_written_answer_neither_answers_nor_confirms(
    result: Result, officer: Actor, director: Actor
) -> None:
    sheet = TheorySheet.objects.get()
    answer = WrittenAnswer.objects.create(sheet=sheet, item=3, text="答", full=Decimal(10), mark=Decimal(5))
    for actor in (officer, director):
        member = f.member("examiner", account=Account.objects.get(pk=actor.account_id or 0))
        WrittenMark.objects.create(answer=answer, member=member, mark=Decimal(5), at=clock.now())
    check = asked(result)
    with pytest.raises(Refused, match="参加过该科目的评分"):
        checks.answer_check(officer, check, finding="无误")
    other = f.actor_with("E9", account=f.staff("E9"))
    check = checks.answer_check(other, check, finding="重判", take_over=True)
    assert check.after == Decimal("65.0")
    with pytest.raises(Refused, match="参加过该科目的评分"):
        checks.confirm_check(director, check)


def test_who_marked_the_part_is_offered_neither(
    result: Result, officer: Actor, director: Actor, client: Client
) -> None:
    check, sheet = asked(result), TheorySheet.objects.get()
    answer = WrittenAnswer.objects.create(sheet=sheet, item=3, text="答", full=Decimal(10), mark=Decimal(5))
    accounts = [Account.objects.get(pk=who.account_id or 0) for who in (officer, director)]
    for account in accounts:
        WrittenMark.objects.create(
            answer=answer, member=f.member("examiner", account=account), mark=Decimal(5), at=clock.now()
        )
    page = reverse("results:batch", args=[result.batch_id])
    client.force_login(accounts[0])
    assert "维持原成绩" not in client.get(page).content.decode()
    other = f.staff("E9")
    client.force_login(other)
    assert "维持原成绩</button>" in client.get(page).content.decode()
    checks.answer_check(f.actor_with("E9", account=other), check, finding="无误")
    client.force_login(accounts[1])
    assert "确认答复" not in client.get(page).content.decode()


def test_the_page_costs_the_same_however_many_checks_there_are(
    batch: Batch, result: Result, officer: Actor, client: Client
) -> None:
    client.force_login(Account.objects.get(pk=officer.account_id or 0))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("results:batch", args=[batch.pk]))
        return len(found)

    for part in ("theory", "skill"):
        asked(result, part)
    few = queries()
    for _ in range(3):
        another = Result.objects.create(
            application=f.application(batch), batch=batch, theory=Decimal(59), skill=Decimal(80), outcome="fail",
            computed_at=clock.now(), released_at=clock.now(),
        )  # fmt: skip
        for part in ("theory", "skill"):
            asked(another, part)
    assert queries() <= few


def test_after_its_stage_no_check_is_answered(batch: Batch, result: Result, officer: Actor) -> None:
    check = asked(result)
    Batch.objects.filter(pk=batch.pk).update(stage="notice")
    with pytest.raises(Refused, match="成绩复核已结束"):
        checks.answer_check(officer, check, finding="无误")


def test_a_corrected_mark_holds_the_batch_until_the_province_has_reviewed_it(
    batch: Batch, result: Result, officer: Actor, director: Actor
) -> None:
    check = asked(result)
    with pytest.raises(Refused, match="不能重复上报"):
        outcomes.send_up(officer, batch)
    check = checks.answer_check(officer, check, finding="少算一题", take_over=True)
    with pytest.raises(Refused, match="不能重复上报"):
        outcomes.send_up(officer, batch)
    checks.confirm_check(director, check)
    result.refresh_from_db()
    assert (result.theory, result.outcome) == (Decimal(60), "pass")
    assert [b.text for b in corrections_are_reviewed(batch)] == ["1 项成绩经复核更正，尚未重新上报"]
    report = outcomes.send_up(officer, batch)
    assert report.version == 2
    assert OutboxMessage.objects.get(key__startswith=f"results-{batch.code}-2").payload["rows"][0]["theory"] == "60.0"
    assert [b.waits_for for b in corrections_are_reviewed(batch)] == ["省中心"]
    approve(report)
    assert list(corrections_are_reviewed(batch)) == []


def test_a_mark_that_is_kept_need_not_go_up_again(
    batch: Batch, result: Result, officer: Actor, director: Actor
) -> None:
    checks.confirm_check(director, checks.answer_check(officer, asked(result), finding="无误"))
    assert list(corrections_are_reviewed(batch)) == []
    with pytest.raises(Refused, match="不能重复上报"):
        outcomes.send_up(officer, batch)


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
