"""Annual plans and batches: made, approved, moved from stage to stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import ProtectedError

from assay.batches.models import AnnualPlan, Batch, BatchLine
from assay.batches.stages import ROUTES, STAGES, Route, Stage, next_stage
from assay.catalogue.models import Level, ScopeRow
from assay.kernel import gates
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.expected import stale
from assay.kernel.refusals import Blocked, Refused
from assay.kernel.texts import uncut

PLAN = "工作方案 四(一)1"
SCOPE = "工作方案 二(三)"
Line = tuple[ScopeRow, Level, int]


@act("batches.create_annual_plan", duty="E1", title="拟订年度计划", clause="三(一)2(1)①")
def create_annual_plan(ctx: Context, *, year: int, title: str, text: str = "") -> AnnualPlan:
    if AnnualPlan.objects.filter(year=year).exists():
        raise Refused(f"{year} 年已有年度计划", PLAN)
    plan = AnnualPlan.objects.create(year=year, title=title, text=text)
    ctx.record(plan)
    return plan


def require_with_its_makers(plan: AnnualPlan) -> None:
    """Raises Refused unless the plan is a draft or was returned: who draws it up has it."""
    if plan.state not in (AnnualPlan.State.DRAFT, AnnualPlan.State.RETURNED):
        raise Refused(f"年度计划{plan.get_state_display()}，此时不能修改、提交", PLAN)


def require_with_the_leaders(plan: AnnualPlan) -> None:
    """Raises Refused unless the plan was handed to the leading group and waits for it."""
    if plan.state != AnnualPlan.State.SUBMITTED:
        raise Refused(f"年度计划{plan.get_state_display()}，此时不能审核", PLAN)


@act(
    "batches.revise_annual_plan", duty="E1", title="修改年度计划", clause="三(一)2(1)①", expects="batches.annualplan",
    guard=require_with_its_makers,
)  # fmt: skip
def revise_annual_plan(ctx: Context, plan: AnnualPlan, *, title: str, text: str = "") -> AnnualPlan:
    """Change a draft or returned plan."""
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    require_with_its_makers(plan)
    plan.title, plan.text = title, text
    plan.save()
    ctx.record(plan)
    return plan


@act(
    "batches.submit_annual_plan", duty="E1", title="提交年度计划", clause="三(一)2(1)①", expects="batches.annualplan",
    guard=require_with_its_makers,
)  # fmt: skip
def submit_annual_plan(ctx: Context, plan: AnnualPlan) -> AnnualPlan:
    """Hand a draft or returned plan to the leading group."""
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    require_with_its_makers(plan)
    return _move_plan(ctx, plan, AnnualPlan.State.SUBMITTED)


@act(
    "batches.decide_annual_plan", duty="L2", title="审核年度计划", clause="三(一)1", expects="batches.annualplan",
    guard=require_with_the_leaders,
)  # fmt: skip
def decide_annual_plan(ctx: Context, plan: AnnualPlan, *, approve: bool, reason: str = "") -> AnnualPlan:
    """Approve, or return with a reason."""
    if not approve and not reason.strip():
        raise Refused("退回须写明原因", "工作方案 三(一)1")
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    require_with_the_leaders(plan)
    return _move_plan(
        ctx, plan, AnnualPlan.State.APPROVED if approve else AnnualPlan.State.RETURNED, uncut(reason, 200, "退回原因")
    )


def _move_plan(ctx: Context, plan: AnnualPlan, state: AnnualPlan.State, reason: str = "") -> AnnualPlan:
    plan.state, plan.reason = state, reason
    plan.save()
    ctx.record(plan)
    return plan


@act("batches.create_batch", duty="E1", title="制定认定计划", clause="四(一)1")
def create_batch(
    ctx: Context,
    *,
    plan: AnnualPlan,
    code: str,
    name: str,
    route: str,
    apply_from: date,
    apply_to: date,
    lines: Sequence[Line],
    exam_on: date | None = None,
    exam_to: date | None = None,
    notice_text: str = "",
    scheme: str = "",
    is_demo: bool = False,
) -> Batch:
    """A batch of one route. Nothing outside the filed scope in force can be planned."""
    if route not in ROUTES:
        raise Refused(f"认定方式“{route}”不认识", PLAN)
    batch = Batch(plan=plan, code=code, route=route, is_demo=is_demo)
    return _write(ctx, batch, name, apply_from, apply_to, exam_on, exam_to, notice_text, scheme, lines)


def require_revisable(batch: Batch) -> None:
    """Raises Refused once the plan of a batch stands, Blocked while something keeps it from being changed."""
    if batch.stage not in (Stage.PLAN, Stage.APPLY, Stage.REVIEW, Stage.ARRANGE, Stage.FILING):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，计划不能再改", PLAN)
    found = gates.blockers("revise", batch)
    if found:
        raise Blocked(found)


@act(
    "batches.revise_batch", duty="E1", title="修订认定计划", clause="四(一)1", expects="batches.batch", guard=require_revisable
)  # fmt: skip
def revise_batch(
    ctx: Context,
    batch: Batch,
    *,
    name: str,
    apply_from: date,
    apply_to: date,
    lines: Sequence[Line],
    exam_on: date | None = None,
    exam_to: date | None = None,
    notice_text: str = "",
    scheme: str = "",
) -> Batch:
    """Change a batch while it is planned or open; lines that carry applications stay. Dates of the exam may be put
    off until the filing is sent."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_revisable(batch)
    before = _plan_of(batch)
    _write(ctx, batch, name, apply_from, apply_to, exam_on, exam_to, notice_text, scheme, lines)
    after = _plan_of(batch)
    ctx.note = "；".join(_said(title, before.get(title), after.get(title)) for title in {**before, **after}
                        if before.get(title) != after.get(title))[:500]  # fmt: skip
    return batch


def _plan_of(batch: Batch) -> dict[str, str]:
    """What a revision may change, by its Chinese title, as people read it."""
    plan = {
        "名称": batch.name, "报名开始": str(batch.apply_from), "报名截止": str(batch.apply_to),
        "考核首日": str(batch.exam_on or "--"), "考核末日": str(batch.exam_to or "--"),
        "认定公告": batch.notice_text, "实施方案": batch.scheme,
    }  # fmt: skip
    lines = batch.lines.select_related("scope_row__occupation", "level")
    return plan | {str(line): f"{line.planned} 人" for line in lines}


def _said(title: str, before: str | None, after: str | None) -> str:
    """One change in words; long texts are only named."""
    if title in ("认定公告", "实施方案"):
        return f"{title}有修改"
    return f"{title} {before or '无'} → {after or '去掉'}"


def _write(
    ctx: Context,
    batch: Batch,
    name: str,
    apply_from: date,
    apply_to: date,
    exam_on: date | None,
    exam_to: date | None,
    notice_text: str,
    scheme: str,
    lines: Sequence[Line],
) -> Batch:
    dates = apply_from, apply_to, exam_on, exam_to
    _require_sound([*_taken(batch), *_wrong_dates(batch.route, *dates), *_wrong_scope(lines, exam_on or apply_to)])
    batch.name, batch.apply_from, batch.apply_to = name, apply_from, apply_to
    batch.exam_on, batch.exam_to = exam_on, exam_to or exam_on
    # A browser's form ends lines its own way: the text is the same.
    batch.notice_text, batch.scheme = ("\n".join(text.splitlines()) for text in (notice_text, scheme))
    batch.revision += 1
    batch.save()
    ctx.record(batch)
    _write_lines(ctx, batch, lines)
    return batch


def _require_sound(wrong: Iterable[tuple[str, str]]) -> None:
    """Raises Refused with all that is wrong and the clauses that it goes against."""
    found = list(wrong)
    if found:
        raise Refused("；".join(said for said, _ in found), "；".join(dict.fromkeys(clause for _, clause in found)))


def _taken(batch: Batch) -> Iterator[tuple[str, str]]:
    if Batch.objects.filter(code=batch.code).exclude(pk=batch.pk).exists():
        yield f"批次编号 {batch.code} 已用过", PLAN


def _wrong_dates(
    route: str, apply_from: date, apply_to: date, exam_on: date | None, exam_to: date | None
) -> Iterator[tuple[str, str]]:
    if apply_to < apply_from:
        yield "报名截止早于报名开始", PLAN
    if route == Route.EXAM and exam_on is None:
        yield "考试考核须填写考核日期", "工作方案 四(一)4"
    if exam_on is not None and exam_on <= apply_to:
        yield "考核日期应在报名截止之后", PLAN
    if exam_on is not None and exam_to is not None and exam_to < exam_on:
        yield "考核末日早于首日：请改正末日，一天考完的把末日留空", PLAN


def _wrong_scope(lines: Sequence[Line], day: date) -> Iterator[tuple[str, str]]:
    for row, level, _ in lines:
        if not row.in_force(day):
            yield f"{row.title} 在 {day:%Y年%m月%d日} 不在备案有效期内", SCOPE
        elif not row.levels.filter(pk=level.pk).exists():
            yield f"{row.title} 的备案范围没有 {level}", SCOPE
    pairs = [(row.pk, level.pk) for row, level, _ in lines]
    if len(set(pairs)) != len(pairs):
        yield "同一工种等级列了两次", SCOPE
    if not lines:
        yield "至少要有一个工种", SCOPE


def _write_lines(ctx: Context, batch: Batch, lines: Sequence[Line]) -> None:
    wanted = {(row.pk, level.pk): planned for row, level, planned in lines}
    for line in batch.lines.all():
        if (line.scope_row_id, line.level_id) in wanted:
            continue
        ctx.record_removed(BatchLine, line.pk)
        try:
            line.delete()
        except ProtectedError as used:
            raise Refused(f"{line} 已有人报名，不能去掉", PLAN) from used
    for (row_pk, level_pk), planned in wanted.items():
        line, _ = BatchLine.objects.update_or_create(
            batch=batch, scope_row_id=row_pk, level_id=level_pk, defaults={"planned": planned}
        )
        ctx.record(line)


def require_ready(batch: Batch) -> str:
    """The stage that follows. Raises Refused at the end of all, Blocked with everything that keeps the batch at its stage."""
    following = None if batch.is_cancelled else next_stage(batch.route, batch.stage)
    if following is None:
        raise Refused(f"“{batch}”{batch.get_stage_display()}", PLAN)
    found = gates.blockers(batch.stage, batch)
    if found:
        raise Blocked(found)
    return following


@act(
    "batches.advance", duty=("E1", "E2"), title="推进批次", clause="三(一)2(1)②", expects="batches.batch", signs=True,
    guard=require_ready,
)  # fmt: skip
def advance(ctx: Context, batch: Batch) -> Batch:
    """Move on from the stage in which the caller has the batch (`batch.stage`) when no gate blocks; raises Blocked with everything
    that does, and Changed when somebody else moved it meanwhile. Each stage ends with a signed head of the ledger."""
    leaving = batch.stage
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.stage != leaving:
        raise stale(batch, "", ctx.act.name, ctx.actor.account_id)
    following = require_ready(batch)
    before, batch.stage = batch.stage, following
    batch.save()
    ctx.record(batch)
    ctx.note = f"{STAGES[before]} → {STAGES[following]}"
    return batch


CANCELLED_IN = (Stage.PLAN, Stage.APPLY, Stage.REVIEW, Stage.ARRANGE, Stage.FILING)


def require_cancellable(batch: Batch) -> None:
    """Raises Refused once a batch cannot be called off any more, Blocked while somebody is in it or the province has it."""
    if batch.is_cancelled:
        raise Refused(f"“{batch}”已取消", PLAN)
    if batch.stage not in CANCELLED_IN:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能再取消", PLAN)
    found = gates.blockers("cancel", batch)
    if found:
        raise Blocked(found)


@act(
    "batches.cancel", duty="E1", title="取消批次", clause="四(一)1", expects="batches.batch", signs=True,
    guard=require_cancellable,
)  # fmt: skip
def cancel(ctx: Context, batch: Batch, *, reason: str) -> Batch:
    """Call off a batch in which nobody is. It stays, with its code, its plan and why."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_cancellable(batch)
    if not reason.strip():
        raise Refused("取消批次须写明原因", PLAN)
    before, batch.stage = batch.stage, Stage.CANCELLED.value
    batch.cancelled_because = uncut(reason, 300, "取消原因")
    batch.save()
    ctx.record(batch)
    ctx.note = f"{STAGES[before]} → {STAGES[Stage.CANCELLED]}：{batch.cancelled_because}"
    return batch


def is_open_today(batch: Batch) -> bool:
    return batch.stage == Stage.APPLY and batch.apply_from <= today() <= batch.apply_to
