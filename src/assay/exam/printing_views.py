"""The room record as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement.presence import require_in_room
from assay.arrangement.printing import for_papers
from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.exam.printing import blank_records, for_printing, room_records
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.given import whole
from assay.kernel.refusals import Refused
from assay.kernel.security_log import exports

OFFICERS = ("E6", "E8", "E10", "L2")
"""Who may print the record of any room; whoever supervises the whole process may read it as well."""


@require_GET
@duties("R2", "R3", *OFFICERS)
@exports("空白考场记录表")
def blank_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a room to be filled in by hand, before it is closed."""
    room = get_object_or_404(for_papers(), pk=pk)
    require_in_room(actor(request), room, (*OFFICERS, "Q4"))
    return pdf(blank_records([room]), f"空白考场记录表_{room}")


@require_GET
@duties(*OFFICERS)
@exports("考场记录表（多份）")
def batch_records(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of all rooms of a batch, or of one session; with ?blank=1 those that are not closed, to be filled in by hand."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    session = whole(request.GET.get("session", ""))
    if request.GET.get("blank"):
        rooms = for_papers().filter(session__batch=batch, record=None)
        rooms = rooms.filter(session=session) if session is not None else rooms
        if not rooms:
            raise Refused("没有还要填写考场记录的考场", "工作方案 四(一)6(2)")
        return pdf(blank_records(list(rooms)), f"空白考场记录表_{batch.name}")
    records = for_printing().filter(session_room__session__batch=batch)
    records = records.filter(session_room__session=session) if session is not None else records
    if not records:
        raise Refused("还没有填写好的考场记录；要手工填写的，请打印空白考场记录表", "工作方案 四(一)6(2)")
    return pdf(room_records(list(records)), f"考场记录表_{batch.name}")


@require_GET
@duties("R2", "R3", *OFFICERS)
@exports("考场记录表")
def room_record(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(for_printing(), session_room_id=pk)
    require_in_room(actor(request), record.session_room, (*OFFICERS, "Q4"))
    return pdf(room_records([record]), f"考场记录表_{record.session_room}")
