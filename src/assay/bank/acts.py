"""Specifications, items and papers: made, mended, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from assay.bank import rules
from assay.bank.models import Item, Paper, Point, Range, Specification
from assay.catalogue.models import Level, Occupation, PaperPattern
from assay.kernel.acts import Context, act
from assay.kernel.ledger import canonical_json
from assay.kernel.models import StoredFile
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"


@dataclass(frozen=True)
class PointRow:
    """A row of a specification as given: a range (with weight) or a point (with importance)."""

    code: str
    parent: str
    kind: str
    name: str
    weight: Decimal | None = None
    importance: str = ""


@dataclass(frozen=True)
class ItemRow:
    """An item as given: `key` normalised, `image` already kept."""

    point: str
    type: str
    difficulty: int
    stem: str
    options: tuple[str, ...]
    key: str
    explanation: str = ""
    image: StoredFile | None = None


@act("bank.install_specification", duty="X4", title="编制细目表", clause="三(五)")
def install_specification(
    ctx: Context,
    *,
    occupation: Occupation,
    level: Level,
    title: str,
    rows: Sequence[PointRow],
    job: str = "",
    is_demo: bool = False,
) -> Specification:
    """Make the specification, or bring it up to date: ranges and points by code; points that carry items stay."""
    problems = specification_problems(rows)
    if problems:
        raise Refused("；".join(problems[:10]), CLAUSE)
    specification, _ = Specification.objects.update_or_create(
        occupation=occupation, job=job, level=level, defaults={"title": title, "is_demo": is_demo}
    )
    ctx.record(specification)
    ranges = {}
    for row in rows:
        if row.kind == "range":
            ranges[row.code], _ = Range.objects.update_or_create(
                specification=specification,
                code=row.code,
                defaults={"name": row.name, "weight": row.weight or Decimal(0)},
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
    return specification


def specification_problems(rows: Sequence[PointRow]) -> list[str]:
    """Codes twice, parents unknown, weights that do not add up to the parent's (to 100 at the top)."""
    codes = [r.code for r in rows]
    problems = [f"代码 {c} 重复" for c in sorted({c for c in codes if codes.count(c) > 1})]
    ranges = {r.code: r for r in rows if r.kind == "range"}
    for row in rows:
        if row.parent and row.parent not in ranges:
            problems.append(f"{row.code} 的上级 {row.parent} 不存在")
        if row.kind == "point" and row.importance not in ("X", "Y", "Z"):
            problems.append(f"{row.code} 的重要程度应为 X、Y 或 Z")
    for parent in ("", *ranges):
        below = [r.weight or Decimal(0) for r in ranges.values() if r.parent == parent]
        expected = ranges[parent].weight if parent else Decimal(100)
        if below and sum(below, Decimal(0)) != expected:
            problems.append(f"{parent or '一级范围'} 之下比重合计 {sum(below, Decimal(0))}，应为 {expected}")
    return problems


@act("bank.import_items", duty=("X4", "R4"), title="导入试题", clause="三(七)2")
def import_items(ctx: Context, specification: Specification, rows: Sequence[ItemRow]) -> list[Item]:
    """Add all rows, or none: every row must be sound and new (stems already in the bank are refused by name)."""
    points = {p.code: p for p in specification.points.all()}
    known = set(Item.objects.filter(point__specification=specification).values_list("stem_digest", flat=True))
    items = []
    for number, row in enumerate(rows, start=1):
        problems = rules.item_problems(row.type, row.stem, row.options, row.key, row.difficulty)
        if row.point not in points:
            problems.append(f"细目表中没有鉴定点 {row.point}")
        digest = rules.stem_digest(row.type, row.stem)
        if digest in known:
            problems.append("题干与已有试题重复")
        known.add(digest)
        if problems:
            raise Refused(f"第 {number} 题：{'；'.join(problems)}", CLAUSE)
        items.append(_item(points[row.point], row, digest))
    Item.objects.bulk_create(items, batch_size=500)
    ctx.record_all(items)
    if not items:
        ctx.note = "没有新试题"
    return items


def _item(point: Point, row: ItemRow, digest: str) -> Item:
    return Item(
        point=point,
        type=row.type,
        difficulty=row.difficulty,
        stem=row.stem,
        stem_digest=digest,
        options=list(row.options),
        key=row.key,
        explanation=row.explanation,
        image=row.image,
    )


@act("bank.save_item", duty=("X4", "R4"), title="编辑试题", clause="三(五)")
def save_item(ctx: Context, item: Item | None, row: ItemRow, specification: Specification) -> Item:
    """Make an item or a new version of one; papers keep the version they were made with."""
    problems = rules.item_problems(row.type, row.stem, row.options, row.key, row.difficulty)
    point = specification.points.filter(code=row.point).first()
    if point is None:
        problems.append(f"细目表中没有鉴定点 {row.point}")
    digest = rules.stem_digest(row.type, row.stem)
    same = Item.objects.filter(point__specification=specification, stem_digest=digest)
    if (same.exclude(pk=item.pk) if item else same).exists():
        problems.append("题干与已有试题重复")
    if problems or point is None:
        raise Refused("；".join(problems), CLAUSE)
    made = _item(point, row, digest)
    if item is not None:
        former = Item.objects.select_for_update().get(pk=item.pk)
        made.pk, made.version, made.exposure, made.state = former.pk, former.version + 1, former.exposure, former.state
        made.image = row.image or former.image
    made.save()
    ctx.record(made)
    return made


@act("bank.set_item_state", duty="X4", title="启用停用试题", clause="题库建设管理办法")
def set_item_state(ctx: Context, item: Item, state: str) -> Item:
    """Put an item in use or retire it."""
    if state not in dict(Item.STATES):
        raise Refused(f"状态“{state}”不认识", CLAUSE)
    item = Item.objects.select_for_update().get(pk=item.pk)
    item.state = state
    item.save()
    ctx.record(item)
    return item


@act("bank.assemble", duty=("E7", "X4"), title="组卷", clause="三(五)")
def assemble(
    ctx: Context, specification: Specification, pattern: PaperPattern, *, seed: int, form: str = "A", title: str = ""
) -> Paper:
    """Assemble a paper by the pattern and the specification's weights, and freeze its content."""
    items = {
        i.pk: i
        for i in Item.objects.filter(point__specification=specification, state="in_use").select_related("point__range")
    }
    pool = [
        rules.PoolItem(
            i.pk, i.type, _area(i.point.range.code), i.point.code, i.point.importance, i.difficulty, i.exposure
        )
        for i in items.values()
    ]
    drawn = rules.draw(pool, pattern.sections, _weights(specification), seed)
    if drawn.short:
        raise Refused(f"“{specification}”组不成卷：{'；'.join(drawn.short)}", CLAUSE)
    marks = {s["type"]: str(s["mark"]) for s in pattern.sections}
    content = [_frozen(items[d.pk], marks[d.type]) for d in drawn.items]
    paper = Paper.objects.create(
        specification=specification,
        title=title or f"{specification.title} {form} 卷",
        form=form,
        minutes=pattern.minutes,
        sections=pattern.sections,
        content=content,
        seed=seed,
        digest=content_digest(content),
        created_at=ctx.at,
    )
    ctx.record(paper)
    return paper


def _area(range_code: str) -> str:
    """The second-level range that an item's weight is counted in (the first where there is no second)."""
    return "-".join(range_code.split("-")[:2])


def _weights(specification: Specification) -> dict[str, Decimal]:
    """Weights of the second-level ranges; a first-level range without children counts itself."""
    ranges = {r.code: r.weight for r in specification.ranges.all()}
    return {
        code: weight
        for code, weight in ranges.items()
        if code.count("-") == 1 or (code.count("-") == 0 and not any(c.startswith(f"{code}-") for c in ranges))
    }


def _frozen(item: Item, mark: str) -> dict[str, Any]:
    return {
        "item": item.pk,
        "version": item.version,
        "type": item.type,
        "mark": mark,
        "stem": item.stem,
        "options": item.options,
        "image": item.image_id,
        "key": item.key,
    }


def content_digest(content: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the frozen content, keys included: nobody can say afterwards that the paper was changed."""
    return sha256(canonical_json(list(content))).hexdigest()


@act("bank.seal", duty="E7", title="封存试卷", clause="三(一)2(1)⑦")
def seal(ctx: Context, paper: Paper) -> Paper:
    """Seal a paper: encrypted, its digest in the ledger, its items counted as used; only the exam opens it again."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if paper.state != "assembled":
        raise Refused(f"试卷{paper.get_state_display()}，不能封存", "工作方案 三(一)2(1)⑦")
    if content_digest(paper.content) != paper.digest:
        raise Refused("试卷内容与组卷时的摘要不符，请作废重组", "工作方案 三(一)2(1)⑦")
    items = list(Item.objects.select_for_update().filter(pk__in=[c["item"] for c in paper.content]))
    paper.state = "sealed"
    paper.lock_away()
    paper.save()
    for item in items:
        item.exposure += 1
    Item.objects.bulk_update(items, ["exposure"], batch_size=500)
    ctx.record(paper)
    return paper
