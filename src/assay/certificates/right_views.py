"""Who has a right to a certificate, candidate by candidate, before numbers are given."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.certificates.acts import issuing
from assay.certificates.forms import IssueDecisionForm
from assay.certificates.models import IssueDecision
from assay.certificates.queries import STAGE
from assay.certificates.right import doubts
from assay.kernel.access import duties
from assay.kernel.offers import Offer, offers

READERS = ("E13", "E10", "L2", "E12")


@require_GET
@duties(*READERS)
def rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of the batch whose right is in doubt, with every reason, and what was decided of them."""
    batch = get_object_or_404(Batch, pk=pk)
    checking = batch.stage == STAGE
    found = doubts(batch) if checking else []
    decided = IssueDecision.objects.filter(application__batch=batch).select_related("application__applicant")
    concerned = {doubt.application_id for doubt in found} | {one.application_id for one in decided}
    deciding = _deciding(request, concerned)
    context = {
        "title": f"核发前核对：{batch}",
        "batch": batch,
        "checking": checking,
        "doubts": [(doubt, deciding[doubt.application_id]) for doubt in found],
        "decided": [(one, deciding[one.application_id]) for one in decided],
    }
    return render(request, "certificates/rights.html", context)


def _deciding(request: HttpRequest, concerned: Collection[int]) -> dict[int, Offer]:
    """The decision over each of these applications, by its key."""
    applications = Application.objects.filter(pk__in=concerned).select_related("batch").prefetch_related("certificates")
    return offers(
        actor(request), issuing.decide_right, applications, title="核发决定", main=False,
        url=lambda application: reverse("certificates:decide_right", args=[application.pk]),
    )  # fmt: skip


@require_POST
@duties("L2")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(Application, pk=pk)
    issuing.decide_right(actor(request), application, **IssueDecisionForm.read(request))
    messages.success(request, "已登记决定。")
    if application.certificates.exists():
        return redirect("certificates:batch", pk=application.batch_id)
    return redirect("certificates:rights", pk=application.batch_id)
