"""Score sheets as PDF."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement.models import Assignment, SessionRoom
from assay.batches.models import Batch
from assay.centre.actors import account, actor
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.given import whole
from assay.kernel.refusals import Refused
from assay.kernel.security_log import exports
from assay.marking.models import PanelSheet, SkillDraw
from assay.marking.printing import drawn_paper, score_sheets
from assay.marking.queries import PANEL_ROLES, sheets_for_printing


@require_GET
@duties("X3", "E8", "E9", "E10")
@exports("评分记录表")
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(SessionRoom, pk=pk)
    return _printed(sheets_for_printing().filter(seating__session_room=room), str(room))


@require_GET
@duties("X3", "E8", "E9", "E10")
@exports("评分记录表（多份）")
def batch_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """All score sheets of a batch, or of one session with ?session=."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    found = sheets_for_printing().filter(seating__session_room__session__batch=batch)
    session = whole(request.GET.get("session", ""))
    found = found.filter(seating__session_room__session=session) if session is not None else found
    return _printed(found, batch.name)


def _printed(found: QuerySet[PanelSheet], of: str) -> HttpResponse:
    """There is no paper without a sheet: an empty one would look like one that lost its contents."""
    if not found.exists():
        raise Refused("还没有评分记录表可打印：开了考评组以后才有", "工作方案 四(一)6(2)")
    return pdf(score_sheets(found), f"评分记录表_{of}")


TASK_READERS = ("X3", "E7", "E8")
"""Who may read the paper of any room; an examiner reads that of the own rooms."""


@require_GET
@duties("R3", *TASK_READERS)
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """The operation-skill paper that was drawn for a room; an examiner's own room only."""
    drawn = get_object_or_404(SkillDraw.objects.select_related("paper", "session_room__session"), session_room_id=pk)
    if not actor(request).holds(*TASK_READERS):
        get_object_or_404(
            Assignment, session_room_id=pk, member__account=account(request), role__in=PANEL_ROLES
        )  # fmt: skip
    return pdf(drawn_paper(drawn), f"操作技能试题_{drawn}")
