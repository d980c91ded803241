"""《操作技能考核评分记录表》 and the form of the comprehensive review, one for each candidate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.bank.papers.printing import mark_of, render_paper, task_sections
from assay.batches.models import Batch
from assay.batches.registers import register
from assay.catalogue.parts import Part
from assay.centre.models import Centre
from assay.items import marks
from assay.items.sheet import allowance
from assay.kernel.clock import SHANGHAI, shown
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw

TITLES: dict[str, str] = {Part.SKILL: "操作技能考核评分记录表", Part.REVIEW: "综合评审评分表"}
HEAD = ("任务", "考核要点", "评分标准", "配分")
WIDTHS = ("26mm", "36mm", "1fr", "13mm")
BY_HAND = ("检测结果", "扣分", "得分")
SIGNED_ABREAST = 5


def score_sheets(sheets: Iterable[PanelSheet]) -> bytes:
    """One paper a candidate: with all examiners' marks side by side once the panel has settled (nobody sees another's
    before that), until then as a form to fill in by hand. Sheets with scores, template and seat at hand."""
    centre = Centre.objects.get()
    found = list(sheets)
    days = [sheet.seating.session_room.session.starts_at.astimezone(SHANGHAI).date() for sheet in found]
    papers = [_paper(sheet, centre) for sheet in found]
    return render_blocks(papers, landscape=True, demo=centre.is_demo, on=max(days, default=None))


def _paper(sheet: PanelSheet, centre: Centre) -> list[b.Block]:
    start = sheet.seating.session_room.session.starts_at.astimezone(SHANGHAI)
    drawn = ["试卷", f"{sheet.draw.paper.form} 卷（现场抽签）"] if sheet.draw else []
    return [
        b.title(
            TITLES[sheet.part], above=centre.name, below=str(sheet.application.line),
            whose=f"{sheet.application.ticket.number}　{sheet.seating.session_room.room.name} {sheet.seating.seat} 号",
        ),
        b.pairs(
            ["准考证号", sheet.application.ticket.number, "工位", str(sheet.seating.seat), "考场", sheet.seating.session_room.room.name],
            ["时间", f"{start:%Y年%m月%d日 %H:%M}", *drawn],
        ),
        *(_absent() if sheet.absent else _settled(sheet) if sheet.settled_at is not None else _by_hand(sheet)),
    ]  # fmt: skip


def _absent() -> list[b.Block]:
    return [b.text("缺考，没有评分。"), b.signatures("考评组长")]


def _by_hand(sheet: PanelSheet) -> list[b.Block]:
    rows = [[*asked, "", "", ""] for asked, _ in _points(sheet)]
    vetoes = "\n".join(f"□ {said}" for said, _ in _vetoes(sheet))
    return [
        b.table([*HEAD, *BY_HAND], rows, widths=[*WIDTHS, "24mm", "16mm", "16mm"]),
        b.pairs(["否定项", vetoes or "无"], ["合计", ""], ["备注", ""]),
        b.signatures_of_each_page("考评员", "考评组长"),
    ]


def _settled(sheet: PanelSheet) -> list[b.Block]:
    scores = [score for score in sheet.scores.all() if score.locked_at is not None]
    left = [score.member.name for score in sheet.scores.all() if score.locked_at is None]
    examiners = [score.member.name for score in scores]
    rows = [[*asked, *(_given(score, point) for score in scores)] for asked, point in _points(sheet)]
    rows.append(["合计", "", "", "", *(marks.read(score.total) for score in scores)])
    rows.append(["否定项", "", "", "", *("；".join(_found(sheet, score)) or "无" for score in scores)])
    widths = [*WIDTHS, *[f"{min(24, 126 // len(scores))}mm"] * len(scores)]
    remarks = [[f"备注（{score.member.name}）", score.remarks] for score in scores if score.remarks]
    legend = ["说明", "得分后括号内为检测结果：处数或测量值。"]
    found = [legend] if any(score.observed for score in scores) else []
    found += [["说明", f"{'、'.join(left)}中途离开考评组，评分未锁定，不计入成绩。"]] if left else []
    note = [["复议说明", sheet.settle_note]] if sheet.settle_note else []
    signing = [*examiners, "考评组长"]
    return [
        b.table([*HEAD, *examiners], rows, widths=widths),
        b.pairs(["考评组成绩", marks.read(sheet.mark)], *found, *note, *remarks),
        *(b.signatures(*signing[n : n + SIGNED_ABREAST]) for n in range(0, len(signing), SIGNED_ABREAST)),
    ]


def _points(sheet: PanelSheet) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """(task, point, rule, full mark; the point) of all that is marked."""
    for task in sheet.tasks:
        for point in task["points"]:
            rule = "，".join(filter(None, [allowance({"kind": "mark", **point}), point["rule"]]))
            yield [task["title"], point["title"], rule, marks.read(point["full"])], point


def _given(score: ExaminerScore, point: dict[str, Any]) -> str:
    """The mark, and in brackets the faults counted or the measure that it follows from."""
    mark, found = marks.read(score.marks.get(point["code"])), score.observed.get(point["code"], "")
    return f"{mark}（{found}）" if found else mark


def _vetoes(sheet: PanelSheet) -> Iterator[tuple[str, str]]:
    """(what fails a task, named with the task; its code): two tasks may have the same."""
    for task in sheet.tasks:
        for veto in task.get("vetoes", []):
            yield f"{task['title']}：{veto['title']}", veto["code"]


def _found(sheet: PanelSheet, score: ExaminerScore) -> list[str]:
    """What an examiner found that fails a task."""
    return [said for said, code in _vetoes(sheet) if code in score.vetoes]


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
            "、".join(form for _, form, _ in d.among), d.paper.form, d.paper.digest[:16], d.by,
            "、".join(filter(None, [d.witness, d.confirmed_by])), shown(d.at),
        ]
        for n, d in enumerate(draws, start=1)
    ]  # fmt: skip
    head = ["序号", "场次", "考场", "工种", "参加抽签", "抽中", "试卷校验码", "操作人", "见证人", "时间"]
    widths = ["10mm", "28mm", "32mm", "1fr", "18mm", "12mm", "40mm", "18mm", "26mm", "32mm"]
    empty = "本批次技能考核使用评分记录表，没有抽签。"
    return register(batch, "操作技能试卷抽签登记表", head, rows, widths, empty=empty)
