"""The items of a specification on their way into a file."""

from __future__ import annotations

from assay.bank.models import Item, Specification
from assay.bank.queries import closed_items
from assay.bank.showing import row_of
from assay.interchange.outgoing import Outgoing, OutItem
from assay.items.row import ItemRow
from assay.kernel import files


def bank_of(specification: Specification) -> Outgoing:
    """All items in use, but those on papers that are sealed and were not sat yet."""
    in_use = Item.objects.filter(specification=specification, state=Item.State.IN_USE, case=None).select_related(
        "point"
    )
    closed = closed_items(specification)
    rows = [row_of(item) for item in in_use.order_by("point__code", "pk") if item.pk not in closed]
    digests = {digest for row in rows for digest in row.pictures()}
    return Outgoing(
        specification.title, [_out(n, row) for n, row in enumerate(rows, start=1)], {d: files.read(d) for d in digests}
    )


def _out(number: int, row: ItemRow) -> OutItem:
    return OutItem(
        number, row.type, row.stem, row.options, row.premises, row.key, row.difficulty, row.point, row.explanation,
        row.reference, tuple(_out(n, part) for n, part in enumerate(row.parts, start=1)),
    )  # fmt: skip
