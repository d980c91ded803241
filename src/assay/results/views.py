"""Pages of results: a batch's results and what is next to do with them, the public notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.clock import today
from assay.kernel.given import wholes
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused
from assay.results.acts import notices, outcomes
from assay.results.check_views import checks_shown
from assay.results.models import Objection, PublicNotice, Result, attendance
from assay.results.queries import without_basis

READERS = ("E9", "E3", "E12", "L2", "E13", "Q6")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All results of a batch with the next step, its reports, checks and notice."""
    batch = get_object_or_404(Batch, pk=pk)
    rows = batch.results.select_related(
        "application__applicant",
        "application__line__scope_row__occupation",
        "application__line__level",
        "application__ticket",
    ).prefetch_related(attendance())
    lines = batch.lines.select_related("scope_row__occupation", "level")
    listing = Listing(
        request,
        rows,
        [
            Column("准考证号", lambda r: getattr(getattr(r.application, "ticket", None), "number", ""), "application__ticket__number"),
            Column("姓名", lambda r: r.application.applicant.name, "application__applicant__sort_key"),
            Column("证件号码", lambda r: r.application.applicant.id_masked),
            Column("工种等级", lambda r: r.application.line, "application__line__scope_row__no"),
            Column("理论", lambda r: r.said("theory"), "theory"),
            Column("技能", lambda r: r.said("skill"), "skill"),
            Column("综合评审", lambda r: r.said("review"), "review"),
            Column("结论", lambda r: r.get_outcome_display(), "outcome"),
        ],
        filters=[
            Filter("outcome", "结论", Result.OUTCOMES, "outcome"),
            Filter("line", "工种", [(x.pk, str(x)) for x in lines], "application__line"),
        ],
        search=["application__applicant__name", "application__ticket__number"],
        search_hint="姓名、准考证号",
        order="application__ticket__number" if batch.route == "exam" else "pk",
        name=f"{batch.name}成绩",
        empty="还没有成绩。考核结束后点“合成成绩”。" if batch.route == "exam" else "还没有结果。审核通过后点“汇总认定结果”。",
    )  # fmt: skip
    figures = rows.order_by().aggregate(
        all=Count("pk"), passed=Count("pk", filter=Q(outcome="pass")), theory=Avg("theory"), skill=Avg("skill")
    )
    report = batch.result_reports.order_by("-version").first()
    notice = PublicNotice.objects.filter(batch=batch).first()
    released = rows.filter(released_at__isnull=False).exists()
    context = {
        "title": f"成绩：{batch}",
        "batch": batch,
        "figures": figures,
        "report": report,
        "steps": _steps(actor(request), batch, figures, released),
        "released": released,
        "checks": checks_shown(batch, actor(request)),
        "without_basis": without_basis(batch) if batch.stage == "results" and (report is None or report.state == "returned") else [],
        "notice": notice,
        "notice_over": notice is not None and today() > notice.ends_on,
        "objections": Objection.objects.filter(notice__batch=batch).order_by("at"),
        "together": Objection.objects.filter(notice__batch=batch, answered_at=None).count() > 1,
        "held": actor(request).duties,
    }  # fmt: skip
    return listing.respond("results/batch.html", context)


def _steps(who: Actor, batch: Batch, figures: Mapping[str, Any], released: bool) -> list[Offer]:
    """The next steps of the results of a batch."""
    everybody, exam = figures["all"], batch.route == "exam"

    def step(name: str, title: str, *, confirm: str = "", main: bool = True) -> Offer:
        deed, url = _STEPS[name][0], reverse("results:step", args=[batch.pk, name])
        return offer(who, deed, batch, title=title, url=url, confirm=confirm, main=main)

    again = ("重新合成" if everybody else "合成成绩") if exam else ("重新汇总" if everybody else "汇总认定结果")
    shown = [step("compute", again, main=not everybody)]
    if exam:
        shown.append(step(
            "send-up", "上报更正后的成绩" if released else "上报成绩", confirm=f"向省中心上报全部 {everybody} 人的成绩，确定吗？"
        ))  # fmt: skip
        shown.append(step("release", "发布成绩", confirm="发布后考生即可看到成绩，不能收回，确定吗？"))
    shown.append(step(
        "open-notice", "开始公示", confirm=f"公示 {figures['passed']} 名合格人员，任何人可以看到名单，确定吗？"
    ))  # fmt: skip
    shown.append(step("close-notice", "结束公示", confirm="结束公示后不再受理异议，确定吗？"))
    return [one for one in shown if one.open]


_STEPS = {
    "compute": (outcomes.compute, "成绩已合成。"),
    "send-up": (outcomes.send_up, "成绩已进入发送队列，等待省平台审核。"),
    "release": (outcomes.release, "成绩已向考生发布。"),
    "open-notice": (notices.open_notice, "已开始公示。"),
    "close-notice": (notices.close_notice, "公示已结束。"),
}


@require_POST
@duties("E9", "E3")
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of the results of a batch: compute, send up, release, open and close the notice."""
    if name not in _STEPS:
        raise Refused(f"没有“{name}”这一步")
    perform, said = _STEPS[name]
    perform(actor(request), get_object_or_404(Batch, pk=pk))
    messages.success(request, said)
    return redirect("results:batch", pk=pk)


@require_POST
@duties("E9")
def lapse_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """A part left out on nothing counts as missed."""
    result = get_object_or_404(Result.objects.select_related("batch"), pk=pk)
    given = request.POST
    outcomes.lapse_exemption(actor(request), result, part=given.get("part", ""), reason=given.get("reason", ""))
    messages.success(request, "已登记免考失效，该科目按缺考计。")
    return redirect("results:batch", pk=result.batch_id)


@require_POST
@duties("Q6")
def answer_objections(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are ticked, with one reason."""
    notice = get_object_or_404(PublicNotice, pk=pk)
    chosen = wholes(request.POST.getlist("chosen"))
    done = notices.answer_objections(actor(request), notice, chosen, reason=request.POST.get("reason", ""))
    messages.success(request, f"已一并处理 {len(done)} 件异议。")
    return redirect("results:batch", pk=notice.batch_id)


@require_POST
@duties("Q6")
def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    objection = get_object_or_404(Objection.objects.select_related("notice"), pk=pk)
    notices.answer_objection(actor(request), objection, answer=request.POST.get("answer", ""))
    messages.success(request, "已处理。")
    return redirect("results:batch", pk=objection.notice.batch_id)
