"""Specifications: made, brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Q

from assay.bank.models import Item, Point, Range, Specification
from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import Part
from assay.items.specification import PointRow, drawing_problems, specification_problems
from assay.kernel.acts import Context, act
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"


@act("bank.install_specification", duty="X4", title="编制细目表", clause="三(五)")
def install_specification(
    ctx: Context,
    *,
    occupation: Occupation,
    level: Level,
    title: str,
    rows: Sequence[PointRow],
    job: str = "",
    part: str = Part.THEORY,
    is_demo: bool = False,
) -> Specification:
    """Make the specification, or bring it up to date: ranges and points by code. What is no longer listed goes, unless items
    that are not retired hang on it: those have to find another point first."""
    problems = specification_problems(rows) + (drawing_problems(rows) if part == Part.SKILL else [])
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
    live = Count("items", filter=~Q(items__state__in=[Item.State.RETIRED, Item.State.REPLACED]))
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
