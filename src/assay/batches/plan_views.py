"""Pages of annual plans: made by exam affairs, approved by the leading group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.batches import acts
from assay.batches.forms import AnnualPlanForm, RevisedPlanForm
from assay.batches.models import AnnualPlan
from assay.centre.actors import actor
from assay.kernel.access import duties, staff
from assay.kernel.acts import Actor
from assay.kernel.meanwhile import told
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused


@dataclass(frozen=True)
class Shown:
    """A plan on the page, with what may be done with it now."""

    plan: AnnualPlan
    submit: Offer
    revise: Offer
    decide: Offer

    @property
    def title(self) -> str:
        return f"{self.plan.year} 年 · {self.plan.title}"


@require_GET
@staff
def plans(request: HttpRequest) -> HttpResponse:
    rows = AnnualPlan.objects.annotate(
        batch_count=Count("batches", distinct=True), people=Sum("batches__lines__planned")
    ).order_by("-year")
    who = actor(request)
    context = {
        "title": "年度计划",
        "plans": _shown(who, list(rows)),
        "make": offer(who, acts.create_annual_plan, title="拟订年度计划", url=reverse("batches:plan_new"), page=True),
    }
    return render(request, "batches/plans.html", context)


def _shown(who: Actor, rows: Sequence[AnnualPlan]) -> list[Shown]:
    def step(name: str) -> Callable[[AnnualPlan], str]:
        return lambda plan: reverse("batches:plan_step", args=[plan.pk, name])

    submit = offers(who, acts.submit_annual_plan, rows, title="提交领导小组审核", url=step("submit"), small=False)
    decide = offers(who, acts.decide_annual_plan, rows, title="批准", url=step("approve"))
    revise = offers(
        who, acts.revise_annual_plan, rows, title="修改", main=False, small=False, page=True,
        url=lambda plan: reverse("batches:plan_edit", args=[plan.pk]),
    )  # fmt: skip
    return [Shown(plan, submit[plan.pk], revise[plan.pk], decide[plan.pk]) for plan in rows]


@require_http_methods(["GET", "POST"])
@duties("E1")
def create_plan(request: HttpRequest) -> HttpResponse:
    form = AnnualPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = acts.create_annual_plan(actor(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error("year", refused.message)
        else:
            messages.success(request, f"“{plan}”已拟订，请核对后提交领导小组。")
            return redirect("batches:plans")
    return _plan_page(request, {"title": "拟订年度计划", "form": form})


@require_http_methods(["GET", "POST"])
@duties("E1")
def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(AnnualPlan, pk=pk)
    form = RevisedPlanForm(request.POST or None, initial=RevisedPlanForm.values_of(plan))
    if request.method == "POST" and form.is_valid():
        try:
            acts.revise_annual_plan(actor(request), plan, **form.cleaned_data)
        except Refused as refused:
            now = AnnualPlan.objects.filter(pk=pk)
            form = told(form, refused, lambda: RevisedPlanForm(initial=RevisedPlanForm.values_of(now.get())))
        else:
            messages.success(request, "年度计划已修改。")
            return redirect("batches:plans")
    return _plan_page(request, {"title": f"修改年度计划：{plan.year} 年", "form": form, "row": plan})


def _plan_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "kernel/form_page.html", {**context, "back": reverse("batches:plans")})


@require_POST
@duties("E1", "L2")
def plan_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """submit (E1), approve or return (L2)."""
    plan = get_object_or_404(AnnualPlan, pk=pk)
    if name == "submit":
        plan = acts.submit_annual_plan(actor(request), plan)
    elif name in ("approve", "return"):
        reason = request.POST.get("reason", "")
        plan = acts.decide_annual_plan(actor(request), plan, approve=name == "approve", reason=reason)
    else:
        raise Http404
    messages.success(request, f"“{plan}”：{plan.get_state_display()}。")
    return redirect("batches:plans")
