"""Reads of plans and batches that the worktable shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from assay.batches.acts import decide_annual_plan
from assay.batches.models import AnnualPlan
from assay.centre.actors import duties_of
from assay.centre.models import Account
from assay.kernel import separation
from assay.kernel.acts import declaration_of
from assay.kernel.contributions import Engagement


def left_to_others(account: Account, plans: Sequence[AnnualPlan]) -> set[int]:
    """The plans over which this person does not decide, having drawn them up or handed them in."""
    deciding, pks = declaration_of(decide_annual_plan).name, [plan.pk for plan in plans]
    barred = separation.barred(account.pk, account.name, deciding, AnnualPlan.subject(), pks)
    return {pk for pk in pks if str(pk) in barred}


def plans_waiting_for(account: Account) -> Iterator[Engagement]:
    """Annual plans that the leading group has to decide, and returned ones that exam affairs have to revise."""
    held, link = duties_of(account), reverse("batches:plans")
    if "L2" in held:
        submitted = list(AnnualPlan.objects.filter(state="submitted"))
        others = left_to_others(account, submitted)
        for plan in (one for one in submitted if one.pk not in others):
            yield Engagement(None, f"年度计划：{plan}", "待领导小组审核", link)
    if "E1" in held:
        for plan in AnnualPlan.objects.filter(state="returned"):
            yield Engagement(None, f"年度计划：{plan}", f"被退回：{plan.reason}", link)
