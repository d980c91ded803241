"""Reads of plans and batches that the worktable shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.batches.models import AnnualPlan
from assay.centre.actors import duties_of
from assay.centre.models import Account
from assay.kernel.contributions import Engagement


def plans_waiting_for(account: Account) -> Iterator[Engagement]:
    """Annual plans that the leading group has to decide, and returned ones that exam affairs have to revise."""
    held, link = duties_of(account), reverse("batches:plans")
    if "L2" in held:
        for plan in AnnualPlan.objects.filter(state="submitted"):
            yield Engagement(None, f"年度计划：{plan}", "待领导小组审核", link)
    if "E1" in held:
        for plan in AnnualPlan.objects.filter(state="returned"):
            yield Engagement(None, f"年度计划：{plan}", f"被退回：{plan.reason}", link)
