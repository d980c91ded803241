"""What acts of later rooms do to theory sheets: within their act, in this room's own words."""

from __future__ import annotations

from decimal import Decimal

from assay.exam.models import TheorySheet, WrittenAnswer
from assay.kernel.acts import Context


def settle(ctx: Context, answer: WrittenAnswer, mark: Decimal, note: str) -> None:
    """A written answer (locked) has its mark; with the last one the sheet has its own."""
    answer.mark, answer.settled_at, answer.note = mark, ctx.at, note
    answer.save()
    ctx.record(answer)
    sheet = TheorySheet.objects.select_for_update().get(pk=answer.sheet_id)
    marks = list(sheet.written.values_list("mark", flat=True))
    if None in marks:
        return
    sheet.mark = (sheet.objective or Decimal(0)) + sum((m for m in marks if m is not None), Decimal(0))
    sheet.save()
    ctx.record(sheet)
