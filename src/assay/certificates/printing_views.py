"""Certificates and the issue list as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.batches.models import Batch
from assay.centre import parameters
from assay.centre.actors import account, actor
from assay.certificates import printing
from assay.certificates.acts.printing import draw, drawn_up
from assay.certificates.forms import DrawForm, HandedOut, SelectionForm, Unregistered
from assay.certificates.layouts import SAID_SHORT, Layout
from assay.certificates.models import Certificate, Correction
from assay.certificates.selection import selected
from assay.kernel.access import candidates, duties
from assay.kernel.documents.response import pdf
from assay.kernel.offers import offer
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity

READERS = ("E13", "E10", "L2", "E12")
RUNS = 50
"""The newest print runs are shown; the ledger has all."""


@require_GET
@duties(*READERS)
@shows_identity("证书副本")
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """To be looked at: marked as a copy. The original is printed by an act."""
    found = get_object_or_404(Certificate, pk=pk)
    if found.is_withdrawn:
        raise Refused(f"证书 {found.number} 已撤销，不能打印", "工作方案 四(一)8")
    return pdf(printing.certificates([found], copy=True), f"证书副本_{found.number}")


@require_http_methods(["GET", "POST"])
@duties("E13")
@shows_identity("证书")
def batch_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Certificates of a batch for the printer: which, and how; who printed which before."""
    batch, who = get_object_or_404(Batch, pk=pk), actor(request)
    if request.method == "POST":
        return _printed(request, batch)
    offered = offer(who, draw, batch, title="打印", url=reverse("certificates:batch_print", args=[pk]))
    asked = {name: request.GET.get(name, "") for name in ("first", "last", "class_name")}
    context = {
        "title": f"打印证书：{batch}",
        "batch": batch,
        "form": DrawForm(batch, initial={**asked, "layout": Layout.WHOLE, "chosen": request.GET.getlist("chosen")}),
        "list_form": SelectionForm(batch, auto_id="list-%s"),
        "drawing": offered,
        "runs": batch.print_runs.all()[:RUNS],
        "right": parameters.decimal("certificate.offset_right"),
        "down": parameters.decimal("certificate.offset_down"),
    }
    return render(request, "certificates/print.html", context)


def _printed(request: HttpRequest, batch: Batch) -> HttpResponse:
    given = DrawForm.read(request, batch)
    again, unregistered = given["handed_out"] == HandedOut.AGAIN, given["unregistered"] == Unregistered.TOO
    rows = selected(batch, given)
    if not given["chosen"]:
        rows = _left(rows, again=again, unregistered=unregistered)
    drawn = drawn_up(actor(request), rows, Layout(given["layout"]))
    run = draw(actor(request), batch, drawn, again=again, unregistered=unregistered, reason=given["reason"])
    return pdf(drawn.pdf, f"证书_{batch.name}_{run.first[-6:]}-{run.last[-6:]}_{SAID_SHORT[drawn.layout]}")


def _left(found: list[Certificate], *, again: bool, unregistered: bool) -> list[Certificate]:
    """Without those that are not asked for. Refused with their number when nothing is left."""
    waiting = Correction.objects.filter(certificate__in=found, state=Correction.State.PROPOSED)
    proposed = set(waiting.values_list("certificate", flat=True))
    handed = [c for c in found if c.state == Certificate.State.ISSUED and not again]
    without = [c for c in found if not c.print_serial and not unregistered]
    rows = [c for c in found if c not in handed and c not in without and c.pk not in proposed]
    if rows:
        return rows
    kinds = (
        (len(handed), "已发放（确要重印，请选“也重印已发放的”并写明原因）"),
        (len(without), "还没有登记打印（请先登记，或选“也打印”）"),
        (len(proposed), "的更正尚待审批"),
    )
    said = "，".join(f"{count} 本{text}" for count, text in kinds if count)
    raise Refused(f"没有要打印的证书：{said or '所选范围内没有证书'}", "工作方案 四(一)8")


@require_GET
@duties("E13")
def test_sheet(request: HttpRequest) -> HttpResponse:
    """Where what is filled in falls onto a blank sheet."""
    return pdf(printing.test_sheet(), "证书套打测试页")


@require_GET
@duties(*READERS)
@shows_identity("证书核发登记表")
def issue_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the whole batch, or of a class, a job, or from one number to another."""
    batch = get_object_or_404(Batch, pk=pk)
    form = SelectionForm(batch, request.GET)
    if not form.is_valid():
        raise Refused("；".join(str(said) for errors in form.errors.values() for said in errors))
    given = {name: value for name, value in form.cleaned_data.items() if value}
    if not given:
        return pdf(printing.issue_list(batch), f"证书核发登记表_{batch.name}")
    which = "　".join(str(given[name]) for name in ("class_name", "line") if name in given)
    span = "～".join(str(given[name]) for name in ("first", "last") if name in given)
    said = "　".join(filter(None, [which, span]))
    return pdf(printing.issue_list(batch, selected(batch, given), said), f"证书核发登记表_{batch.name}_{said}")


@require_GET
@duties(*READERS)
@shows_identity("合格人员成绩及证书编号名册")
def pass_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return pdf(printing.pass_list(batch), f"合格人员成绩及证书编号名册_{batch.name}")


@require_GET
@candidates
def my_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A candidate's own certificate, marked as a copy: the original is on paper, with the seal."""
    found = get_object_or_404(
        Certificate, pk=pk, application__person__account=account(request), state=Certificate.State.ISSUED
    )
    return pdf(printing.certificates([found], copy=True), f"证书副本_{found.number}")
