"""The room record as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.exam.printing import for_printing, room_records
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf


@require_GET
@duties("R2", "R3", "E6", "E8", "E10", "L2")
def room_record(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(for_printing(), session_room_id=pk)
    return pdf(room_records([record]), f"考场记录表_{record.session_room}")
