"""What keeps a batch from leaving the plan stage."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum
from django.urls import reverse

from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import Route, Stage
from assay.batches.timing import Timing
from assay.centre import parameters
from assay.kernel.calendar import GUESSED
from assay.kernel.clock import today
from assay.kernel.gates import counts, gate
from assay.kernel.refusals import Blocker

PLAN = "工作方案 四(一)1"


@gate(Stage.PLAN)
def plan_is_approved(batch: Batch) -> Iterator[Blocker]:
    if batch.plan.state != AnnualPlan.State.APPROVED:
        link = reverse("batches:plans")
        text = f"{batch.plan}{batch.plan.get_state_display()}，未经领导小组批准"
        yield Blocker(text, "工作方案 三(一)1", "L2", link)


@gate(Stage.PLAN)
def plan_is_complete(batch: Batch) -> Iterator[Blocker]:
    link = reverse("batches:edit", args=[batch.pk])
    if not batch.lines.exists():
        yield Blocker("没有工种", PLAN, "E1", link)
    if not batch.notice_text.strip():
        yield Blocker("没有认定公告", PLAN, "E1", link)
    if batch.route == Route.EXAM and not batch.scheme.strip():
        yield Blocker("没有实施方案", "工作方案 四(一)4", "E1", link)


@gate(Stage.PLAN, Stage.APPLY, Stage.REVIEW, Stage.ARRANGE)
def filing_is_still_in_reach(batch: Batch) -> Iterator[Blocker]:
    """Ten working days before the first exam day are still to come."""
    timing = Timing()
    last = timing.filing_day(batch)
    if last is not None and today() > last:
        lead = parameters.number("filing.lead_working_days")
        counted = "" if timing.filing_day_is_known(batch) else f"；{GUESSED}"
        text = f"已过上报期限 {last:%Y年%m月%d日}（考核前 {lead} 个工作日{counted}），请推迟考核日期"
        yield Blocker(text, "工作方案 四(一)4", "E1", reverse("batches:edit", args=[batch.pk]))


@gate(Stage.PLAN)
def applications_end_before_the_filing(batch: Batch) -> Iterator[Blocker]:
    """What is filed rests on who has applied."""
    timing = Timing()
    last = timing.filing_day(batch)
    if last is not None and batch.apply_to >= last >= today():
        counted = "" if timing.filing_day_is_known(batch) else f"（{GUESSED}）"
        text = (
            f"报名 {batch.apply_to:%Y年%m月%d日} 截止，不早于上报期限 {last:%Y年%m月%d日}{counted}，"
            "请提前报名截止或推迟考核日期"
        )
        yield Blocker(text, "工作方案 四(一)4", "E1", reverse("batches:edit", args=[batch.pk]))


@counts(Stage.PLAN, Stage.APPLY)
def planned(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "工种等级", batch.lines.count()
    yield "拟报人数", batch.lines.aggregate(n=Sum("planned"))["n"] or 0
