"""Results: computed, sent up, reviewed above, released; score checks."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from assay.applications.parts import LeftOut
from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.filing.models import Filing
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from assay.kernel.clock import now
from assay.kernel.correspondence import DECIDED
from assay.kernel.holding import held
from assay.kernel.ledger import canonical_json
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.results.composition import compose, outcome_of
from assay.results.models import PublicNotice, Result, ResultReport, ScoreCheck
from assay.results.report import may_go_up, report_rows
from assay.results.rules import Outcome
from assay.results.windows import window_is_open

CLAUSE = "工作方案 四(一)7"


def require_composing(batch: Batch) -> None:
    """Raises Refused where the results of a batch are not to be put together, or stand already."""
    wanted = Stage.RESULTS if batch.route == Route.EXAM else Stage.NOTICE
    if batch.stage != wanted:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能合成成绩", CLAUSE)
    if batch.results.filter(released_at__isnull=False).exists():
        raise Refused("成绩已发布，更正请走成绩复核", CLAUSE)
    _require_not_sent(batch)
    if PublicNotice.objects.filter(batch=batch).exists():
        raise Refused("名单已公示，不能重新汇总", CLAUSE)


@act("results.compute", duty="E9", title="合成成绩", clause="四(一)7(1)", guard=require_composing)
def compute(ctx: Context, batch: Batch) -> list[Result]:
    """Put the parts of every approved application together; again as long as nothing has been released."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_composing(batch)
    known = {r.application_id: r for r in batch.results.select_for_update()}
    fresh: list[Result] = []
    changed: list[Result] = []
    for application, values in compose(batch):
        result = known.get(application.pk) or Result(application=application, batch=batch)
        for name, value in {**values, "computed_at": ctx.at}.items():
            setattr(result, name, value)
        (changed if result.pk else fresh).append(result)
    Result.objects.bulk_create(fresh, batch_size=500)
    rewrite(changed, [f.name for f in Result._meta.concrete_fields if f.name not in ("id", "application", "batch")])
    ctx.record_all([*fresh, *changed])
    return [*fresh, *changed]


def require_lapsing(result: Result) -> None:
    """Raises Refused unless the results of the batch are still put together."""
    _require_marks(result.batch, Stage.RESULTS)
    _require_not_sent(result.batch)


@act("results.lapse_exemption", duty="E9", title="登记免考失效", clause="四(一)7(1)", guard=require_lapsing)
def lapse_exemption(ctx: Context, result: Result, *, part: str, reason: str) -> Result:
    """A part that was admitted as left out has nothing to rest on any more, such as a pass that a score check corrected: it
    counts as missed, so that the batch can go on. Found again, the basis takes its place when results are put together."""
    batch = Batch.objects.select_for_update().get(pk=result.batch_id)
    result = Result.objects.select_for_update(of=("self",)).select_related("application__line__level").get(pk=result.pk)
    result.batch = batch
    require_lapsing(result)
    if part not in dict(result.parts_without_basis()):
        raise Refused("该科目不是没有依据的免考", CLAUSE)
    if not reason.strip():
        raise Refused("请写明免考失效的原因", CLAUSE)
    result.basis = {
        **result.basis,
        part: {"kind": LeftOut.LAPSED, "reason": uncut(reason, 200, "免考失效的原因"), "by": ctx.actor.name},
    }
    setattr(result, f"{part}_absent", True)
    result.outcome = outcome_of(result)
    result.save()
    ctx.record(result)
    return result


def _require_not_sent(batch: Batch) -> None:
    last = batch.result_reports.order_by("-version").first()
    if last is not None and last.state != ResultReport.State.RETURNED:
        raise Refused(f"成绩第 {last.version} 版{last.get_state_display()}，不能重新合成", CLAUSE)


def _require_marks(batch: Batch, *stages: Stage) -> None:
    """Of the exam route, whose results alone have marks that go up, and at one of the stages."""
    if batch.route != Route.EXAM:
        raise Refused(f"“{batch}”为{batch.get_route_display()}，没有考试成绩，不上报也不发布", CLAUSE)
    if batch.stage not in stages:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能办理成绩上报和发布", CLAUSE)


def require_to_send(batch: Batch) -> None:
    """Raises Refused unless the whole batch has results that the province does not have as they are."""
    _require_marks(batch, Stage.RESULTS, Stage.CHECK)
    last = batch.result_reports.order_by("-version").first()
    if last is not None and not may_go_up(batch, last):
        raise Refused(f"成绩第 {last.version} 版{last.get_state_display()}，不能重复上报", CLAUSE)
    if not batch.results.exists():
        raise Refused("还没有合成成绩", CLAUSE)
    if batch.results.filter(outcome=Outcome.INCOMPLETE).exists():
        raise Refused("有考生成绩未完成，不能上报", CLAUSE)


@act("results.send_up", duty="E9", title="上报成绩", clause="四(一)7(2)", guard=require_to_send)
def send_up(ctx: Context, batch: Batch) -> ResultReport:
    """Send the whole batch's results to the province for review; again when they were returned, or a check corrected any."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_to_send(batch)
    last, rows = batch.result_reports.order_by("-version").first(), report_rows(batch)
    version = (last.version if last else 0) + 1
    digest = sha256(canonical_json(rows)).hexdigest()
    report = ResultReport.objects.create(batch=batch, version=version, digest=digest, count=len(rows), sent_at=ctx.at)
    approved = (
        Filing.objects.filter(batch=batch, state=Filing.State.APPROVED)
        .exclude(remote_id="")
        .order_by("-version")
        .first()
    )
    payload = {"batch_code": batch.code, "version": version, "rows": rows}
    if approved is not None:
        payload["filing_id"] = approved.remote_id
    outbox.enqueue(ctx, "results", report, payload, key=f"results-{batch.code}-{version}-{digest[:16]}")
    ctx.record(report)
    return report


@act("results.record_answer", duty=("SYS", "E9"), title="登记成绩审核结果", clause="四(一)7(2)")
def record_answer(
    ctx: Context, report: ResultReport, *, state: str, reason: str, at: datetime, remote_id: str = ""
) -> ResultReport:
    """Take down the province's answer: approved, or returned with a reason."""
    report = ResultReport.objects.select_for_update().get(pk=report.pk)
    if report.state != ResultReport.State.SENT or state not in DECIDED:
        raise Refused(f"成绩第 {report.version} 版{report.get_state_display()}，不能登记“{state}”", CLAUSE)
    report.state, report.reason, report.decided_at = state, reason, at
    report.remote_id = remote_id or report.remote_id
    report.save()
    ctx.record(report)
    return report


def require_reviewed(batch: Batch) -> None:
    """Raises Refused unless the province has reviewed results that candidates do not see yet."""
    _require_marks(batch, Stage.RESULTS)
    last = batch.result_reports.order_by("-version").first()
    if last is None or last.state != ResultReport.State.APPROVED:
        raise Refused("省中心审核通过后才能发布成绩", "工作方案 四(一)7(3)")
    if not batch.results.filter(released_at=None).exists():
        raise Refused("没有待发布的成绩", CLAUSE)


@act("results.release", duty="E9", title="发布成绩", clause="四(一)7(3)", guard=require_reviewed)
def release(ctx: Context, batch: Batch) -> int:
    """Show the results to the candidates, once the province has reviewed them."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_reviewed(batch)
    results = list(batch.results.select_for_update().filter(released_at=None).order_by("pk"))
    for result in results:
        result.released_at = ctx.at
    rewrite(results, ["released_at"])
    ctx.record_all(results)
    return len(results)


def require_checkable(result: Result) -> None:
    """Raises Refused unless a check of some part of the result may be asked for now."""
    if result.released_at is None:
        raise Refused("成绩尚未发布", CLAUSE)
    if not window_is_open(result, now()):
        raise Refused("复核申请期已过", CLAUSE)
    if not result.unchecked_parts():
        raise Refused("参加考核的各科目都已申请过复核", CLAUSE)


@act("results.ask_check", duty=("C1", "E3"), title="申请成绩复核", clause="四(一)7", guard=require_checkable)
def ask_check(ctx: Context, result: Result, *, part: str, reason: str) -> ScoreCheck:
    """A candidate asks for a check of one part within the window after release."""
    held(result.batch)
    result = Result.objects.select_related("application__person", "batch").get(pk=result.pk)
    person = result.application.person
    if "C1" in ctx.actor.duties and (person.account_id is None or person.account_id != ctx.actor.account_id):
        raise Refused("只能为本人申请复核", CLAUSE)
    require_checkable(result)
    if not reason.strip():
        raise Refused("请写明申请理由", CLAUSE)
    if result.checks.filter(part=part).exists():
        raise Refused("该科目已申请过复核", CLAUSE)
    if part not in dict(result.unchecked_parts()):
        raise Refused("该科目没有参加考核，没有可复核的成绩", CLAUSE)
    check = ScoreCheck.objects.create(
        result=result, part=part, reason=reason.strip(), asked_at=ctx.at, before=getattr(result, part)
    )
    ctx.record(check)
    return check
