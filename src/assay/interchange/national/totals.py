"""What the parts of a table must add up to: weights to the parent's, points to the proportions and to the number stated. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assay.interchange.national.cells import ratio_text


@dataclass(frozen=True)
class Place:
    """A row of a sheet as the user sees it; `number`: which sheet it is."""

    number: int
    sheet: str
    row: int

    def said(self) -> str:
        return f"“{self.sheet}”第 {self.row} 行" if self.number else f"第 {self.row} 行"


@dataclass
class ReadRange:
    """A range as read. `letter`: its own part of the code, '' when unreadable; `weight`: None when unreadable."""

    code: str
    letter: str
    name: str
    parent: ReadRange | None
    place: Place
    weight_title: str
    ratio_title: str
    weight: Decimal | None
    ratio: tuple[int, int, int] | None
    children: list[ReadRange] = field(default_factory=list)
    points: list[ReadPoint] = field(default_factory=list)
    numbers: dict[str, Place] = field(default_factory=dict)

    def every_point(self) -> list[ReadPoint]:
        return [*self.points, *(p for child in self.children for p in child.every_point())]


@dataclass(frozen=True)
class ReadPoint:
    code: str
    name: str
    importance: str
    range: ReadRange


Found = tuple[Place, str, str]


def total_problems(
    ranges: Sequence[ReadRange], points: Sequence[ReadPoint], stated: Sequence[tuple[Place, int]]
) -> Iterator[Found]:
    """(place, column, message) of each sum that is off."""
    top = [r for r in ranges if r.parent is None]
    if top:
        yield from _weights(top[0].place, top[0].weight_title, "一级范围", top, Decimal(100))
    for one in ranges:
        if one.children and one.weight is not None:
            yield from _weights(one.place, one.weight_title, f"{one.code} 之下", one.children, one.weight)
        if one.children and one.points:
            yield one.place, one.weight_title, f"{one.code} 之下既有范围又有直接的鉴定点，请把点都归到下一级范围"
        yield from _ratio(one)
    if ranges and not points:
        yield Place(ranges[0].place.number, ranges[0].place.sheet, 0), "", "没有鉴定点"
    for place, number in stated:
        if number != len(points):
            yield place, "鉴定点数", f"写的是 {number} 个鉴定点，表中有 {len(points)} 个，请核对是否漏行或改正点数"


def _weights(place: Place, column: str, name: str, parts: Sequence[ReadRange], whole: Decimal) -> Iterator[Found]:
    weights = [p.weight for p in parts if p.weight is not None]
    total = sum(weights, Decimal(0))
    if total == whole or len(weights) < len(parts):
        return
    hint = "；单元格若设成了百分比格式，请改为数字" if whole == 100 and total == 1 else ""
    yield place, column, f"{name}比重合计 {total.normalize():f}，应为 {whole.normalize():f}，请核对各范围的比重{hint}"


def _ratio(one: ReadRange) -> Iterator[Found]:
    beneath = one.every_point()
    if one.ratio is None or not all(p.importance for p in beneath):
        return
    counted = Counter(p.importance for p in beneath)
    found = (counted["X"], counted["Y"], counted["Z"])
    if one.ratio != found:
        yield (
            one.place,
            one.ratio_title,
            f"{one.code} 写的是 {ratio_text(one.ratio)}，下面的鉴定点实有 {ratio_text(found)}，请核对鉴定点或改正比例",
        )
