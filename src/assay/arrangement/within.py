"""What acts of later rooms do to sessions and seats: within their act, in this room's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.kernel.acts import Context
from assay.kernel.recorded import rewrite


def put_papers(ctx: Context, seatings: Sequence[Seating]) -> None:
    """The papers that were chosen for them lie on the seats."""
    rewrite(seatings, ["paper"])
    ctx.record_all(seatings)


def begin_at(ctx: Context, session: Session, starts_at: datetime) -> None:
    """Another time for a session (locked), as long as it was, counted as put off."""
    length = session.ends_at - session.starts_at
    session.starts_at, session.ends_at, session.postponed = starts_at, starts_at + length, session.postponed + 1
    session.save()
    ctx.record(session)


def sit_again(ctx: Context, session_room: SessionRoom, seatings: Sequence[Seating], starts_at: datetime) -> Session:
    """A new session in the same room, as long, with the same people in it, for these seats (locked)."""
    old = session_room.session
    taken = Session.objects.filter(batch=old.batch, part=old.part).values_list("number", flat=True)
    session = Session.objects.create(
        batch=old.batch, part=old.part, number=1 + max(taken), starts_at=starts_at,
        ends_at=starts_at + (old.ends_at - old.starts_at),
    )  # fmt: skip
    room = SessionRoom.objects.create(session=session, room=session_room.room, line=session_room.line)
    staff = [
        Assignment(session_room=room, member_id=a.member_id, role=a.role)
        for a in session_room.assignments.order_by("pk")
    ]
    Assignment.objects.bulk_create(staff)
    for seating in seatings:
        seating.session_room = room
    rewrite(seatings, ["session_room"])
    ctx.record(session, room, *staff, *seatings)
    return session
