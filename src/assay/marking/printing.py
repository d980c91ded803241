"""《操作技能考核评分记录表》 and the form of the comprehensive review, one for each examiner and candidate."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assay.bank.printing import mark_of, render_paper, task_sections
from assay.bank.skill.sheet import allowance
from assay.batches.models import Batch
from assay.batches.registers import register
from assay.centre.models import Centre
from assay.kernel.clock import SHANGHAI, shown
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw

WIDTHS = ("26mm", "32mm", "1fr", "12mm", "16mm", "12mm", "12mm")
TITLES = {"skill": "操作技能考核评分记录表", "review": "综合评审评分表"}


def score_sheets(sheets: Iterable[PanelSheet]) -> bytes:
    """All examiners' sheets of each candidate, then the panel's summary; sheets with scores, template and seat at hand."""
    centre = Centre.objects.get()
    papers: list[list[b.Block]] = []
    for sheet in sheets:
        papers += [_one(sheet, score, centre) for score in sheet.scores.all()] or [_one(sheet, None, centre)]
    return render_blocks(papers, demo=centre.is_demo)


def _one(sheet: PanelSheet, score: ExaminerScore | None, centre: Centre) -> list[b.Block]:
    line, seating = sheet.application.line, sheet.seating
    start = seating.session_room.session.starts_at.astimezone(SHANGHAI)
    rows = []
    for task in sheet.tasks:
        for point in task["points"]:
            mark = score.marks.get(point["code"], "") if score else ""
            rule = "，".join(filter(None, [allowance({"kind": "mark", **point}), point["rule"]]))
            found = score.observed.get(point["code"], "") if score else ""
            rows.append(
                [task["title"], point["title"], rule, point["full"], found, _deducted(point["full"], mark), mark]
            )
    vetoes = [v["title"] for t in sheet.tasks for v in t.get("vetoes", []) if score and v["code"] in score.vetoes]
    return [
        b.title(TITLES[sheet.part], above=centre.name, below=str(line)),
        b.pairs(
            ["准考证号", sheet.application.ticket.number, "工位", str(seating.seat)],
            ["考场", seating.session_room.room.name, "时间", f"{start:%Y年%m月%d日 %H:%M}"],
        ),
        b.table(["任务", "考核要点", "评分标准", "配分", "检测结果", "扣分", "得分"], rows, widths=WIDTHS),
        b.pairs(
            *([["试卷", f"{sheet.draw.paper.form} 卷（现场抽签）"]] if sheet.draw else []),
            ["否定项", "、".join(vetoes) or "无"],
            ["合计", "缺考" if sheet.absent else str(score.total if score and score.total is not None else "")],
            ["备注", score.remarks if score else ""],
            ["考评组成绩", "缺考" if sheet.absent else str(sheet.mark if sheet.mark is not None else "")],
            *([["复议说明", sheet.settle_note]] if sheet.settle_note else []),
        ),
        b.signatures(f"考评员{'（' + score.member.name + '）' if score else ''}", "考评组长"),
    ]  # fmt: skip


def _deducted(full: str, mark: str) -> str:
    return str(Decimal(full) - Decimal(mark)) if mark else ""


def drawn_paper(draw: SkillDraw) -> bytes:
    """The tasks of the version that was drawn, for the candidates of the room."""
    head = ["姓名＿＿＿＿＿＿＿＿", "准考证号＿＿＿＿＿＿＿＿＿＿", "工位＿＿＿＿"]
    return render_paper(
        draw.content, list(task_sections(draw.content)), title=draw.paper.title, kind="paper", head=head, mark=mark_of(draw.paper),
        part=f"操作技能试题　（{draw.paper.minutes} 分钟）",
    )  # fmt: skip


def draws_register(batch: Batch) -> bytes:
    """《操作技能试卷抽签登记表》: which version each room drew, among which, before whom."""
    draws = (
        SkillDraw.objects.filter(session_room__session__batch=batch)
        .select_related("session_room__session", "session_room__room", "session_room__line__scope_row__occupation")
        .select_related("session_room__line__level", "paper")
        .order_by("session_room__session__starts_at", "session_room")
    )
    rows = [
        [
            n, d.session_room.session, d.session_room.room, d.session_room.line,
            "、".join(form for _, form, _ in d.among), d.paper.form, d.paper.digest[:16], d.by, d.witness, shown(d.at),
        ]
        for n, d in enumerate(draws, start=1)
    ]  # fmt: skip
    head = ["序号", "场次", "考场", "工种", "参加抽签", "抽中", "试卷摘要", "操作人", "见证人", "时间"]
    widths = ["10mm", "28mm", "32mm", "1fr", "18mm", "12mm", "40mm", "18mm", "26mm", "32mm"]
    empty = "本批次技能考核使用评分记录表，没有抽签。"
    return register(batch, "操作技能试卷抽签登记表", head, rows, widths, empty=empty)
