"""Operation-skill papers: versions assembled from the tasks in use, to be drawn by lot at the exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assay.assembly import drawing
from assay.bank.models import Item, Paper, Specification
from assay.bank.papers.acts.papers import (
    NOT_COUNTED,
    Content,
    frozen,
    keep_papers,
    paper_name,
    put_in_place,
    require_changeable,
    require_place,
)
from assay.bank.queries import closed_items
from assay.bank.writing.acts.items import place_problems, require_secrecy
from assay.catalogue.models import StandardLevel
from assay.items.answers import PRACTICAL
from assay.items.sheet import worth_of
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"


@act("bank.assemble_skill", duty=("E7", "X4"), title="操作技能组卷", clause="三(五)")
def assemble_skill(
    ctx: Context, specification: Specification, *, seed: int, forms: Sequence[str] = ("A",), relaxed: bool = False
) -> list[Paper]:
    """Versions of an operation-skill paper: from each range as many tasks as the specification draws, marks adding up to 100.
    Refused, naming each range and by how many tasks it is short, when the bank has too few. Versions that share tasks or take
    longer than the standard's time are made only when `relaxed`, and say so."""
    require_secrecy(ctx)
    if not specification.is_skill:
        raise Refused(f"“{specification}”不是操作技能细目表", CLAUSE)
    tasks = _in_use(specification)
    _refuse_misfits(specification, tasks)
    pools = _pools(specification, tasks, clock.day_of(ctx.at))
    drawn = drawing.draw(pools, len(forms), seed)
    if drawn.shortages:
        raise Refused(f"“{specification}”组不成卷：{'；'.join(drawn.shortages)}。{NOT_COUNTED}", CLAUSE)
    versions = [[_entry(tasks[pk], number) for number, (_, pk) in enumerate(v, start=1)] for v in drawn.versions]
    deviations = [drawn.shared + _too_long(specification, content) for content in versions]
    unmet = list(dict.fromkeys(one for of_version in deviations for one in of_version))
    if unmet and not relaxed:
        raise Refused(
            f"“{specification}”组卷有要求达不到：{'；'.join(unmet)}。补充试题、减少套数，或选择尽量接近", CLAUSE
        )
    papers: list[tuple[Paper, Content]] = []
    for form, content, missed in zip(forms, versions, deviations, strict=True):
        paper = Paper(
            specification=specification, title=f"{paper_name(specification)} {form} 卷", form=form,
            minutes=_minutes(content), sections=[], seed=seed, deviations=missed,
            created_at=ctx.at,
        )  # fmt: skip
        papers.append((paper, content))
    return keep_papers(ctx, specification, papers)


TOO_LONG = "各题合计"


def _too_long(specification: Specification, content: Sequence[Mapping[str, Any]]) -> list[str]:
    """That the tasks together take longer than a session of the job lasts by its standard; sessions are arranged by it."""
    found = StandardLevel.objects.filter(standard__occupation=specification.occupation, level=specification.level)
    allowed = max(found.values_list("skill_minutes", flat=True), default=600)
    minutes = _minutes(content)
    return [f"{TOO_LONG} {minutes} 分钟，超过职业标准的技能时长 {allowed} 分钟"] if minutes > allowed else []


def _minutes(content: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(entry["sheet"]["minutes"]) for entry in content)


def _in_use(specification: Specification) -> dict[int, Item]:
    """What may be drawn: not what stands on a paper that is sealed and still to be sat."""
    found = Item.objects.filter(specification=specification, state=Item.State.IN_USE, type=PRACTICAL)
    closed = closed_items(specification)
    return {i.pk: i for i in found.select_related("point__range") if i.pk not in closed}


def _refuse_misfits(specification: Specification, tasks: dict[int, Item]) -> None:
    """The specification may have changed since a task was written."""
    wrong = [
        f"试题 {task.pk}：{problem}"
        for task in tasks.values()
        for problem in place_problems(specification, task.point, task.type, task.sheet)
    ]
    if wrong:
        raise Refused(f"细目表改动后有试题不再相符，请修改或停用：{'；'.join(wrong[:10])}", CLAUSE)


def _pools(specification: Specification, tasks: dict[int, Item], day: date) -> list[drawing.Pool]:
    """For each range that has points: its tasks in use."""
    pools = []
    for found in specification.ranges.filter(points__isnull=False).distinct().order_by("code"):
        own = [
            drawing.Task(t.pk, t.exposure, (day - t.last_used).days if t.last_used else None)
            for t in tasks.values()
            if t.point is not None and t.point.range_id == found.pk
        ]
        pools.append(drawing.Pool(found.code, str(found), found.draw, own))
    return pools


def _entry(task: Item, number: int) -> dict[str, Any]:
    """A task as it stands on a paper; its points and veto items have codes by their place."""
    assert task.point is not None  # a task in use hangs on a point
    sheet = dict(task.sheet)
    sheet["points"] = [{**p, "code": f"{number}-{n}"} for n, p in enumerate(sheet["points"], start=1)]
    sheet["vetoes"] = [{**v, "code": f"V{number}-{n}"} for n, v in enumerate(sheet.get("vetoes", []), start=1)]
    mark = worth_of(task.point.range.weight, task.point.range.draw)
    return {
        **frozen(task, f"{mark.normalize():f}"),
        "range": task.point.range.code,
        "code": str(number),
        "sheet": sheet,
    }


def require_changeable_tasks(paper: Paper) -> None:
    """Raises Refused unless it is a paper of operation skill that may still be changed."""
    if not paper.specification.is_skill:
        raise Refused(f"“{paper.title}”不是操作技能试卷", CLAUSE)
    require_changeable(paper)


@act(
    "bank.swap_task", duty=("E7", "X4"), title="操作技能试卷换题", clause="三(五)", guard=require_changeable_tasks
)  # fmt: skip
def swap_task(ctx: Context, paper: Paper, number: int, wanted: int | None = None) -> Item:
    """Another task of the same range in the place of task `number` (from 1): the one that is `wanted`, or the least used."""
    require_secrecy(ctx)
    paper = Paper.objects.select_for_update().select_related("specification").get(pk=paper.pk)
    require_changeable_tasks(paper)
    require_place(paper, number)
    old, on_paper = paper.content[number - 1], {e["item"] for e in paper.content}
    tasks = _in_use(paper.specification)
    fitting = [
        t for t in tasks.values() if t.point and t.point.range.code == old["range"] and t.pk not in on_paper
    ]  # fmt: skip
    chosen = [t for t in fitting if (t.pk == wanted if wanted else t.pk not in paper.swapped_out)]
    if not chosen:
        others = "、".join(str(t.pk) for t in fitting) or "没有"
        raise Refused(f"第 {number} 题只能换成范围 {old['range']} 在用而不在本卷上的题（{others}）", CLAUSE)
    new = min(chosen, key=lambda t: (t.exposure, t.pk))
    content = [*paper.content]
    content[number - 1] = _entry(new, number)
    paper.minutes = _minutes(content)
    kept = [one for one in paper.deviations if not one.startswith(TOO_LONG)]
    paper.deviations = kept + _too_long(paper.specification, content)
    put_in_place(ctx, paper, number, content[number - 1])
    return new


@act("bank.print_notice", duty=("E7", "X4", "E6"), title="印制准备通知单", clause="三(三)")
def print_notice(ctx: Context, specification: Specification) -> list[dict[str, str]]:
    """What has to be at hand whichever of the versions is drawn; which version asks for what is not told."""
    papers = list(specification.papers.filter(state__in=[Paper.State.ASSEMBLED, Paper.State.SEALED], released_at=None))
    if not specification.is_skill or not papers:
        raise Refused(f"“{specification}”还没有操作技能试卷，组卷后才能出准备通知单", CLAUSE)
    ctx.note = f"“{specification}”准备通知单，{len(papers)} 套试卷合并"
    return drawing.materials([[m for e in p.frozen() for m in e["sheet"].get("materials", [])] for p in papers])
