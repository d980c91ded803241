"""Reads of the marking room."""

from __future__ import annotations

from assay.batches.models import BatchLine
from assay.marking.models import SheetTemplate


def template_for(line: BatchLine, part: str) -> SheetTemplate | None:
    """The score sheet in use for a line: the job's own, else the occupation's."""
    found = SheetTemplate.objects.filter(occupation=line.scope_row.occupation, level=line.level, part=part, active=True)
    return found.filter(job=line.scope_row.job).first() or found.filter(job="").first()
