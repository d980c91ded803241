"""The rows of a specification as they come in, and what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assay.items.sheet import TENTH, worth_of

LONGEST_NAMES = {"range": 60, "point": 80}
"""Characters of a name, as the tables have room for."""


@dataclass(frozen=True)
class PointRow:
    """A row of a specification as given: a range (with weight, of operation skill also how many tasks are drawn) or a point
    (with importance)."""

    code: str
    parent: str
    kind: str
    name: str
    weight: Decimal | None = None
    importance: str = ""
    draw: int = 1


def specification_problems(rows: Sequence[PointRow]) -> list[str]:
    """Codes twice, parents unknown, weights that do not add up to the parent's (to 100 at the top)."""
    codes = [r.code for r in rows]
    problems = [f"代码 {c} 重复" for c in sorted({c for c in codes if codes.count(c) > 1})]
    ranges = {r.code: r for r in rows if r.kind == "range"}
    for row in rows:
        if row.kind == "point" and not row.parent:
            problems.append(f"鉴定点 {row.code} 没有上级范围")
        if row.parent and row.parent not in ranges:
            problems.append(f"{row.code} 的上级 {row.parent} 不存在")
        if not row.name or len(row.name) > LONGEST_NAMES[row.kind]:
            problems.append(f"{row.code} 的名称应有 1 至 {LONGEST_NAMES[row.kind]} 字")
        if row.kind == "point" and row.importance not in ("X", "Y", "Z"):
            problems.append(f"{row.code} 的重要程度应为 X、Y 或 Z")
    for parent in ("", *ranges):
        below = [r.weight or Decimal(0) for r in ranges.values() if r.parent == parent]
        expected = ranges[parent].weight if parent else Decimal(100)
        if below and sum(below, Decimal(0)) != expected:
            problems.append(f"{parent or '一级范围'} 之下比重合计 {sum(below, Decimal(0))}，应为 {expected}")
    return problems


def drawing_problems(rows: Sequence[PointRow]) -> list[str]:
    """Of operation skill: what one task of a range counts is something, with at most one decimal."""
    problems = []
    for row in rows:
        below = sum(1 for r in rows if r.kind == "point" and r.parent == row.code)
        if row.kind != "range" or not below:
            continue
        worth = worth_of(row.weight or Decimal(0), row.draw)
        if not worth or worth != worth.quantize(TENTH):
            problems.append(f"{row.code} 比重 {row.weight} 抽 {row.draw} 题，每题的分值不是一位小数，请调整")
    return problems
