"""The skill exam and the comprehensive review: examiners mark independently, the leader settles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from assay.arrangement.models import Assignment, SessionRoom
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import Part
from assay.corps.models import Member
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused, grouped
from assay.kernel.texts import uncut
from assay.marking import rules
from assay.marking.acts.drawing import release_sat
from assay.marking.models import ExaminerScore, PanelSheet, SheetTemplate
from assay.marking.panels import Panel
from assay.marking.queries import (
    doors_shut_at,
    drawn_for,
    draws_by_lot,
    far_apart,
    has_all_sheets,
    opens_at,
    panels_of_rooms,
    score_gap,
    template_for,
)

CLAUSE = "工作方案 四(一)7(1)"
DRAWN = "工作方案 三(一)2(1)⑦"


class SheetRefused(Refused):
    """A candidate's sheet is not as it must be; carries every fault, so that the page can point to each."""

    def __init__(self, sheet: PanelSheet, faults: Sequence[rules.Fault], clause: str) -> None:
        super().__init__(f"{place(sheet)}：{'；'.join(fault.said for fault in faults)}", clause)
        self.faults = tuple(faults)


@act("marking.save_template", duty="X4", title="编制评分记录表", clause="三(五)")
def save_template(
    ctx: Context,
    *,
    occupation: Occupation,
    job: str,
    level: Level,
    part: str,
    title: str,
    tasks: Sequence[Mapping[str, Any]],
) -> SheetTemplate:
    """Make a score sheet the one in use for a job, level and part; the former one is put out of use."""
    problems = rules.sheet_problems(tasks)
    if problems:
        raise Refused("；".join(problems), "工作方案 三(五)")
    Occupation.objects.select_for_update(no_key=True).get(pk=occupation.pk)  # one sheet in use, whoever makes the first
    former = SheetTemplate.objects.select_for_update().filter(
        occupation=occupation, job=job, level=level, part=part, active=True
    )
    for template in former:
        template.active = False
        template.save()
        ctx.record(template)
    made = SheetTemplate.objects.create(
        occupation=occupation, job=job, level=level, part=part, title=title, tasks=list(tasks)
    )
    ctx.record(made)
    return made


def require_to_open(session_room: SessionRoom) -> None:
    """Raises Refused unless sheets may be laid out before the panel of the room."""
    if session_room.session.part == Part.THEORY or session_room.line is None:
        raise Refused("理论考场没有考评组", CLAUSE)
    if session_room.session.batch.stage != Stage.EXAM:
        raise Refused("批次未到“实施认定”阶段", "工作方案 四(一)6")
    earliest = opens_at(session_room)
    if clock.now() < earliest:
        about = str(session_room)
        raise Refused(f"{about} {clock.shown(earliest)} 起才能开考评组", "工作方案 四(一)6", about=about)
    if drawn_for(session_room) is None and draws_by_lot(session_room):
        raise Refused(f"{session_room} 的操作技能试卷还没有抽签", "工作方案 三(一)2(1)⑦")
    if has_all_sheets(session_room):
        raise Refused(f"{session_room} 已开考评组，每位考生都有评分记录表", "工作方案 四(一)6")


@act("marking.open_panel", duty=("X3", "E8"), title="开考评组", clause="四(一)6", guard=require_to_open)
def open_panel(ctx: Context, session_room: SessionRoom) -> list[PanelSheet]:
    """Lay out a sheet for each candidate seated before the panel; laid out before ones stay."""
    held(session_room.session.batch)
    session_room = SessionRoom.objects.select_related("session__batch", "room", "line", "skill_draw").get(
        pk=session_room.pk
    )
    require_to_open(session_room)
    assert session_room.line is not None  # asked for before
    part, draw = session_room.session.part, drawn_for(session_room)
    template = None if draw else template_for(session_room.line, part)
    if draw is None and template is None:
        raise Refused(f"{session_room.line} 没有评分记录表，请先由专家编制", "工作方案 三(五)")
    laid_out = set(PanelSheet.objects.filter(seating__session_room=session_room).values_list("seating_id", flat=True))
    sheets = PanelSheet.objects.bulk_create(
        [
            PanelSheet(seating=s, application_id=s.application_id, part=part, template=template, draw=draw)
            for s in session_room.seatings.order_by("seat")
            if s.pk not in laid_out
        ]
    )
    ctx.record_all(sheets)
    return sheets


def own_member(ctx: Context) -> Member:
    """The examiner behind the account; refused without one."""
    member = Member.objects.filter(account_id=ctx.actor.account_id or 0).first()
    if member is None:
        raise Refused("您的账号没有对应的考评员", CLAUSE)
    return member


def _require_own(ctx: Context, sheets: Iterable[PanelSheet], member: Member) -> None:
    """Refuse unless the examiner sits on the panel of each sheet, and it is being marked: its session has begun, the exam goes on
    and the panel has not settled it. That nobody marks an own performance is declared (`separations`). Who sits where is read once
    the batch is held: nobody leaves or joins a panel meanwhile."""
    rows = PanelSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).order_by("seating__seat")
    _hold_batches(rows)
    own = set(
        Assignment.objects.filter(member=member, role__in=["examiner", "leader"]).values_list(
            "session_room_id", flat=True
        )
    )
    for sheet in rows.select_related("seating__session_room__session", "application__batch"):
        if sheet.seating.session_room_id not in own:
            raise Refused("您不在该考生的考评组", "考评员工作守则")
        require_marked_now(sheet)


def require_marked_now(sheet: PanelSheet) -> None:
    """Raises Refused unless the sheet is being marked: its session has begun, the exam goes on and the panel has not settled it."""
    if sheet.settled_at is not None:
        raise Refused(f"{place(sheet)}的成绩已合成，不能再改", CLAUSE)
    not_now = _why_not_now(sheet)
    if not_now:
        raise Refused(not_now, CLAUSE)


def _hold_batches(sheets: QuerySet[PanelSheet]) -> None:
    """No exam ends while it is being marked."""
    for batch in Batch.objects.filter(applications__panel_sheets__in=sheets).distinct().order_by("pk"):
        held(batch)


def _why_not_now(sheet: PanelSheet) -> str:
    """Why a sheet is not marked any more, or not yet; empty from the beginning of its session on, while the batch is at its exam."""
    batch, session = sheet.application.batch, sheet.seating.session_room.session
    if batch.stage != Stage.EXAM:
        return f"“{batch}”现处“{batch.get_stage_display()}”，不能评分；有异议的走成绩复核"
    if clock.now() < session.starts_at:
        return f"{session} {clock.shown(session.starts_at)} 开始，开始后才能评分、登记缺考"
    return ""


def require_attendance_open(sheet: PanelSheet) -> None:
    """Raises Refused unless it may be noted whether the candidate came: from when the doors are shut until somebody has locked marks."""
    require_marked_now(sheet)
    session = sheet.seating.session_room.session
    shut = doors_shut_at(session)
    if not sheet.absent and clock.now() < shut:
        raise Refused(f"{session} {clock.shown(shut)} 前考生还可以入场，此后才能登记缺考", "工作方案 四(一)6(2)")
    if sheet.scores.filter(locked_at__isnull=False).exists():
        raise Refused("已有考评员锁定评分，不能再改缺考", CLAUSE)


@act(
    "marking.set_absent", duty="R3", title="登记技能缺考", clause="四(一)6(2)", guard=require_attendance_open
)  # fmt: skip
def set_absent(ctx: Context, sheet: PanelSheet, absent: bool = True) -> PanelSheet:
    """Note that a candidate did not come (or take the note back), before anybody locked marks."""
    rows = PanelSheet.objects.select_for_update(of=("self",)).select_related("seating__session_room__session")
    sheet = rows.get(pk=sheet.pk)
    _require_own(ctx, [sheet], own_member(ctx))
    require_attendance_open(sheet)
    sheet.absent = absent
    sheet.save()
    ctx.record(sheet)
    return sheet


@dataclass(frozen=True)
class Marks:
    """One examiner's marks of one candidate: {point code: mark}, {point code: what was counted or measured}, codes of veto
    items, remarks."""

    sheet: PanelSheet
    marks: Mapping[str, str]
    vetoes: Sequence[str] = ()
    remarks: str = ""
    observed: Mapping[str, str] = field(default_factory=dict)


def save_score(
    actor: Actor, sheet: PanelSheet, *, marks: Mapping[str, str], vetoes: Sequence[str] = (), remarks: str = "",
    observed: Mapping[str, str] | None = None,
) -> ExaminerScore:  # fmt: skip
    """`save_scores` for one candidate."""
    return save_scores(actor, [Marks(sheet, marks, vetoes, remarks, observed or {})])[0]


def require_to_score(entries: Iterable[Marks]) -> None:
    """Raises Refused unless marks are taken of each of these candidates now."""
    for entry in entries:
        require_marked_now(entry.sheet)
        _require_present_and_witnessed(entry.sheet)


def _require_present_and_witnessed(sheet: PanelSheet) -> None:
    if sheet.absent:
        raise Refused("该考生已登记缺考", CLAUSE)
    if sheet.draw is not None and sheet.draw.confirmed_at is None:
        raise Refused("抽签还没有人见证：请考评组一人（或督导员）在考评页确认抽中的试卷，再开始评分", DRAWN)


@act("marking.save_scores", duty="R3", title="考评员评分", clause="四(一)7(1)", guard=require_to_score)
def save_scores(ctx: Context, entries: Sequence[Marks]) -> list[ExaminerScore]:
    """Keep the examiner's own marks so far, for one or many candidates; nothing is fixed until locked."""
    member = own_member(ctx)
    sheets = {
        s.pk: s
        for s in PanelSheet.objects.select_for_update(of=("self",))
        .filter(pk__in=[e.sheet.pk for e in entries])
        .select_related("seating__session_room__session", "application__batch", "template", "draw")
        .prefetch_related("scores")
    }
    _require_own(ctx, sheets.values(), member)
    require_to_score([replace(entry, sheet=sheets[entry.sheet.pk]) for entry in entries])
    known = {s.sheet_id: s for s in ExaminerScore.objects.select_for_update().filter(sheet__in=sheets, member=member)}
    panels = panels_of_rooms({sheet.seating.session_room_id for sheet in sheets.values()})
    scores = []
    for entry in entries:
        sheet = sheets[entry.sheet.pk]
        score = known.get(sheet.pk) or ExaminerScore(sheet=sheet, member=member)
        if score.locked_at is not None:
            raise Refused("评分已锁定，不能再改", CLAUSE)
        _require_not_marked_before(sheet, member, panels[sheet.seating.session_room_id])
        faults = rules.observation_problems(sheet.tasks, entry.observed)
        if faults:
            raise SheetRefused(sheet, faults, CLAUSE)
        score.marks = rules.marks_with_earned(sheet.tasks, entry.marks, entry.observed)
        score.observed, score.vetoes, score.remarks = (
            dict(entry.observed),
            list(entry.vetoes),
            uncut(entry.remarks, 300, "备注"),
        )
        scores.append(score)
    ExaminerScore.objects.bulk_create([s for s in scores if s.pk is None])
    rewrite([s for s in scores if s.sheet_id in known], ["marks", "observed", "vetoes", "remarks"])
    ctx.record_all(scores)
    return scores


def _require_not_marked_before(sheet: PanelSheet, member: Member, panel: Panel) -> None:
    """Who took another's place marks nobody whom the other has locked: that mark counts."""
    before = panel.predecessor(member.pk, sheet.locked_by)
    if before is not None:
        former = Member.objects.get(pk=before)
        raise Refused(f"{place(sheet)}已由您接替的{former}锁定评分，该评分有效，不用再评", CLAUSE)


@act("marking.lock_scores", duty="R3", title="锁定评分", clause="四(一)7(1)")
def lock_scores(ctx: Context, sheets: Iterable[PanelSheet]) -> list[ExaminerScore]:
    """Lock the examiner's own marks for one or many candidates: complete, within full marks, added up."""
    member = own_member(ctx)
    ordered = PanelSheet.objects.filter(pk__in=[s.pk for s in sheets]).order_by("pk")
    locked = list(ordered.select_for_update().values_list("pk", flat=True))
    scores = list(
        ExaminerScore.objects.select_for_update(of=("self",))
        .filter(sheet__in=locked, member=member)
        .select_related("sheet__template", "sheet__draw", "sheet__seating")
    )
    if not scores:
        raise Refused("没有可锁定的评分", CLAUSE)
    _require_own(ctx, [score.sheet for score in scores], member)
    panels = panels_of_rooms({score.sheet.seating.session_room_id for score in scores})
    for score in scores:
        _require_not_marked_before(score.sheet, member, panels[score.sheet.seating.session_room_id])
        if score.sheet.absent:
            raise Refused(f"{place(score.sheet)}已登记缺考", CLAUSE)
        if score.locked_at is not None:
            raise Refused(f"{place(score.sheet)}的评分已锁定", CLAUSE)
        tasks = score.sheet.tasks
        faults = rules.mark_problems(tasks, score.marks, score.vetoes)
        if faults:
            raise SheetRefused(score.sheet, faults, CLAUSE)
        score.total = rules.total_of(tasks, score.marks, score.vetoes)
        score.locked_at = ctx.at
    rewrite(scores, ["total", "locked_at"])
    ctx.record_all(scores)
    return scores


@act("marking.settle", duty="R3", title="合成考评组成绩", clause="四(一)7(1)")
def settle(ctx: Context, sheets: Iterable[PanelSheet], *, note: str = "") -> list[PanelSheet]:
    """The leader settles: all examiners have locked; where they differ too far they talk it over and leave a note, which
    stays with those candidates (with all, when nowhere they do)."""
    chosen = [s.pk for s in sheets]
    _hold_batches(PanelSheet.objects.filter(pk__in=chosen))
    rows = list(
        PanelSheet.objects.select_for_update(of=("self",))
        .filter(pk__in=chosen)
        .select_related("seating__session_room__session", "draw__paper", "application__batch")
        .prefetch_related("scores")
        .order_by("pk")
    )
    panels = panels_of_rooms({sheet.seating.session_room_id for sheet in rows})
    leads = set(
        Assignment.objects.filter(
            session_room__in={sheet.seating.session_room_id for sheet in rows}, role="leader", member=own_member(ctx)
        ).values_list("session_room_id", flat=True)
    )
    if any(sheet.seating.session_room_id not in leads for sheet in rows):
        raise Refused("只有考评组长可以合成成绩", CLAUSE)
    apart = far_apart(rows, panels)
    found = [(place(sheet), against_settling(sheet, panels[sheet.seating.session_room_id])) for sheet in rows]
    problems = [(where, why.removeprefix(where)) for where, why in found if why]
    if not note.strip():
        said = f"考评员评分相差超过 {score_gap()} 分，请考评组复议并写明复议说明"
        problems += [(place(sheet), f"：{said}") for sheet in rows if sheet.pk in apart]
    if problems:
        raise Refused(grouped(problems), CLAUSE)
    for sheet in rows:
        sheet.mark = None if sheet.absent else rules.panel_mark(sheet.locked_totals)
        sheet.settled_at = ctx.at
        sheet.settle_note = uncut(note, 200, "复议说明") if sheet.pk in apart or not apart else ""
    rewrite(rows, ["mark", "settled_at", "settle_note"])
    ctx.record_all(rows)
    release_sat(ctx, {sheet.draw.paper for sheet in rows if sheet.draw is not None})
    return rows


def place(sheet: PanelSheet) -> str:
    """A candidate as examiners know him: by the place where he works, never by name."""
    return f"{sheet.seating.seat} 号工位"


def against_settling(sheet: PanelSheet, panel: Panel) -> str:
    """Why a sheet cannot be settled by its panel now; empty when it can."""
    if sheet.settled_at is not None:
        return f"{place(sheet)}的成绩已合成"
    not_now = _why_not_now(sheet)
    if not_now:
        return not_now
    missing = "" if sheet.absent else panel.against(sheet.locked_by)
    return f"{place(sheet)}：{missing}" if missing else ""
