"""Where a bank is thin: items in use by point and type, importance rolled up, points below what is wanted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from assay.bank.models import Item, Specification

WANTED = 4
"""Items that every point should have (dossier F4.8)."""


@dataclass
class PointRow:
    code: str
    name: str
    importance: str
    by_type: dict[str, int]

    @property
    def items(self) -> int:
        return sum(self.by_type.values())

    @property
    def said(self) -> str:
        return f"{self.code} {self.name}（{self.importance}）：{self.items} 题"

    @property
    def shade(self) -> str:
        """none, thin, enough, plenty: how the point is coloured."""
        return (
            "none"
            if not self.items
            else "thin"
            if self.items < WANTED
            else "enough"
            if self.items < 3 * WANTED
            else "plenty"
        )


@dataclass
class RangeRow:
    """`ratio`: points beneath it by importance as the table of points writes it, (132:21:00)."""

    code: str
    name: str
    weight: str
    depth: int
    points: list[PointRow] = field(default_factory=list)
    ratio: str = ""
    items: int = 0
    draw: int = 0


def of(specification: Specification) -> tuple[list[RangeRow], dict[str, int]]:
    """(ranges in order with the points that hang on them, figures of the whole)."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    in_use = Item.objects.filter(specification=specification, state=Item.State.IN_USE, case=None).values_list(
        "point", "type"
    )
    for (hung_on, kind), number in Counter(in_use).items():
        if hung_on is not None:
            counted[hung_on][kind] = number
    ranges = {
        r.code: RangeRow(r.code, r.name, f"{r.weight.normalize():f}", r.code.count("-"), draw=r.draw)
        for r in specification.ranges.order_by("code")
    }
    points = list(specification.points.select_related("range").order_by("code"))
    for point in points:
        ranges[point.range.code].points.append(PointRow(point.code, point.name, point.importance, counted[point.pk]))
    for code, row in ranges.items():
        beneath = [p for c, r in ranges.items() if c == code or c.startswith(f"{code}-") for p in r.points]
        kinds = Counter(p.importance for p in beneath)
        row.ratio = f"({kinds['X']:02}:{kinds['Y']:02}:{kinds['Z']:02})"
        row.items = sum(p.items for p in beneath)
    every = [p for r in ranges.values() for p in r.points]
    figures = {
        "points": len(every), "items": sum(p.items for p in every), "none": sum(p.shade == "none" for p in every),
        "thin": sum(p.shade == "thin" for p in every),
    }  # fmt: skip
    return list(ranges.values()), figures
