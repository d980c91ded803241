"""The room record as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement.presence import require_in_room
from assay.centre.actors import actor
from assay.exam.printing import for_printing, room_records
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.security_log import exports

OFFICERS = ("E6", "E8", "E10", "L2")
"""Who may print the record of any room; whoever supervises the whole process may read it as well."""


@require_GET
@duties("R2", "R3", *OFFICERS)
@exports("考场记录表")
def room_record(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(for_printing(), session_room_id=pk)
    require_in_room(actor(request), record.session_room, (*OFFICERS, "Q4"))
    return pdf(room_records([record]), f"考场记录表_{record.session_room}")
