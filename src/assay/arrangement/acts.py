"""Arranging a batch, mending the arrangement by hand, and giving out tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Max, QuerySet

from assay.applications.models import Application
from assay.arrangement import recusal
from assay.arrangement.handed_out import why_seats_stay
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.arrangement.planning import SessionPlan
from assay.arrangement.proposal import Options, propose
from assay.arrangement.tickets import ticket_number
from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.centre.departures import Departure, depart
from assay.centre.models import Centre
from assay.corps.models import Member
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.correspondence import Standing
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)3(2)"


@dataclass(frozen=True)
class Arranged:
    """What `arrange` did, and what it could not do (in Chinese): problems are gates until mended."""

    sessions: int
    seats: int
    problems: list[str]


ARRANGED_IN = (Stage.ARRANGE, Stage.FILING)
CHANGED_IN = (*ARRANGED_IN, Stage.TICKETS, Stage.READINESS)
"""Stages in which a batch is arranged, and in which single seats and places are still changed by hand."""


def _locked_batch(batch: Batch) -> Batch:
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _require_stage(batch: Batch, stages: Sequence[str]) -> None:
    if batch.stage not in stages:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，此时不能改动编排", CLAUSE)


Placed = TypeVar("Placed", Seating, Assignment)


def _locked(model: type[Placed], pk: int) -> Placed:
    """A seat or a place as it is once the batch is locked: it may have been moved, or gone with a new arrangement."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("session_room__session")
    return rows.get(pk=pk)


def _take_people_and_rooms() -> None:
    """One batch at a time: two that are arranged at once would each find the same people and rooms free."""
    Centre.objects.select_for_update(no_key=True).first()


def is_filed(batch: Batch) -> bool:
    """Whether the province has the plan before it, or has approved it: it gives it back before anything is arranged anew."""
    return batch.stage == Stage.FILING and batch.filings.exclude(state=Standing.RETURNED).exists()


def require_arrangeable(batch: Batch) -> None:
    """Raises Refused where the batch is not to be arranged: too early, too late, or before the province."""
    _require_stage(batch, ARRANGED_IN)
    if is_filed(batch):
        raise Refused("认定计划已上报，编排不能再改；如需改动请待省中心退回", CLAUSE)


@act("arrangement.arrange", duty="E6", title="考场编排", clause="四(一)3(2)", guard=require_arrangeable)
def arrange(ctx: Context, batch: Batch, *, options: Options | None = None) -> Arranged:
    """Plan the whole batch anew: sessions, seats, invigilators, panels, supervisors, staff. Replaces what was there."""
    _take_people_and_rooms()
    batch = _locked_batch(batch)
    require_arrangeable(batch)
    proposal = propose(batch, options or Options())
    _clear(ctx, batch)
    _write(ctx, batch, proposal.sessions)
    seats = sum(len(room.seats) for session in proposal.sessions for room in session.rooms)
    ctx.note = f"编排 {len(proposal.sessions)} 场 {seats} 座"
    return Arranged(len(proposal.sessions), seats, proposal.problems)


def _clear(ctx: Context, batch: Batch) -> None:
    """Remove the former arrangement, leaving its removal in the ledger."""
    steps: list[tuple[type[Recorded], dict[str, Batch]]] = [
        (Assignment, {"session_room__session__batch": batch}),
        (Seating, {"session_room__session__batch": batch}),
        (SessionRoom, {"session__batch": batch}),
        (Session, {"batch": batch}),
    ]
    for model, condition in steps:
        rows = model._default_manager.filter(**condition)
        for pk in rows.values_list("pk", flat=True):
            ctx.record_removed(model, pk)
        rows.delete()


def _write(ctx: Context, batch: Batch, plans: Sequence[SessionPlan]) -> None:
    numbers: dict[str, int] = {}
    for plan in plans:
        numbers[plan.part] = numbers.get(plan.part, 0) + 1
        session = Session.objects.create(
            batch=batch,
            part=plan.part,
            number=numbers[plan.part],
            starts_at=plan.slot.starts_at,
            ends_at=plan.slot.ends_at,
        )
        ctx.record(session)
        for room_plan in plan.rooms:
            room = SessionRoom.objects.create(session=session, room_id=room_plan.room, line_id=room_plan.line)
            ctx.record(room)
            ctx.record_all(
                Seating.objects.bulk_create(
                    [
                        Seating(session_room=room, application_id=application, part=plan.part, seat=station)
                        for station, application in room_plan.seats
                    ]
                )
            )
            ctx.record_all(
                Assignment.objects.bulk_create(
                    [Assignment(session_room=room, member_id=m, role=role) for role, m in room_plan.people]
                )
            )


def require_movable(seating: Seating) -> None:
    """Raises Refused where the seats of its session stay as they are."""
    session = seating.session_room.session
    _require_stage(session.batch, CHANGED_IN)
    _require_not_handed_out(session)


def _require_not_handed_out(session: Session) -> None:
    if why := why_seats_stay(session):
        raise Refused(why, CLAUSE)


@act(
    "arrangement.move_candidate", duty=("E6", "E8"), title="调整考生座位", clause="四(一)3(2)", guard=require_movable
)  # fmt: skip
def move_candidate(ctx: Context, seating: Seating, *, session_room: SessionRoom, seat: int) -> Seating:
    """Move one candidate to another free seat of the same part; nobody else moves."""
    _locked_batch(seating.session_room.session.batch)
    seating = _locked(Seating, seating.pk)
    require_movable(seating)
    if (
        session_room.session.part != seating.part
        or session_room.session.batch_id != seating.session_room.session.batch_id
    ):
        raise Refused("只能调到同一批次、同一科目的考场", CLAUSE)
    _require_not_handed_out(session_room.session)
    if not 1 <= seat <= (session_room.room.workstations or seat):
        raise Refused(f"{session_room.room} 只有 {session_room.room.workstations} 个机位，没有 {seat} 号", CLAUSE)
    if session_room.room.broken.filter(number=seat, repaired_on=None).exists():
        raise Refused(f"{session_room.room} {seat} 号机位有故障，尚未修复", CLAUSE)
    others = Seating.objects.filter(session_room__session=session_room.session, session_room__room=session_room.room)
    if others.filter(seat=seat).exclude(pk=seating.pk).exists():
        raise Refused(f"{session_room.room} {seat} 号已有考生", CLAUSE)
    seating.session_room, seating.seat = session_room, seat
    seating.save()
    ctx.record(seating)
    return seating


def require_replaceable(assignment: Assignment) -> None:
    """Raises Refused once it is too late to put somebody else in."""
    _require_stage(assignment.session_room.session.batch, CHANGED_IN)


@act(
    "arrangement.replace_member", duty=("E6", "X3"), title="更换监考考评人员", clause="三(一)2(3)③",
    guard=require_replaceable,
)  # fmt: skip
def replace_member(ctx: Context, assignment: Assignment, *, member: Member) -> Assignment:
    """Put another person in the place of one; card, clashes and recusal are checked."""
    _take_people_and_rooms()
    _locked_batch(assignment.session_room.session.batch)
    assignment = _locked(Assignment, assignment.pk)
    require_replaceable(assignment)
    problem = unfit(member, assignment)
    if problem:
        raise Refused(problem, recusal.CLAUSE)
    former, assignment.member = assignment.member, member
    assignment.save()
    ctx.record(assignment)
    if former.account_id is not None:
        depart(ctx, Departure(former.account_id, assignment.session_room_id))
    return assignment


def unfit(member: Member, assignment: Assignment) -> str | None:
    """Why `member` cannot take the place of `assignment`: no card in force, a clash, or recusal. None when fit."""
    session_room, session = assignment.session_room, assignment.session_room.session
    roles = CARD_ROLES.get(assignment.role)
    day = clock.day_of(session.starts_at)
    if roles and not any(c.in_force(day) for c in member.cards.filter(role__in=roles)):
        return f"{member} 没有在有效期内的{assignment.get_role_display()}证卡"
    clash = Assignment.objects.filter(
        member=member,
        session_room__session__starts_at__lt=session.ends_at,
        session_room__session__ends_at__gt=session.starts_at,
    ).exclude(pk=assignment.pk)
    if clash.exists():
        return f"{member} 同一时间另有安排"
    why = recusal.why_recused(
        member,
        assignment.role,
        classes=recusal.classes_in(session_room),
        candidates=recusal.candidates_of(session.batch),
    )
    return why or None


CARD_ROLES: dict[str, tuple[str, ...]] = {
    "invigilator": ("invigilator",),
    "examiner": ("examiner", "senior_examiner"),
    "leader": ("examiner", "senior_examiner"),
    "supervisor": ("supervisor",),
}


def without_ticket(batch: Batch) -> QuerySet[Application]:
    """The candidates who have a seat and no ticket."""
    return Application.objects.filter(
        batch=batch, state=Application.State.APPROVED, seatings__isnull=False, ticket__isnull=True
    )


def require_to_issue(batch: Batch) -> None:
    """Raises Refused until the province has approved the filing, and once everybody with a seat has a ticket."""
    if batch.route != Route.EXAM or not batch.has_reached(Stage.TICKETS):
        raise Refused("省中心审核通过后才能发放准考证", "工作方案 四(一)5")
    if not without_ticket(batch).exists():
        raise Refused("已编座位的考生都有准考证，没有待发的", "工作方案 四(一)5")


@act("arrangement.issue_tickets", duty="E5", title="发放准考证", clause="四(一)5", guard=require_to_issue)
def issue_tickets(ctx: Context, batch: Batch) -> int:
    """Number a ticket for every seated candidate that has none; only once the filing is approved."""
    batch = _locked_batch(batch)
    require_to_issue(batch)
    seated = (
        without_ticket(batch)
        .select_related("line__level")
        .distinct()
        .order_by("line__scope_row__no", "applicant__class_name", "pk")
    )
    last = Ticket.objects.filter(application__batch=batch).aggregate(n=Max("number"))["n"]
    serial = int(last[-5:]) if last else 0
    tickets = [
        Ticket(application=a, number=ticket_number(batch, a.line.level.code, serial + n), issued_at=ctx.at)
        for n, a in enumerate(seated, start=1)
    ]
    ctx.record_all(Ticket.objects.bulk_create(tickets, batch_size=500))
    return len(tickets)
