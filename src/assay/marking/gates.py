"""What keeps a batch from leaving readiness and the exam, as far as panels go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse

from assay.applications.models import Application
from assay.arrangement.models import Seating, SessionRoom
from assay.bank.queries import specification_for
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Stage
from assay.catalogue.parts import BY_PANEL, Part
from assay.centre import parameters
from assay.kernel import clock
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker
from assay.marking.acts import written
from assay.marking.models import PanelSheet, SkillDraw
from assay.marking.queries import template_for, versions_for

CLAUSE = "工作方案 四(一)7(1)"
DRAWN = "工作方案 三(一)2(1)⑦"


@gate(Stage.READINESS)
def every_line_has_a_score_sheet(batch: Batch) -> Iterator[Blocker]:
    for line in _lines(batch):
        for part in BY_PANEL if line.level.needs_review else (Part.SKILL,):
            if template_for(line, part) is None and not (part == Part.SKILL and versions_for(line)):
                title = "技能评分记录表" if part == Part.SKILL else "综合评审评分表"
                link = reverse("marking:templates")
                yield Blocker(f"{line} 没有{title}", "工作方案 三(五)", "X4", link)


@todo(Stage.TICKETS, Stage.READINESS)
def a_fresh_skill_paper(batch: Batch) -> Iterator[Blocker]:
    """Who has the tasks of a job in the bank means to draw a version by lot; without one the old score sheet is used."""
    link = reverse("bank:papers")
    for line in _lines(batch):
        if specification_for(line.scope_row, line.level, Part.SKILL) is None:
            continue
        versions = versions_for(line)
        if not versions:
            text = f"{line} 没有封存的操作技能试卷，不组卷则按评分记录表考核"
            yield Blocker(text, DRAWN, "E7", link)
        elif all(paper.released_at for paper in versions):
            yield Blocker(f"{line} 只有已考过的操作技能试卷，建议另组新卷", DRAWN, "E7", link)


def _lines(batch: Batch) -> QuerySet[BatchLine]:
    lines = batch.lines.select_related("scope_row__occupation", "level")
    return lines.filter(applications__state=Application.State.APPROVED).distinct()


@gate(Stage.EXAM)
def every_panel_has_settled(batch: Batch) -> Iterator[Blocker]:
    open_seats = Seating.objects.filter(session_room__session__batch=batch, part__in=BY_PANEL).exclude(
        panel_sheet__settled_at__isnull=False
    )
    starts = list(open_seats.values_list("session_room__session__starts_at", flat=True))
    due, later = sum(start <= clock.now() for start in starts), [start for start in starts if start > clock.now()]
    link, said = reverse("marking:batch", args=[batch.pk]), "名考生的技能（评审）成绩未合成"
    if due:
        yield Blocker(f"{due} {said}", CLAUSE, "R3", link, due)
    if later:
        wait = f"{clock.shown(min(later))} 考核开始"
        yield Blocker(f"{len(later)} {said}", CLAUSE, "R3", link, len(later), waits_for=wait)


@gate(Stage.EXAM)
def every_panel_is_open(batch: Batch) -> Iterator[Blocker]:
    """From when they can be opened: without it the examiners find an empty list."""
    soon = clock.now() + timedelta(minutes=parameters.number("exam.open_minutes"))
    rooms = SessionRoom.objects.filter(
        session__batch=batch, session__part__in=BY_PANEL, session__starts_at__lte=soon, seatings__panel_sheet=None,
        seatings__isnull=False,
    )  # fmt: skip
    left = rooms.distinct().count()
    if left:
        link = reverse("marking:batch", args=[batch.pk])
        yield Blocker(f"{left} 个考评组没有开，考评员还看不到考生名单", "工作方案 四(一)6", "E8", link, left)


@todo(Stage.EXAM)
def every_draw_is_witnessed(batch: Batch) -> Iterator[Blocker]:
    """Until somebody who was there says so, no marks are taken."""
    waiting = SkillDraw.objects.filter(session_room__session__batch=batch, confirmed_at=None).count()
    if waiting:
        text = f"{waiting} 个考场的抽签待考评组或督导员见证"
        yield Blocker(text, DRAWN, "R3", reverse("marking:my_panels"), waiting)
        yield Blocker(text, DRAWN, "Q4", reverse("marking:batch", args=[batch.pk]), waiting)


@counts(Stage.EXAM, Stage.RESULTS)
def panels(batch: Batch) -> Iterator[tuple[str, int]]:
    sheets = PanelSheet.objects.filter(application__batch=batch)
    yield "技能已合成", sheets.filter(settled_at__isnull=False, absent=False).count()
    yield "技能缺考", sheets.filter(absent=True).count()


@gate(Stage.EXAM)
def every_written_answer_is_marked(batch: Batch) -> Iterator[Blocker]:
    said = written.figures(batch)
    link = reverse("marking:written_progress", args=[batch.pk])
    if said["left"]:
        text = f"{said['left']} 份主观题答案未由两名考评员评完"
        yield Blocker(text, CLAUSE, "R3", reverse("marking:written", args=[batch.pk]), said["left"])
    if said["apart"]:
        yield Blocker(f"{said['apart']} 份主观题两人评分相差过大，待裁定", CLAUSE, "X3", link, said["apart"])
