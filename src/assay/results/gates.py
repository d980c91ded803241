"""What keeps a batch from leaving results, score check and public notice."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max
from django.urls import reverse

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.centre import parameters
from assay.kernel.clock import day_of, now, today
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker
from assay.results.models import PublicNotice, ResultReport, ScoreCheck
from assay.results.queries import without_basis
from assay.results.report import corrections_to_send
from assay.results.rules import OUTCOMES, Outcome
from assay.results.windows import check_window_ends, last_check_day, said_of_calendar

NAMED = 5


def _link(batch: Batch) -> str:
    return reverse("results:batch", args=[batch.pk])


def _checks_left(batch: Batch, asked: str, answered: str) -> Iterator[Blocker]:
    """Checks that nobody has answered, and answers that another person has still to confirm."""
    states = dict(
        ScoreCheck.objects.filter(result__batch=batch).values_list("state").annotate(n=Count("pk")).order_by()
    )
    for state, said, duty in ((ScoreCheck.State.ASKED, asked, "E9"), (ScoreCheck.State.ANSWERED, answered, "L2")):
        if states.get(state):
            yield Blocker(f"{states[state]} {said}", "工作方案 四(一)7", duty, _link(batch), states[state])


@gate(Stage.RESULTS)
def results_are_released(batch: Batch) -> Iterator[Blocker]:
    link = _link(batch)
    without = Application.objects.filter(batch=batch, state=Application.State.APPROVED, result=None).count()
    if without:
        yield Blocker(f"{without} 名考生没有合成成绩", "工作方案 四(一)7(1)", "E9", link, without)
        return
    incomplete = batch.results.filter(outcome=Outcome.INCOMPLETE).count()
    if incomplete:
        yield Blocker(
            f"{incomplete} 名考生成绩未完成{_without_basis(batch)}", "工作方案 四(一)7(1)", "E9", link, incomplete
        )
    report = batch.result_reports.order_by("-version").first()
    if report is None:
        yield Blocker("成绩未上报", "工作方案 四(一)7(2)", "E9", link)
    elif report.state == ResultReport.State.SENT:
        yield Blocker("成绩已上报，等待上级审核", "工作方案 四(一)7(2)", "E9", link, waits_for="省中心")
    elif report.state == ResultReport.State.RETURNED:
        yield Blocker(f"成绩被退回：{report.reason}", "工作方案 四(一)7(2)", "E9", link)
    elif batch.results.filter(released_at=None).exists():
        yield Blocker("成绩审核通过，尚未向考生发布", "工作方案 四(一)7(3)", "E9", link)


def _without_basis(batch: Batch) -> str:
    """Whose outcome is incomplete because a part was left out on nothing, by name; empty when nobody's is."""
    names = [str(result.application.applicant) for result in without_basis(batch)]
    more = f"等 {len(names)} 人" if len(names) > NAMED else ""
    return f"（{'、'.join(names[:NAMED])}{more}免考没有依据，须重新合成或登记免考失效）" if names else ""


@gate(Stage.CHECK)
def check_window_is_over(batch: Batch) -> Iterator[Blocker]:
    released = batch.results.aggregate(at=Max("released_at"))["at"]
    if released is not None and now() < check_window_ends(released):
        last = last_check_day(released)
        ends = f"{last:%Y年%m月%d日}"
        clause = f"成绩复核期 {parameters.number('score_check.working_days')} 个工作日（系统参数）"
        what = f"成绩复核申请期到 {ends} 止{said_of_calendar(day_of(released), last)}"
        yield Blocker(what, clause, "E9", _link(batch), waits_for=f"{ends}期满")
    yield from _checks_left(batch, "份复核申请未答复", "份复核答复未经另一人确认")


@gate(Stage.CHECK)
def corrections_are_reviewed(batch: Batch) -> Iterator[Blocker]:
    """Whatever a check corrected goes up again: the province has reviewed other marks."""
    link, clause = _link(batch), "工作方案 四(一)7(2)"
    report = batch.result_reports.order_by("-version").first()
    corrected = corrections_to_send(batch)
    if report is not None and report.state == ResultReport.State.SENT:
        yield Blocker("更正后的成绩已上报，等待上级审核", clause, "E9", link, waits_for="省中心")
    elif report is not None and report.state == ResultReport.State.RETURNED:
        yield Blocker(f"更正后的成绩被退回：{report.reason}", clause, "E9", link)
    elif corrected:
        yield Blocker(f"{corrected} 项成绩经复核更正，尚未重新上报", clause, "E9", link, corrected)


@todo(Stage.RESULTS)
def checks_wait(batch: Batch) -> Iterator[Blocker]:
    """Candidates may ask as soon as the results are released; nobody need wait for the batch to move on."""
    yield from _checks_left(batch, "份复核申请待答复", "份复核答复待另一人确认")


@gate(Stage.NOTICE)
def notice_has_run(batch: Batch) -> Iterator[Blocker]:
    link, clause = _link(batch), "工作方案 二(四)"
    if (
        batch.route != Route.EXAM
        and Application.objects.filter(batch=batch, state=Application.State.APPROVED, result=None).exists()
    ):
        yield Blocker("认定结果未汇总", clause, "E9", link)
    notice = PublicNotice.objects.filter(batch=batch).first()
    if notice is None:
        nobody_passed = batch.results.exists() and not batch.results.filter(outcome=Outcome.PASS).exists()
        if not nobody_passed:  # else there is nobody to put on notice
            yield Blocker("认定结果未公示", clause, "E3", link)
        return
    if notice.closed_at is None:
        if today() > notice.ends_on:
            yield Blocker("公示期满，请结束公示", clause, "E3", link)
        else:
            ends = f"{notice.ends_on:%Y年%m月%d日}"
            counted = said_of_calendar(notice.starts_on, notice.ends_on)
            yield Blocker(f"公示中，到 {ends} 止{counted}", clause, "E3", link, waits_for=f"{ends}期满")
    waiting = notice.objections.filter(answered_at=None).count()
    if waiting:
        yield Blocker(f"{waiting} 件公示异议未处理", "投诉处理办法", "Q6", link, waiting)


@counts(Stage.RESULTS, Stage.CHECK, Stage.NOTICE, Stage.CERTIFICATES)
def by_outcome(batch: Batch) -> Iterator[tuple[str, int]]:
    found = dict(batch.results.values_list("outcome").annotate(n=Count("pk")).order_by())
    for outcome, title in OUTCOMES.items():
        if found.get(outcome):
            yield title, found[outcome]
