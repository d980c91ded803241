"""The result list as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.batches.models import Batch
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.results import printing


@require_GET
@duties("E9", "E3", "E10", "E12", "L2", "E13")
def result_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return pdf(printing.result_list(batch), f"成绩汇总表_{batch.name}")
