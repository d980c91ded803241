"""Reads of the marking room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.urls import reverse

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, StaffChange
from assay.arrangement.staffing import examiners_needed
from assay.bank.models import Paper
from assay.bank.queries import sealed_papers, specification_for
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import Level, Occupation, ScopeRow, Weight
from assay.catalogue.parts import BY_PANEL, Part
from assay.centre import parameters
from assay.centre.models import Account
from assay.corps.models import Member
from assay.exam.queries import open_minutes
from assay.kernel import clock
from assay.kernel.contributions import Engagement
from assay.marking import rules
from assay.marking.models import PanelSheet, SheetTemplate, SkillDraw
from assay.marking.panels import Panel, places

PANEL_ROLES = ("examiner", "leader")
CARDS = ("examiner", "senior_examiner")


def standard_weights(occupation: Occupation, job: str, level: Level) -> list[tuple[str, Decimal]]:
    """What the standard's table gives to each part of the skill at a level; nothing where several standards apply or none says so."""
    rows = ScopeRow.objects.filter(occupation=occupation)
    standards = set((rows.filter(job=job) if job else rows).values_list("standard", flat=True))
    if len(standards) != 1:
        return []
    weights = Weight.objects.filter(
        standard_level__standard=standards.pop(), standard_level__level=level, part=Part.SKILL
    )
    return list(weights.order_by("position").values_list("name", "percent"))


def open_to(member: Member, application: str) -> Q:
    """Condition on rows with an application (under that name): what an examiner may mark at all. Jobs that a card in force
    covers, nobody whom he or she teaches, and never himself or herself (考评员回避制度)."""
    day = clock.today()
    cards = member.cards.filter(role__in=CARDS, valid_from__lte=day, valid_to__gte=day)
    condition = ~Q(**{f"{application}__person__id_index": member.id_index})
    if not cards.filter(occupations=None).exists():
        covered = list(cards.values_list("occupations", flat=True))
        condition &= Q(**{f"{application}__line__scope_row__occupation__in": covered})
    if member.classes:
        condition &= ~Q(**{f"{application}__applicant__class_name__in": member.classes})
    return condition


def template_for(line: BatchLine, part: str) -> SheetTemplate | None:
    """The score sheet in use for a line: the job's own, else the occupation's."""
    found = SheetTemplate.objects.filter(occupation=line.scope_row.occupation, level=line.level, part=part, active=True)
    return found.filter(job=line.scope_row.job).first() or found.filter(job="").first()


def versions_for(line: BatchLine) -> list[Paper]:
    """The sealed versions of the operation-skill paper of a line, those that nobody has done first."""
    specification = specification_for(line.scope_row, line.level, Part.SKILL)
    return sealed_papers(specification) if specification else []


def panel_rooms(batch: Batch) -> list[SessionRoom]:
    """The rooms of panels in order of time: how many are seated, laid out and settled, what was drawn, and whether by lot."""
    rooms = SessionRoom.objects.filter(session__batch=batch, session__part__in=BY_PANEL)
    lines = BatchLine.objects.filter(pk__in=rooms.filter(session__part=Part.SKILL).order_by().values("line"))
    by_lot = [line.pk for line in lines.select_related("scope_row__occupation", "level") if versions_for(line)]
    settled = Q(seatings__panel_sheet__settled_at__isnull=False)
    return list(
        rooms.select_related(
            "session__batch", "room", "line__scope_row__occupation", "line__level", "skill_draw__paper"
        )
        .annotate(
            seated=Count("seatings", distinct=True),
            opened=Count("seatings__panel_sheet", distinct=True),
            settled=Count("seatings__panel_sheet", filter=settled, distinct=True),
            open_minutes=Value(parameters.number("exam.open_minutes")),
            by_lot=Case(When(session__part=Part.SKILL, line__in=by_lot, then=Value(True)), default=Value(False)),
        )
        .order_by("session__starts_at", "pk")
    )


def laid_out(room: SessionRoom) -> tuple[int, int]:
    """Of a room of `panel_rooms`: how many sheets lie before its panel, and for how many who are seated."""
    return getattr(room, "opened", 0), getattr(room, "seated", 0)


def has_all_sheets(room: SessionRoom) -> bool:
    """Whether a sheet lies before the panel for each who is seated; `panel_rooms` brings it with each room of its list."""
    if hasattr(room, "opened"):
        opened, seated = laid_out(room)
        return opened >= seated
    return not room.seatings.filter(panel_sheet=None).exists()


def to_be_opened(batch: Batch) -> list[SessionRoom]:
    """The rooms whose panels have still to get sheets, those that are due before those that are not."""
    rooms = [room for room in panel_rooms(batch) if not has_all_sheets(room)]
    return sorted(rooms, key=lambda room: opens_at(room) > clock.now())


def opens_at(room: SessionRoom) -> datetime:
    """From when on sheets are laid out before the panel of a room, and the lot is drawn."""
    return room.session.starts_at - timedelta(minutes=open_minutes(room))


def doors_shut_at(session: Session) -> datetime:
    """Until then a candidate may still come."""
    return min(session.starts_at + timedelta(minutes=parameters.number("exam.late_minutes")), session.ends_at)


def draws_by_lot(room: SessionRoom) -> bool:
    """Whether there are versions among which the room draws; `panel_rooms` brings it with each room of its list."""
    known = getattr(room, "by_lot", None)
    if known is not None:
        return bool(known)
    return room.session.part == Part.SKILL and room.line is not None and bool(versions_for(room.line))


def drawn_for(room: SessionRoom) -> SkillDraw | None:
    """The version that was drawn for a room, if any was."""
    return getattr(room, "skill_draw", None)


def sheets_for_printing() -> QuerySet[PanelSheet]:
    """Panel sheets with everything that their paper shows, in order of room and seat."""
    return (
        PanelSheet.objects.select_related(
            "template", "draw__paper", "seating__session_room__room", "seating__session_room__session", "application__ticket",
            "application__line__scope_row__occupation", "application__line__level",
        )
        .prefetch_related("scores__member")
        .order_by("seating__session_room", "seating__seat")
    )  # fmt: skip


def score_gap() -> Decimal:
    """By how many marks a panel's examiners may differ."""
    return parameters.decimal("panel.score_gap")


def panels_of_rooms(rooms: Iterable[int]) -> dict[int, Panel]:
    """The panels of these session rooms (pk), with everybody who left or joined them."""
    found = (
        SessionRoom.objects.filter(pk__in=rooms)
        .select_related("session__batch", "line__scope_row")
        .prefetch_related("assignments", "staff_changes")
        .annotate(there=Count("seatings", filter=~Q(seatings__panel_sheet__absent=True), distinct=True))
    )
    return {room.pk: _panel(room, room.there) for room in found}


def _panel(room: SessionRoom, candidates: int) -> Panel:
    """Absent candidates need nobody who marks them."""
    present = [a.member_id for a in room.assignments.all() if a.role in PANEL_ROLES]
    changes = [
        (change.former_id, change.member_id)
        for change in room.staff_changes.all()
        if change.role in PANEL_ROLES and change.kind != StaffChange.Kind.LED
    ]
    return Panel(places(present, changes), examiners_needed(room, candidates))


def panel_at_work(room: SessionRoom) -> bool:
    """Whether the panel has still to settle somebody: after the end of the session too, its people may have to be replaced."""
    return room.seatings.filter(panel_sheet__settled_at=None, panel_sheet__isnull=False).exists()


def seat_before_panel(seating: Seating, room: SessionRoom) -> str:
    """Why a candidate keeps the seat by which a panel knows him, in Chinese: another panel's sheet is not his, and marks were given by
    the number of the seat."""
    sheet = PanelSheet.objects.filter(seating=seating).first()
    if sheet is None:
        return ""
    if room.pk != seating.session_room_id:
        return f"{seating.session_room} 已开考评组，{seating.application.applicant}只能在本考场内调整工位"
    if sheet.settled_at is not None or sheet.absent or sheet.scores.exists():
        return f"{seating.seat} 号工位的考生已登记缺考或已有评分，工位不能再调整"
    return ""


def far_apart(sheets: Iterable[PanelSheet], panels: Mapping[int, Panel]) -> set[int]:
    """Those (pk) to be settled whose examiners differ by more than the gap, so that the panel must talk it over. Only once
    nobody of the panel (`panels` by session room) is awaited: before that nobody learns how others marked."""
    gap = score_gap()
    return {
        sheet.pk
        for sheet in sheets
        if sheet.settled_at is None
        and not panels[sheet.seating.session_room_id].waits_for(sheet.locked_by)
        and rules.too_far_apart(sheet.locked_totals, gap)
    }


def panels_of(account: Account) -> Iterator[Engagement]:
    """The panels that somebody sits on and that have not settled everybody."""
    mine = (
        Assignment.objects.of_open_batches()
        .filter(member__account=account, role__in=PANEL_ROLES)
        .filter(session_room__seatings__panel_sheet__settled_at=None)
        .select_related("session_room__session", "session_room__room")
        .order_by("session_room__session__starts_at")
        .distinct()
    )
    for assignment in mine:
        room = assignment.session_room
        yield Engagement(
            room.session.starts_at, f"考评 {room.room}（{room.session}）", assignment.get_role_display(),
            reverse("marking:my_panels"),
        )  # fmt: skip
