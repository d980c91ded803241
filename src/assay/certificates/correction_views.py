"""Correcting a certificate on screen: proposed with a paper, decided by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.centre.actors import actor
from assay.centre.duties import in_words
from assay.certificates.acts import correcting
from assay.certificates.forms import CorrectionDecisionForm, CorrectionForm, Verdict
from assay.certificates.models import Certificate, Correction
from assay.kernel import files
from assay.kernel.access import duties
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.documents.response import from_outside
from assay.kernel.identity import mask
from assay.kernel.models import StoredFile
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused
from assay.kernel.security_log import exports

PAPER_READERS = ("E13", "L2")
"""Who prepares a correction and who decides it read what it rests on, and the number's characters that differ."""


@dataclass(frozen=True)
class Shown:
    """A correction, and what it changes."""

    correction: Correction
    said: str


@dataclass(frozen=True)
class Open:
    """The correction that waits to be decided, what it changes, and the deciding of it; or who else does that."""

    correction: Correction
    said: str
    deciding: Offer
    by_whom: str


def corrections_shown(certificate: Certificate, reader: Actor) -> list[Shown]:
    """The corrections of a certificate, the newest first."""
    closely = reader.holds(*PAPER_READERS)
    found = certificate.corrections.select_related("certificate").order_by("-pk")
    return [Shown(one, correcting.said_of(one, closely=closely)) for one in found]


def open_correction(certificate: Certificate, corrections: Sequence[Shown], reader: Actor) -> Open | None:
    """That of a withdrawn certificate need not be decided any more."""
    shown = next((one for one in corrections if one.correction.is_proposed), None)
    if shown is None or certificate.is_withdrawn:
        return None
    deed = correcting.decide_correction
    url = reverse("certificates:correction", args=[shown.correction.pk])
    deciding = offer(reader, deed, shown.correction, title="审批更正", url=url, main=False)
    others = f"须由提出人以外、承担“{in_words(declaration_of(deed).duties)}”职责的人审批。"
    return Open(shown.correction, shown.said, deciding, deciding.said or others)


@require_http_methods(["GET", "POST"])
@duties("E13")
@takes(PAPERS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate, pk=pk)
    form = CorrectionForm(certificate, mask(certificate.id_number), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        photo, paper = form.cleaned_data["photo"], form.cleaned_data["paper"]
        try:
            correcting.propose_correction(
                actor(request),
                certificate,
                printed=form.printed(),
                reason=form.cleaned_data["reason"],
                paper=paper.read(),
                photo=photo.read() if photo else b"",
            )
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "更正已提出，待领导小组审批。审批前证书不能打印、发放。")
            return redirect("certificates:one", pk=pk)
    context = {
        "title": f"更正证书 {certificate.number}",
        "certificate": certificate,
        "form": form,
        "back": reverse("certificates:one", args=[pk]),
    }
    return render(request, "certificates/correct.html", context)


@require_POST
@duties("L2")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    correction = get_object_or_404(Correction, pk=pk)
    given = CorrectionDecisionForm.read(request)
    approve = given["verdict"] == Verdict.APPROVE
    done = correcting.decide_correction(actor(request), correction, approve=approve, remark=given["remark"])
    if approve:
        messages.success(request, "已更正。原纸质证书作废，请收回；须用新的空白证书打印后发放。")
    else:
        messages.success(request, "已登记：不予更正。")
    return redirect("certificates:one", pk=done.certificate_id)


@require_GET
@duties(*PAPER_READERS)
@exports("证书更正证明材料")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that shows what is right."""
    return _file(get_object_or_404(Correction.objects.select_related("paper"), pk=pk).paper)


@require_GET
@duties(*PAPER_READERS)
def photo(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """The photo as it was, or as it is proposed."""
    correction = get_object_or_404(Correction.objects.select_related("photo", "former_photo"), pk=pk)
    found = correction.photo if which == "new" else correction.former_photo
    if found is None:
        raise Http404(which)
    return _file(found)


def _file(kept: StoredFile) -> HttpResponse:
    return from_outside(files.read(kept.sha256), kept.content_type)
