"""Reads of the marking room."""

from __future__ import annotations

from django.db.models import QuerySet

from assay.batches.models import BatchLine
from assay.marking.models import PanelSheet, SheetTemplate


def template_for(line: BatchLine, part: str) -> SheetTemplate | None:
    """The score sheet in use for a line: the job's own, else the occupation's."""
    found = SheetTemplate.objects.filter(occupation=line.scope_row.occupation, level=line.level, part=part, active=True)
    return found.filter(job=line.scope_row.job).first() or found.filter(job="").first()


def sheets_for_printing() -> QuerySet[PanelSheet]:
    """Panel sheets with everything that their paper shows, in order of room and seat."""
    return (
        PanelSheet.objects.select_related(
            "template", "seating__session_room__room", "seating__session_room__session", "application__ticket",
            "application__line__scope_row__occupation", "application__line__level",
        )
        .prefetch_related("scores__member")
        .order_by("seating__session_room", "seating__seat")
    )  # fmt: skip
