"""Reads of the results room."""

from __future__ import annotations

from assay.batches.models import Batch
from assay.results.models import Result
from assay.results.rules import Outcome


def without_basis(batch: Batch) -> list[Result]:
    """Results that are incomplete because a part was left out on nothing."""
    rows = batch.results.filter(outcome=Outcome.INCOMPLETE).select_related(
        "application__applicant",
        "application__batch",
        "application__line__level",
        "application__line__scope_row__occupation",
    )
    return [result for result in rows.order_by("pk") if result.parts_without_basis()]
