"""Single candidates seated elsewhere by hand: to a free seat, or two who change seats, until the session is over."""

from __future__ import annotations

from django.db import models

from assay.arrangement.changing import CLAUSE, locked, locked_batch, require_not_over
from assay.arrangement.handed_out import why_seat_stays, why_seats_stay
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.arrangement.recusal import CLAUSE as RECUSAL
from assay.arrangement.recusal import why_recused
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused

WHO = ("E6", "E8")
NOBODYS = 0
"""A seat that no room has: one of two who change seats stands there for a moment, so that no seat is taken twice."""


def require_movable(seating: Seating) -> None:
    """Raises Refused where the seats of its session stay as they are."""
    _require_open(seating.session_room.session)


def _require_open(session: Session) -> None:
    require_not_over(session)
    if why := why_seats_stay(session):
        raise Refused(why, CLAUSE)


@act("arrangement.move_candidate", duty=WHO, title="调整考生座位", clause="四(一)3(2)", guard=require_movable)
def move_candidate(ctx: Context, seating: Seating, *, session_room: SessionRoom, seat: int) -> Seating:
    """Move one candidate to another free seat of the same part; nobody else moves."""
    locked_batch(seating.session_room.session.batch)
    seating = locked(Seating, seating.pk)
    require_movable(seating)
    _require_place_for(seating, session_room)
    if not 1 <= seat <= (session_room.room.workstations or seat):
        raise Refused(f"{session_room.room} 只有 {session_room.room.workstations} 个机位，没有 {seat} 号", CLAUSE)
    if session_room.room.broken.filter(number=seat, repaired_on=None).exists():
        raise Refused(f"{session_room.room} {seat} 号机位有故障，尚未修复", CLAUSE)
    if who_sits(session_room, seat).exclude(pk=seating.pk).exists():
        raise Refused(f"{session_room.room} {seat} 号已有考生；要与该考生互换座位的，请点“对调”", CLAUSE)
    seating.session_room, seating.seat = session_room, seat
    seating.save()
    ctx.record(seating)
    return seating


def require_swappable(seating: Seating, other: Seating) -> None:
    """Raises Refused where one of the two stays where he or she is."""
    for one in (seating, other):
        require_movable(one)
    if seating.pk == other.pk:
        raise Refused("这就是该考生现在的座位", CLAUSE)


@act("arrangement.swap_seats", duty=WHO, title="对调考生座位", clause="四(一)3(2)", guard=require_swappable)
def swap_seats(ctx: Context, seating: Seating, other: Seating) -> tuple[Seating, Seating]:
    """Two candidates of the same part change seats, at once."""
    locked_batch(seating.session_room.session.batch)
    one, two = (locked(Seating, pk) for pk in sorted((seating.pk, other.pk)))
    require_swappable(one, two)
    _require_place_for(one, two.session_room)
    _require_place_for(two, one.session_room)
    room, seat = one.session_room, one.seat
    one.seat = NOBODYS
    one.save()
    goes_to, two.session_room, two.seat = (two.session_room, two.seat), room, seat
    two.save()
    one.session_room, one.seat = goes_to
    one.save()
    ctx.record(one, two)
    return one, two


def who_sits(session_room: SessionRoom, seat: int) -> models.QuerySet[Seating]:
    """At a seat, whatever the job: two panels may share a room."""
    return Seating.objects.filter(
        session_room__session=session_room.session_id, session_room__room=session_room.room_id, seat=seat
    )


def _require_place_for(seating: Seating, room: SessionRoom) -> None:
    """Raises Refused unless the candidate may be assessed in that room at that time."""
    session, old = room.session, seating.session_room
    if session.part != seating.part or session.batch_id != old.session.batch_id:
        raise Refused("只能调到同一批次、同一科目的考场", CLAUSE)
    _require_open(session)
    if why := why_seat_stays(seating, room):
        raise Refused(why, CLAUSE)
    if room.pk == old.pk:
        return
    application = seating.application
    if room.line_id is not None and room.line_id != application.line_id:
        raise Refused(f"{room} 考核{room.line}，{application.applicant}报考{application.line}，不能调到这里", CLAUSE)
    meanwhile = application.seatings.exclude(pk=seating.pk).filter(
        session_room__session__starts_at__lt=session.ends_at, session_room__session__ends_at__gt=session.starts_at
    )
    for clash in meanwhile.select_related("session_room__session")[:1]:
        raise Refused(f"{application.applicant} 同一时间要参加{clash.session_room.session}，不能调到这里", CLAUSE)
    classes = frozenset([application.applicant.class_name])
    for assignment in room.assignments.select_related("member"):
        if against := why_recused(assignment.member, assignment.role, classes=classes, candidates=frozenset()):
            raise Refused(f"{room.room}：{against}；请先改派，再调整座位", RECUSAL)
