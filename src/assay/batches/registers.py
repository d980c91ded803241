"""Registers of a batch (登记表): one wide table on official paper, the way every room keeps its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assay.batches.models import Batch
from assay.centre.models import Centre
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks


def day_of(batch: Batch) -> date:
    """The day that papers of a whole batch bear: its last day of exams, or of applications where there are none."""
    return batch.exam_to or batch.exam_on or batch.apply_to


def register(
    batch: Batch, name: str, head: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[str], *,
    empty: str = "（无）", signed_by: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """PDF, landscape: `name` over a table with `head` and `rows`, lines for signatures below when asked for."""
    centre = Centre.objects.get()
    paper = [b.title(name, above=centre.name, below=batch.name), b.table(head, rows, widths=widths, empty=empty)]
    if signed_by:
        paper.append(b.signatures(*signed_by))
    return render_blocks([paper], landscape=True, demo=centre.is_demo, on=day_of(batch))
