"""Score checks: what a sheet comes to when it is marked again, the answer, and the second person who confirms it.

Nobody types a mark. A theory sheet is marked again by the system, a panel's sheet by an examiner who had no part in it
(`marking.again`); whoever answers takes that mark over or keeps the former one, and it counts once another person has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.batches.stages import Stage
from assay.catalogue.parts import BY_PANEL, Part
from assay.exam.models import TheorySheet
from assay.exam.remarking import MarkedAgain
from assay.exam.remarking import mark_again as mark_theory_again
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.persons import person_of
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.marking.models import ExaminerScore, PanelSheet, Remarking, WrittenMark
from assay.results.composition import outcome_of
from assay.results.models import Result, ScoreCheck

CLAUSE = "工作方案 四(一)7"
STAGES = (Stage.RESULTS, Stage.CHECK)
ABSENT = (
    "缺考没有作答，复核不能给出成绩，只能维持。签到表、考场记录能证明考生到场的，请考务管理组查明后另行安排考试，"
    "或由考生报名参加下一批次"
)
MARKED = "您参加过该科目的评分或重评，复核须由其他人办理"
NOT_MARKED_AGAIN = "还没有重评：请未参加评分的考评员按纸质评分记录重新评分"


def marked_again(checks: Sequence[ScoreCheck]) -> dict[int, MarkedAgain]:
    """Of each check (pk) the mark that the sheet comes to when it is marked again, or why there is none; checks with their
    results at hand."""
    theory = [check for check in checks if check.part == Part.THEORY and not check.of_absence]
    sheets = TheorySheet.objects.filter(application__in=[check.result.application_id for check in theory], absent=False)
    by_system = mark_theory_again(list(sheets.select_related("seating__paper").prefetch_related("written")))
    by_examiner = {
        (one.sheet.application_id, one.sheet.part): one
        for one in Remarking.objects.filter(sheet__application__in=[check.result.application_id for check in checks])
        .select_related("sheet")
        .order_by("at", "pk")
    }
    found = {}
    for check in checks:
        of = check.result.application_id
        again = by_examiner.get((of, check.part))
        if check.of_absence:
            found[check.pk] = MarkedAgain(None, ABSENT)
        elif check.part == Part.THEORY:
            found[check.pk] = by_system.get(of, MarkedAgain(None, "没有收到答卷，不能重判"))
        elif again is None or not _since(check, again):
            found[check.pk] = MarkedAgain(None, NOT_MARKED_AGAIN)
        else:
            found[check.pk] = MarkedAgain(again.total)
    return found


def _since(check: ScoreCheck, again: Remarking) -> bool:
    """Whether it was marked again for this check, and after it was last sent back."""
    return again.at >= (check.sent_back_at or check.asked_at)


def sheets_to_mark_again() -> Iterable[int]:
    """Panel sheets that wait to be marked again, for the room `marking`."""
    asked = ScoreCheck.objects.filter(state=ScoreCheck.State.ASKED, part__in=BY_PANEL).select_related("result")
    waiting = {(check.result.application_id, check.part): check for check in asked}
    sheets = PanelSheet.objects.filter(application__in={of for of, _ in waiting}).prefetch_related("remarkings")
    for sheet in sheets:
        check = waiting.get((sheet.application_id, sheet.part))
        if check is not None and not any(_since(check, again) for again in sheet.remarkings.all()):
            yield sheet.pk


def marked_by(account: int, checks: Sequence[ScoreCheck]) -> set[int]:
    """Of these checks (pk) those whose part the person behind the account marked, or marked again; checks with their results at
    hand."""
    accounts, of = person_of(account).accounts, {check.result.application_id for check in checks}
    written = WrittenMark.objects.filter(answer__sheet__application__in=of, member__account__in=accounts)
    marked: set[tuple[int, str]] = {
        (pk, Part.THEORY) for pk in written.values_list("answer__sheet__application", flat=True)
    }
    for model in (ExaminerScore, Remarking):
        rows = model._default_manager.filter(sheet__application__in=of, member__account__in=accounts)
        marked |= set(rows.values_list("sheet__application", "sheet__part"))
    return {check.pk for check in checks if (check.result.application_id, check.part) in marked}


def require_asked(check: ScoreCheck) -> None:
    """Raises Refused unless the check waits to be answered while its batch takes score checks."""
    _require(check, ScoreCheck.State.ASKED, "该复核已答复")


def require_answered(check: ScoreCheck) -> None:
    """Raises Refused unless an answer waits for another person while the batch takes score checks."""
    _require(check, ScoreCheck.State.ANSWERED, "该复核没有待确认的答复")


def _require(check: ScoreCheck, state: ScoreCheck.State, otherwise: str) -> None:
    if check.state != state:
        raise Refused(otherwise, CLAUSE)
    batch = check.result.batch
    if batch.stage not in STAGES:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，成绩复核已结束", CLAUSE)


@act("results.answer_check", duty="E9", title="答复成绩复核", clause="四(一)7", guard=require_asked)
def answer_check(ctx: Context, check: ScoreCheck, *, finding: str, take_over: bool = False) -> ScoreCheck:
    """Keep the mark, or take over the one that marking the sheet again came to; in force once another person has confirmed."""
    check = _locked(check)
    require_asked(check)
    _require_another(ctx, check)
    if not finding.strip():
        raise Refused("请写明复核意见", CLAUSE)
    after = None
    if take_over:
        again = marked_again([check])[check.pk]
        if again.mark is None:
            raise Refused(again.problem, CLAUSE)
        after = again.mark
    check.state, check.after, check.finding = ScoreCheck.State.ANSWERED, after, uncut(finding, 300, "复核情况")
    check.by, check.by_account_id, check.answered_at = ctx.actor.name, ctx.actor.account_id, ctx.at
    check.save()
    ctx.record(check)
    return check


@act("results.confirm_check", duty=("L2", "E9"), title="确认成绩复核", clause="四(一)7", guard=require_answered)
def confirm_check(ctx: Context, check: ScoreCheck) -> ScoreCheck:
    """Another person confirms the answer; with that it counts, and the outcome follows."""
    check = _locked(check)
    require_answered(check)
    _require_another(ctx, check)
    check.state = ScoreCheck.State.CORRECTED if check.corrects else ScoreCheck.State.KEPT
    check.confirmed_by, check.confirmed_account_id, check.confirmed_at = ctx.actor.name, ctx.actor.account_id, ctx.at
    check.save()
    ctx.record(check)
    if check.state == ScoreCheck.State.CORRECTED:
        ctx.record(_correct(check))
    return check


@act(
    "results.send_back_check", duty=("L2", "E9"), title="退回成绩复核答复", clause="四(一)7", guard=require_answered
)  # fmt: skip
def send_back_check(ctx: Context, check: ScoreCheck, *, reason: str) -> ScoreCheck:
    """Another person does not confirm: it is answered anew, a panel's sheet after being marked again once more."""
    check = _locked(check)
    require_answered(check)
    _require_another(ctx, check)
    if not reason.strip():
        raise Refused("请写明退回重办的原因", CLAUSE)
    check.state, check.after, check.sent_back, check.sent_back_at = (
        ScoreCheck.State.ASKED,
        None,
        uncut(reason, 300, "退回重办的原因"),
        ctx.at,
    )
    check.finding, check.by, check.by_account_id, check.answered_at = "", "", None, None
    check.save()
    ctx.record(check)
    return check


def _locked(check: ScoreCheck) -> ScoreCheck:
    """The check, locked, while its batch stays where it is."""
    held(check.result.batch)
    return (
        ScoreCheck.objects.select_for_update(of=("self",)).select_related("result__batch", "result__application").get(pk=check.pk)
    )  # fmt: skip


def _require_another(ctx: Context, check: ScoreCheck) -> None:
    """Refuse who does not sign in, whom the declared separations keep away (who answered, in an own matter), and who marked the
    part or marked it again."""
    if ctx.actor.account_id is None:
        raise Refused("成绩复核须由本人登录办理", CLAUSE)
    ctx.require_apart(check)
    if marked_by(ctx.actor.account_id, [check]):
        raise Refused(MARKED, CLAUSE)


def _correct(check: ScoreCheck) -> Result:
    result = (
        Result.objects.select_for_update(of=("self",))
        .select_related("application__line__level")
        .get(pk=check.result_id)
    )
    setattr(result, check.part, check.after)
    result.outcome = outcome_of(result)
    result.save()
    return result
