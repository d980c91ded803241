"""Score sheets as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement.models import SessionRoom
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.marking.printing import score_sheets
from assay.marking.queries import sheets_for_printing


@require_GET
@duties("X3", "E8", "E9", "E10")
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(SessionRoom, pk=pk)
    return pdf(score_sheets(sheets_for_printing().filter(seating__session_room=room)), f"评分记录表_{room}")
