"""Pages of results: a batch's results and what is next to do with them, the public notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Route
from assay.catalogue.parts import SHORT, Part
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused
from assay.results.acts import notices, outcomes
from assay.results.check_views import checks_shown
from assay.results.forms import LapseForm
from assay.results.models import PublicNotice, Result, ResultReport, attendance
from assay.results.objection_views import objections_shown
from assay.results.printing_views import SHEET_READERS
from assay.results.queries import without_basis
from assay.results.rules import OUTCOME_CHOICES, Outcome

READERS = ("E9", "E3", "E12", "L2", "E13", "Q6")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All results of a batch with the next step, its reports, checks and notice."""
    batch = get_object_or_404(Batch, pk=pk)
    who, figures, left_out = actor(request), figures_of(batch.results.all()), without_basis(batch)
    report = batch.result_reports.order_by("-version").first()
    notice = PublicNotice.objects.filter(batch=batch).first()
    released = batch.results.filter(released_at__isnull=False).exists()
    context = {
        "title": f"成绩：{batch}",
        "batch": batch,
        "any": bool(figures["all"]),
        "figures": figures_said(batch, figures),
        "report": report,
        "report_tone": _TONES.get(report.state, "info") if report else "",
        "released": released,
        "steps": _steps(who, batch, figures, released),
        "checks": checks_shown(batch, who),
        "sees_sheets": who.holds(*SHEET_READERS),
        "without_basis": left_out,
        "lapsing": _lapsing(who, left_out),
        "notice": notice,
        "objections": objections_shown(notice, who),
    }
    empty = (
        "还没有成绩。考核结束后点“合成成绩”。"
        if batch.route == Route.EXAM
        else "还没有结果。审核通过后点“汇总认定结果”。"
    )
    shown = listing(request, batch, batch.results.all(), in_full=who.holds("E9"), empty=empty)
    return shown.respond("results/batch.html", context)


def listing(request: HttpRequest, batch: Batch, results: QuerySet[Result], *, in_full: bool, empty: str) -> Listing:
    """Results of a batch, of whomever the reader may see; `in_full`: the reader may take whole ID numbers along."""
    rows = results.select_related(
        "application__applicant",
        "application__line__scope_row__occupation",
        "application__line__level",
        "application__ticket",
        "application__department",
    ).prefetch_related(attendance())
    lines = batch.lines.select_related("scope_row__occupation", "level")
    return Listing(
        request,
        rows,
        _columns(batch, lines),
        filters=[
            Filter("outcome", "结论", OUTCOME_CHOICES, "outcome"),
            Filter("line", "工种", [(x.pk, str(x)) for x in lines], "application__line"),
        ],
        search=["application__applicant__name", "application__ticket__number"],
        search_hint="姓名、准考证号",
        order="application__ticket__number" if batch.route == Route.EXAM else "pk",
        name=f"{batch.name}成绩",
        empty=empty,
        in_full=in_full,
    )  # fmt: skip


def _columns(batch: Batch, lines: Iterable[BatchLine]) -> list[Column]:
    """Tickets, marks and what was kept of them are there on the exam route, a review where some level asks for one."""
    taken = [Part.THEORY, Part.SKILL] if batch.route == Route.EXAM else []
    taken += [Part.REVIEW] if taken and any(line.level.needs_review for line in lines) else []
    ticket = Column(
        "准考证号",
        lambda r: getattr(getattr(r.application, "ticket", None), "number", ""),
        "application__ticket__number",
    )
    return [
        *([ticket] if taken else []),
        Column("姓名", lambda r: r.application.applicant.name, "application__applicant__sort_key"),
        Column("证件号码", lambda r: r.application.applicant.id_masked, whole=lambda r: r.application.applicant.id_number),
        Column("院系", lambda r: r.application.department or "", "application__department__code"),
        Column("班级", lambda r: r.application.applicant.class_name, "application__applicant__class_name"),
        Column("工种等级", lambda r: r.application.line, "application__line__scope_row__no"),
        *(Column(SHORT[part], partial(_said, part), part.value, partial(_written, part)) for part in taken),
        Column("结论", lambda r: r.get_outcome_display(), "outcome"),
        *([Column("保留成绩", lambda r: r.kept_said, on_page=False)] if taken else []),
    ]  # fmt: skip


def _said(part: Part, result: Result) -> str:
    return result.said(part)


def _written(part: Part, result: Result) -> Decimal | str:
    return result.written(part)


_TONES: dict[str, str] = {ResultReport.State.APPROVED: "success", ResultReport.State.RETURNED: "danger"}
"""The colour of what is said of a report; a report that is on its way is nothing to worry about."""


def figures_of(results: QuerySet[Result]) -> dict[str, Any]:
    return results.order_by().aggregate(
        all=Count("pk"), passed=Count("pk", filter=Q(outcome=Outcome.PASS)), theory=Avg("theory"), skill=Avg("skill")
    )


def figures_said(batch: Batch, figures: Mapping[str, Any]) -> list[tuple[str, object]]:
    """The figures of a batch with their titles; only the exam route has marks."""
    said: list[tuple[str, object]] = [("人数", figures["all"]), ("合格", figures["passed"])]
    if batch.route == Route.EXAM:
        said += [
            ("理论平均", floatformat(figures["theory"], 1) or "--"), ("技能平均", floatformat(figures["skill"], 1) or "--"),
        ]  # fmt: skip
    return said


def _lapsing(who: Actor, results: Sequence[Result]) -> Offer | None:
    """Asked of the first: what speaks against it is of the batch, and the same for all."""
    if not results:
        return None
    return offer(who, outcomes.lapse_exemption, results[0], title="登记免考失效", url="", main=False)


def _steps(who: Actor, batch: Batch, figures: Mapping[str, Any], released: bool) -> list[Offer]:
    """The next steps of the results of a batch."""
    everybody, exam = figures["all"], batch.route == Route.EXAM

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
    outcomes.lapse_exemption(actor(request), result, **LapseForm.read(request))
    messages.success(request, "已登记免考失效，该科目按缺考计。")
    return redirect("results:batch", pk=result.batch_id)
