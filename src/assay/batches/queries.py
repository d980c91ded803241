"""Reads of plans and batches that the worktable shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.batches.acts import decide_annual_plan, revise_annual_plan
from assay.batches.models import AnnualPlan
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.kernel.acts import why_not_each
from assay.kernel.contributions import Engagement


def plans_waiting_for(account: Account) -> Iterator[Engagement]:
    """Annual plans that the leading group has to decide, and those that exam affairs have to revise or to submit."""
    who, link = actor_of(account), reverse("batches:plans")
    waiting = list(AnnualPlan.objects.exclude(state=AnnualPlan.State.APPROVED))
    deciding, revising = (why_not_each(deed, who, waiting) for deed in (decide_annual_plan, revise_annual_plan))
    for plan in waiting:
        if deciding[plan.pk] is None:
            yield Engagement(None, f"年度计划：{plan}", "待领导小组审核", link)
    for plan in waiting:
        if revising[plan.pk] is None:
            drafted = plan.state == AnnualPlan.State.DRAFT
            yield Engagement(
                None, f"年度计划：{plan}", "已拟订，待提交领导小组" if drafted else f"被退回：{plan.reason}", link
            )
