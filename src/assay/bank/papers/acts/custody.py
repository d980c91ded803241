"""Custody of papers: copies counted out and back against names, leaks reported at once (rules.md §8; plan: emergency scheme)."""

from __future__ import annotations

from collections.abc import Sequence

from assay.bank.models import Item, LeakReport, Paper, PaperCopies
from assay.bank.papers.acts.papers import count_as_used
from assay.bank.states import RemarkKind
from assay.bank.writing.acts.items import remark
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "工作方案 三(一)2(1)⑦"
LEAK = "突发事件应急预案、保密规定"


def require_sealed(paper: Paper) -> None:
    """Raises Refused unless it has been sealed and is good."""
    if paper.is_void:
        raise Refused("试卷已作废，不能发放", CLAUSE)
    if paper.state == Paper.State.ASSEMBLED:
        raise Refused("试卷还没有封存：印制后先封存，再清点发放", CLAUSE)


@act("bank.hand_out", duty="E7", title="发放试卷", clause="三(一)2(1)⑦", guard=require_sealed)
def hand_out(ctx: Context, paper: Paper, *, part: str, copies: int, to: str) -> PaperCopies:
    """Printed copies leave the keeper's hands: how many, to whom."""
    paper = Paper.objects.select_for_update().defer("content", "sealed_content").get(pk=paper.pk)
    require_sealed(paper)
    if copies < 1 or not to.strip():
        raise Refused("请填写发出的份数和领取人", CLAUSE)
    made = PaperCopies.objects.create(
        paper=paper, part=part, copies=copies, to=to.strip(), out_at=ctx.at, out_by=ctx.actor.name
    )
    ctx.note = f"{paper.cited()}{part} {copies} 份，领取：{made.to}"
    ctx.record(made)
    return made


def require_out(row: PaperCopies) -> None:
    """Raises Refused once they have been counted back."""
    if row.back_at is not None:
        raise Refused("这一笔已收回", CLAUSE)


@act("bank.take_back", duty="E7", title="收取试卷", clause="三(一)2(1)⑦", guard=require_out)
def take_back(ctx: Context, row: PaperCopies, *, used: int, unused: int, note: str = "") -> PaperCopies:
    """Copies come back, used and unused counted apart; those that are missing need an explanation."""
    row = PaperCopies.objects.select_for_update(of=("self",)).select_related("paper").get(pk=row.pk)
    require_out(row)
    missing = row.copies - used - unused
    if min(used, unused) < 0 or missing < 0:
        raise Refused(f"收回 {used + unused} 份，多于发出的 {row.copies} 份，请重新清点", CLAUSE)
    if missing and not note.strip():
        raise Refused(f"少 {missing} 份，请写明去向；可能泄密的，同时报告泄密", CLAUSE)
    row.used, row.unused, row.remark = used, unused, uncut(note, 200, "去向说明")
    row.back_at, row.back_by = ctx.at, ctx.actor.name
    row.save()
    told = f"，少 {missing} 份：{row.remark}" if missing else ""
    ctx.note = f"{row.paper.cited()}{row.part}：用 {used} 份，余 {unused} 份{told}"
    ctx.record(row)
    return row


def require_not_void(paper: Paper) -> None:
    """Raises Refused once a leak of it was reported."""
    if paper.is_void:
        raise Refused("试卷已作废", LEAK)


@act(
    "bank.report_leak", duty=("E7", "E8", "X4", "Q4"), title="报告泄密", clause="突发事件应急预案", guard=require_not_void
)  # fmt: skip
def report_leak(ctx: Context, paper: Paper, text: str) -> LeakReport:
    """A paper is known to people who must not know it: it is void at once, and its items are out of use until the experts'
    head restores them one by one."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if not text.strip():
        raise Refused("请写明发现的情况", LEAK)
    require_not_void(paper)
    if paper.state == Paper.State.SEALED and paper.released_at is None:
        count_as_used(ctx, paper)
    paper.state = Paper.State.VOID
    paper.save(update_fields=["state"])
    items = list(Item.objects.select_for_update().filter(pk__in=paper.items(), state=Item.State.IN_USE).order_by("pk"))
    for item in items:
        item.state = Item.State.RETIRED
        item.save(update_fields=["state"])
        parts = list(item.live_parts())
        for part in parts:
            part.state = Item.State.RETIRED
            part.save(update_fields=["state"])
        ctx.record_all(parts)
        remark(ctx, item, RemarkKind.RETIRED, f"试卷 {paper.pk} 泄密停用")
    made = LeakReport.objects.create(paper=paper, text=text.strip(), items=len(items), by=ctx.actor.name, at=ctx.at)
    ctx.note = f"{paper.cited()}作废，停用 {len(items)} 题：{' '.join(made.text.split())[:150]}"
    ctx.record(paper, made, *items)
    return made


def count_printed(ctx: Context, numbers: Sequence[int]) -> dict[int, Paper]:
    """Within an act that prints for an exam: the papers by number, a copy counted for each time that one is named; refused when one of
    them has become known."""
    papers = {p.pk: p for p in Paper.objects.select_for_update().filter(pk__in=numbers).order_by("pk")}
    for paper in papers.values():
        if paper.is_void:
            raise Refused(f"试卷{paper.cited()}已作废，不能印制", CLAUSE)
        paper.printed += numbers.count(paper.pk)
        paper.save(update_fields=["printed"])
        ctx.record(paper)
    return papers
