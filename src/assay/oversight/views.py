"""Pages of supervision: feedback on a batch's stages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.batches.models import Batch
from assay.batches.stages import STAGES
from assay.centre.actors import account, actor
from assay.corps.models import Member
from assay.kernel.access import duties
from assay.kernel.acts import why_not
from assay.kernel.listing import Column, Listing
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused
from assay.oversight import acts
from assay.oversight.checklists import CHECKLISTS
from assay.oversight.forms import FeedbackForm
from assay.oversight.models import Feedback

READERS = ("Q4", "Q2", "Q7", "L2", "E12")


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    rows = Feedback.objects.select_related("batch", "member")
    columns = [
        Column("批次", lambda f: f.batch, "batch__code"),
        Column("环节", lambda f: f.get_stage_display(), "stage"),
        Column("督导员", lambda f: f.member),
        Column("总体评价", lambda f: f.get_verdict_display(), "verdict"),
        Column("问题及建议", lambda f: f.findings),
    ]
    return Listing(
        request, rows, columns, name="督导反馈", order="-at", empty="还没有督导反馈。在批次的“督导反馈”中填写。"
    ).respond(context={"title": "督导反馈"})


@require_GET
@duties(*READERS, "E8")
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    giving = _giving(request, batch)
    can = [step for step in giving if step.open]
    context = {
        "title": f"督导：{batch}",
        "batch": batch,
        "given": batch.feedback.select_related("member"),
        "giving": can,
        "why_none": next((step.said for step in giving if step.said), "") if not can else "",
    }
    return render(request, "oversight/batch.html", context)


def _giving(request: HttpRequest, batch: Batch) -> list[Offer]:
    """The feedback form of each stage that has one."""
    who, member = actor(request), _member_behind(request)
    return [
        offer(
            who, acts.give_feedback, batch, stage, member, title=f"填写：{STAGES[stage]}",
            url=reverse("oversight:give", args=[batch.pk, stage]), main=False, page=True,
        )
        for stage in CHECKLISTS
        if stage in batch.stages
    ]  # fmt: skip


def _member_behind(request: HttpRequest) -> Member | None:
    return Member.objects.filter(account=account(request)).first()


@require_http_methods(["GET", "POST"])
@duties("Q4")
def give(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Fill in the feedback form of a stage."""
    batch = get_object_or_404(Batch, pk=pk)
    if stage not in CHECKLISTS:
        raise Refused("该环节没有督导项目")
    who, member = actor(request), _member_behind(request)
    if request.method == "POST":
        acts.give_feedback(who, batch, stage, member, **FeedbackForm.read(request, CHECKLISTS[stage]))
        messages.success(request, "督导反馈已提交。")
        return redirect("oversight:batch", pk=pk)
    if against := why_not(acts.give_feedback, who, batch, stage, member):
        raise against  # before a form is filled in for nothing
    context = {
        "title": f"督导情况反馈：{STAGES[stage]}", "batch": batch, "checks": CHECKLISTS[stage], "verdicts": list(acts.Verdict),
        "overall": Feedback.OVERALL,
    }  # fmt: skip
    return render(request, "oversight/give.html", context)
