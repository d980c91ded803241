"""Score sheets as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement.models import Assignment, SessionRoom
from assay.centre.actors import account, actor
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.security_log import exports
from assay.marking.models import SkillDraw
from assay.marking.printing import drawn_paper, score_sheets
from assay.marking.queries import PANEL_ROLES, sheets_for_printing


@require_GET
@duties("X3", "E8", "E9", "E10")
@exports("评分记录表")
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(SessionRoom, pk=pk)
    return pdf(score_sheets(sheets_for_printing().filter(seating__session_room=room)), f"评分记录表_{room}")


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
