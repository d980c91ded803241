"""Papers: assembled, looked through, sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import F

from assay.assembly import mixes, solving
from assay.assembly.blueprint import Blueprint, PoolItem, Section
from assay.assembly.swapping import best_swap, swap_problems
from assay.bank.models import TEXTS, Item, Paper, Specification
from assay.bank.queries import closed_items, parallel_to, why_closed
from assay.bank.writing.acts.items import require_secrecy
from assay.catalogue.models import PaperPattern
from assay.catalogue.parts import Part
from assay.items.answers import TYPES
from assay.items.rules import split_mark
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.ledger import canonical_json
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"
Content = list[dict[str, Any]]
"""What stands on a paper: its items as they were frozen."""
SEALING = "工作方案 三(一)2(1)⑦"
NOT_COUNTED = "停用的题，以及已封存、还没有考的试卷上的题不计在内"


@dataclass(frozen=True)
class Options:
    """What whoever assembles may choose: mean difficulty (1 easy to 5), wear and rest of items, whether rules that cannot be
    met may be come near to only, and the mixes of importance (X, Y, Z) and of difficulty (1 to 5) in per cent, each kind but
    for `tolerance` items; a mix that is empty is not asked for."""

    difficulty: Decimal = Decimal("2.75")
    most_exposure: int | None = None
    rest_days: int = 0
    relaxed: bool = False
    importance: Mapping[str, Decimal] = field(default_factory=dict)
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    tolerance: int = mixes.TOLERANCE

    def as_json(self) -> dict[str, Any]:
        """What has to hold on when the paper is changed by hand."""
        return {
            "most_exposure": self.most_exposure, "rest_days": self.rest_days, "tolerance": self.tolerance,
            "importance": {kind: str(share) for kind, share in self.importance.items()},
            "levels": {level: str(share) for level, share in self.levels.items()},
        }  # fmt: skip


@act("bank.assemble", duty=("E7", "X4"), title="组卷", clause="三(五)")
def assemble(
    ctx: Context,
    specification: Specification,
    pattern: PaperPattern,
    *,
    seed: int,
    forms: Sequence[str] = ("A",),
    title: str = "",
    options: Options | None = None,
) -> list[Paper]:
    """Assemble parallel forms by the pattern and the specification's weights, under all rules, and freeze their content.
    Where a rule cannot be met nothing is made and the refusal says which and by how many items, unless `options.relaxed`;
    then the papers say what they lack."""
    require_secrecy(ctx)
    options = options or Options()
    items = _in_use(specification)
    pool = pool_of(items.values(), clock.day_of(ctx.at))
    made = solving.assemble(
        blueprint_of(specification, pattern, options), pool, len(forms), seed, relaxed=options.relaxed,
    )  # fmt: skip
    short = [named(s.message, specification) for s in made.shortages]
    if not made.forms or any(len(form) < sum(int(s["count"]) for s in pattern.sections) for form in made.forms):
        way_on = "" if options.relaxed else "。可以补充试题、减少套数，或选择“题库不足时尽量接近”"
        raise Refused(f"“{specification}”组不成卷：{'；'.join(short[:12])}。{NOT_COUNTED}{way_on}", CLAUSE)
    marks = {s["type"]: str(s["mark"]) for s in pattern.sections}
    whole = Item.objects.in_bulk([d.pk for form in made.forms for d in form])
    papers: list[tuple[Paper, Content]] = []
    for form, drawn in zip(forms, made.forms, strict=True):
        content = [frozen(whole[d.pk], marks[d.type]) for d in drawn]
        paper = Paper(
            specification=specification,
            title=title or f"{paper_name(specification)} {form} 卷",
            form=form,
            minutes=pattern.minutes,
            sections=pattern.sections,
            seed=seed,
            deviations=short,
            rules=options.as_json(),
            gap=Decimal(str(round(made.gap, 4))),
            created_at=ctx.at,
        )
        papers.append((paper, content))
    return keep_papers(ctx, specification, papers)


def keep_papers(ctx: Context, specification: Specification, made: Sequence[tuple[Paper, Content]]) -> list[Paper]:
    """Save and record papers that were put together, each with what stands on it."""
    papers = []
    for paper, content in made:
        paper.digest = content_digest(content)
        paper.put_on(content)
        paper.save()
        papers.append(paper)
    ctx.note = _forms_made(specification, papers)
    ctx.record_all(papers)
    return papers


def require_readable(paper: Paper) -> None:
    """Raises Refused once nobody looks at its content any more."""
    if closed := why_closed(paper):
        raise Refused(closed, "工作方案 三(一)2(1)⑪")


@act("bank.read_paper", duty=("E7", "X4"), title="查阅未封存的试卷", clause="三(一)2(1)⑪", guard=require_readable)
def read_paper(ctx: Context, paper: Paper) -> None:
    """Look a paper through before it is sealed, keys and all: the reading stays on record."""
    require_secrecy(ctx)
    require_readable(Paper.objects.select_for_update().only("state").get(pk=paper.pk))
    ctx.note = paper.cited()


def _forms_made(specification: Specification, papers: Sequence[Paper]) -> str:
    """As the ledger says it."""
    return f"“{specification}”{len(papers)} 套：编号 {'、'.join(str(paper.pk) for paper in papers)}"


def paper_name(specification: Specification) -> str:
    """What is written on a paper: the job, the level and what it is, not the name of its table of points."""
    what = "理论知识试卷" if specification.part == Part.THEORY else "操作技能试卷"
    return f"{specification.job or specification.occupation.name}（{specification.level.title}）{what}"


def _in_use(specification: Specification) -> dict[int, Item]:
    """What may be drawn, without its texts: not what stands on a paper that is sealed and still to be sat, for this one is
    looked through."""
    found = Item.objects.filter(specification=specification, state=Item.State.IN_USE, case=None).defer(*TEXTS)
    closed = closed_items(specification)
    return {
        i.pk: i for i in found.select_related("point__range").prefetch_related("enemy_groups") if i.pk not in closed
    }


def pool_of(items: Iterable[Item], day: date) -> list[PoolItem]:
    """Items as the solver sees them."""
    return [
        PoolItem(
            i.pk, i.type, _area(i.point.range.code), i.point.code, i.point.importance, i.difficulty, i.exposure,
            (day - i.last_used).days if i.last_used else None, tuple(sorted(g.pk for g in i.enemy_groups.all())),
        )
        for i in items
        if i.point is not None
    ]  # fmt: skip


def blueprint_of(specification: Specification, pattern: PaperPattern, options: Options) -> Blueprint:
    """The rules that a paper of the specification has to keep."""
    sections = [Section(s["type"], int(s["count"]), Decimal(str(s["mark"]))) for s in pattern.sections]
    return Blueprint(
        sections, _weights(specification), options.difficulty, options.importance, options.most_exposure, options.rest_days,
        levels=options.levels, tolerance=options.tolerance,
    )  # fmt: skip


def named(message: str, specification: Specification) -> str:
    """A shortage with the names of types and ranges beside their codes."""
    for code, title in TYPES.items():
        message = message.replace(f"题型 {code}：", f"{title}：")
    for found in specification.ranges.all():
        message = message.replace(f"鉴定范围 {found.code}：", f"鉴定范围 {found}：")
    return message


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


def frozen(item: Item, mark: str) -> dict[str, Any]:
    """An item as it stands on a paper: everything that showing and marking it takes."""
    return {
        "item": item.pk,
        "version": item.version,
        "type": item.type,
        "mark": mark,
        "stem": item.stem,
        "options": item.options,
        "premises": item.premises,
        "image": item.image_id,
        "key": item.key,
        **({"sheet": item.sheet} if item.sheet else {}),
        **({"parts": _parts(item, Decimal(mark))} if item.type == "case" else {}),
    }


def _parts(case: Item, mark: Decimal) -> list[dict[str, Any]]:
    parts = list(case.live_parts())
    return [frozen(part, str(own)) for part, own in zip(parts, split_mark(mark, len(parts)), strict=True)]


def require_changeable(paper: Paper) -> None:
    """Raises Refused once a paper is sealed, printed or on its way: what is in people's hands has to be what is marked."""
    if paper.state != Paper.State.ASSEMBLED:
        raise Refused(f"试卷{paper.get_state_display()}，不能换题", CLAUSE)
    if paper.printed or paper.copies.exists():
        raise Refused("试卷已印制或发放，换题后与印出的不符；需要改动请重新组卷", CLAUSE)


def require_place(paper: Paper, number: int) -> None:
    """Raises Refused where the paper has no item of that number (from 1)."""
    if not 1 <= number <= len(paper.content):
        raise Refused(f"试卷没有第 {number} 题", CLAUSE)


@act("bank.swap_item", duty=("E7", "X4"), title="试卷换题", clause="三(五)", guard=require_changeable)
def swap_item(ctx: Context, paper: Paper, number: int, wanted: int | None = None) -> Item:
    """Another item in the place of item `number` (from 1) of a paper that is not sealed: the one that is `wanted`, or the one
    that fits in best. The paper keeps its rules; what breaks one is refused with its reason."""
    require_secrecy(ctx)
    paper = Paper.objects.select_for_update().select_related("specification").get(pk=paper.pk)
    require_changeable(paper)
    require_place(paper, number)
    items = _in_use(paper.specification)
    pool = {p.pk: p for p in pool_of(items.values(), clock.day_of(ctx.at))}
    form = [pool[e["item"]] for e in paper.content if e["item"] in pool]
    old = pool.get(paper.content[number - 1]["item"]) or _as_it_stood(paper, number)
    blueprint = _blueprint_as_made(paper)
    points = len({p.point for p in pool.values()})
    others = {item for other in parallel_to(paper) for item in other.items()}
    free = [item for item in pool.values() if item.pk not in others and item.pk not in paper.swapped_out]
    new = pool.get(wanted) if wanted else best_swap(form, old, free, blueprint, points)
    if new is None:
        raise Refused("题库中没有可以换上的题" if wanted is None else f"在用试题中没有编号 {wanted} 的题", CLAUSE)
    problems = swap_problems(form, old, new, blueprint, points)
    if problems:
        raise Refused(f"不能换成试题 {new.pk}：{'；'.join(problems)}", CLAUSE)
    if new.pk in others:
        raise Refused(f"试题 {new.pk} 在同批组成的平行卷上", CLAUSE)
    found = Item.objects.get(pk=new.pk)
    put_in_place(ctx, paper, number, frozen(found, paper.content[number - 1]["mark"]))
    return found


def put_in_place(ctx: Context, paper: Paper, number: int, entry: dict[str, Any]) -> None:
    """Within the acts that swap: an item, as it is to stand on the paper, in the place of number `number` (from 1). What came in
    is said to whoever swaps and not to the ledger, which is read by more people than the paper."""
    old = paper.content[number - 1]["item"]
    paper.put_on([*paper.content[: number - 1], entry, *paper.content[number:]])
    paper.swapped_out = [*paper.swapped_out, old]
    paper.digest = content_digest(paper.content)
    paper.save()
    ctx.note = f"{paper.cited()}第 {number} 题：换下试题 {old}"
    ctx.record(paper)


def _as_it_stood(paper: Paper, number: int) -> PoolItem:
    """An item that is out of use meanwhile, as it is swapped for another."""
    kept = Item.objects.select_related("point__range").prefetch_related("enemy_groups")
    return pool_of([kept.get(pk=paper.content[number - 1]["item"])], clock.day_of(paper.created_at))[0]


def _blueprint_as_made(paper: Paper) -> Blueprint:
    sections = [Section(s["type"], int(s["count"]), Decimal(str(s["mark"]))) for s in paper.sections]
    rules = paper.rules
    return Blueprint(
        sections, _weights(paper.specification), importance=_shares(rules.get("importance")), levels=_shares(rules.get("levels")),
        most_exposure=rules.get("most_exposure"), rest_days=rules.get("rest_days") or 0,
        tolerance=rules.get("tolerance", mixes.TOLERANCE),
    )  # fmt: skip


def _shares(kept: Mapping[str, str] | None) -> dict[str, Decimal]:
    return {kind: Decimal(share) for kind, share in (kept or {}).items()}


def require_printable(paper: Paper) -> None:
    """Raises Refused once it is sealed: then nobody sees it again before the exam."""
    if paper.state != Paper.State.ASSEMBLED:
        raise Refused(f"试卷{paper.get_state_display()}，封存前才能印制", CLAUSE)


@act("bank.print_paper", duty="E7", title="印制试卷", clause="三(一)2(1)⑦", guard=require_printable)
def print_paper(ctx: Context, paper: Paper, part: str, copies: int) -> None:
    """That a paper was taken to be printed, for rooms without computers: which part, how many copies."""
    require_secrecy(ctx)
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    require_printable(paper)
    if not 1 <= copies <= 5000:
        raise Refused("份数应在 1 至 5000 之间", CLAUSE)
    paper.printed += copies
    paper.save(update_fields=["printed"])
    ctx.record(paper)
    ctx.note = f"{paper.cited()}{part} {copies} 份，校验码 {paper.digest[:16]}"


def content_digest(content: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the frozen content, keys included: nobody can say afterwards that the paper was changed."""
    return sha256(canonical_json(list(content))).hexdigest()


def require_sealable(paper: Paper) -> None:
    """Raises Refused unless it still is as it was made, with items that are all in use."""
    if paper.state != Paper.State.ASSEMBLED:
        raise Refused(f"试卷{paper.get_state_display()}，不能封存", SEALING)
    if content_digest(paper.content) != paper.digest:
        raise Refused("试卷内容与组卷时的校验码不符，请作废重组", SEALING)
    numbers = paper.items()
    stopped = set(Item.objects.filter(pk__in=numbers).exclude(state=Item.State.IN_USE).values_list("pk", flat=True))
    if stopped:
        places = "、".join(str(n) for n, item in enumerate(numbers, start=1) if item in stopped)
        raise Refused(f"第 {places} 题已不在用（停用、泄密或正在修改），请先换题", SEALING)


@act("bank.seal", duty="E7", title="封存试卷", clause="三(一)2(1)⑦", guard=require_sealable)
def seal(ctx: Context, paper: Paper) -> Paper:
    """Seal a paper: its digest in the ledger, its items closed to all; only the exam opens it again."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    list(Item.objects.select_for_update().filter(pk__in=paper.items()).order_by("pk").values_list("pk"))
    require_sealable(paper)
    paper.state = Paper.State.SEALED
    paper.lock_away()
    paper.save()
    ctx.note = f"{paper.cited()}，校验码 {paper.digest[:16]}"
    ctx.record(paper)
    return paper


def release(ctx: Context, papers: Iterable[Paper]) -> None:
    """Within the act that collects an exam: its papers were sat, so their items count as used and may be looked at again, and
    fresh papers go first from now on. Locked, since a leak may be reported of one meanwhile."""
    for paper in Paper.objects.select_for_update().filter(pk__in=[paper.pk for paper in papers]).order_by("pk"):
        if paper.released_at is None:
            paper.released_at = ctx.at
            paper.save(update_fields=["released_at"])
            count_as_used(ctx, paper)
            ctx.record(paper)


def count_as_used(ctx: Context, paper: Paper) -> None:
    """That the items of a paper have come before people, the day on which it is noted."""
    items = Item.objects.filter(pk__in=paper.items())
    list(items.select_for_update().order_by("pk").values_list("pk"))  # in order: no two papers wait for each other
    items.update(exposure=F("exposure") + 1, last_used=clock.day_of(ctx.at))
