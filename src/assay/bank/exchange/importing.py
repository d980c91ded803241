"""Files of items against a specification of the bank: what importing would do, and the file's items taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.bank.models import ColumnMapping, Item, Specification
from assay.interchange import checking, near, reading
from assay.items.content import markup


def examine(
    file: str,
    content: bytes,
    specification: Specification,
    *,
    images: bytes | None = None,
    default_point: str = "",
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> checking.Checked:
    """Read a file and check its items against the bank; nothing is written. `mapping`: title of a column → what it is, beside
    what is remembered. `progress` is told (items done, items in the file)."""
    found = reading.read(file, content, images, {**remembered(), **(mapping or {})})
    total = len(found.drafts)
    return checking.check(found, against(specification, default_point), lambda done: progress(done, total))


def against(specification: Specification, default_point: str = "") -> checking.Against:
    """What the items of a file are checked against."""
    known = Item.objects.filter(specification=specification, case=None).values_list("stem_digest", "pk", "stem")
    return checking.Against(
        dict(specification.points.values_list("code", "name")),
        {digest: pk for digest, pk, _ in known},
        {pk: _plain(stem) for _, pk, stem in known},
        default_point,
    )


def near_items(item: Item) -> list[tuple[int, float]]:
    """Items of the same specification that say nearly the same: (number, overlap), the nearest first."""
    others = item.specification.items.filter(case=None).exclude(pk=item.pk).values_list("pk", "stem")
    return near.near_to(_plain(item.stem), {pk: _plain(stem) for pk, stem in others})


def _plain(stem: str) -> str:
    return markup.plain(markup.parse(stem))


def remembered() -> dict[str, str]:
    """Every title that somebody once explained; the latest word counts."""
    known: dict[str, str] = {}
    for mapping in ColumnMapping.objects.order_by("pk"):
        known |= mapping.mapping
    return known
