"""Specifications: made, brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from assay.bank.models import Item, Point, Range, Specification
from assay.bank.skill.sheet import TENTH, worth_of
from assay.catalogue.models import Level, Occupation
from assay.kernel.acts import Context, act
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"
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


@act("bank.install_specification", duty="X4", title="编制细目表", clause="三(五)")
def install_specification(
    ctx: Context,
    *,
    occupation: Occupation,
    level: Level,
    title: str,
    rows: Sequence[PointRow],
    job: str = "",
    part: str = "theory",
    is_demo: bool = False,
) -> Specification:
    """Make the specification, or bring it up to date: ranges and points by code. What is no longer listed goes, unless items
    that are not retired hang on it: those have to find another point first."""
    problems = specification_problems(rows) + (drawing_problems(rows) if part == "skill" else [])
    if problems:
        raise Refused("；".join(problems[:10]), CLAUSE)
    specification, _ = Specification.objects.update_or_create(
        occupation=occupation, job=job, level=level, part=part, defaults={"title": title, "is_demo": is_demo}
    )
    ctx.record(specification)
    ranges = {}
    for row in rows:
        if row.kind == "range":
            ranges[row.code], _ = Range.objects.update_or_create(
                specification=specification,
                code=row.code,
                defaults={"name": row.name, "weight": row.weight or Decimal(0), "draw": row.draw},
            )
    for row in rows:
        if row.kind == "point":
            point, _ = Point.objects.update_or_create(
                specification=specification,
                code=row.code,
                defaults={"name": row.name, "importance": row.importance, "range": ranges[row.parent]},
            )
            ctx.record(point)
    ctx.record_all(ranges.values())
    _drop_unlisted(ctx, specification, {row.code for row in rows})
    return specification


def _drop_unlisted(ctx: Context, specification: Specification, listed: set[str]) -> None:
    gone = specification.points.exclude(code__in=listed)
    live = Count("items", filter=~Q(items__state__in=["retired", "replaced"]))
    busy = [f"鉴定点 {p.code} 还挂着 {p.live} 题" for p in gone.annotate(live=live).filter(live__gt=0)]
    if busy:
        raise Refused(f"新表中没有的{'；'.join(busy[:10])}，请先改挂到别的鉴定点或停用", CLAUSE)
    left = list(Item.objects.select_for_update().filter(point__in=gone))
    for item in left:
        item.point = None
    rewrite(left, ["point"])
    ctx.record_all(left)
    for unlisted in (gone, specification.ranges.exclude(code__in=listed)):
        for pk in unlisted.values_list("pk", flat=True):
            ctx.record_removed(unlisted.model, pk)
        unlisted.delete()


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
