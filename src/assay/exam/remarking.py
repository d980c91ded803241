"""A collected theory sheet marked anew: its answers against the key of its paper, with what examiners settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assay.bridge import contract
from assay.exam.marks import Key, key_of, mark_sheet
from assay.exam.models import TheorySheet


@dataclass(frozen=True)
class MarkedAgain:
    """The mark that the sheet has by itself, or why it can have none."""

    mark: Decimal | None
    problem: str = ""


def mark_again(sheets: Sequence[TheorySheet]) -> dict[int, MarkedAgain]:
    """By application. Each paper is opened once; sheets with `seating__paper` and `written` at hand."""
    keys: dict[int, Key] = {}
    return {sheet.application_id: _mark(sheet, keys) for sheet in sheets}


def _mark(sheet: TheorySheet, keys: dict[int, Key]) -> MarkedAgain:
    paper = sheet.seating.paper
    if sheet.absent or paper is None:
        return MarkedAgain(None, "缺考，没有答卷可以重判")
    if contract.sheet_digest(str(sheet.seating_id), sheet.answers) != sheet.sheet_digest:
        return MarkedAgain(None, "答卷与收卷时的校验码不符，不能重判：请先核验台账，查明答卷被何人改动")
    if paper.pk not in keys:
        keys[paper.pk] = key_of(paper.frozen())
    written = [answer.mark for answer in sheet.written.all()]
    if None in written:
        return MarkedAgain(None, "主观题还没有定分，不能重判")
    return MarkedAgain(
        mark_sheet(keys[paper.pk], sheet.answers) + sum((m for m in written if m is not None), Decimal(0))
    )
