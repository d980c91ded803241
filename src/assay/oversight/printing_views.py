"""The feedback form as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.oversight.models import Feedback
from assay.oversight.printing import feedback_forms


@require_GET
@duties("Q4", "Q2", "Q7", "L2", "E10", "E12")
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feedback.objects.select_related("batch", "member"), pk=pk)
    return pdf(feedback_forms([found]), f"督导情况反馈表_{found.batch.code}")
