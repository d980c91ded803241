"""Passes to the hall's console: who gets which, for how long, and how they end with their holder's right."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.bridge.tokens import DEEDS, READING, RoomPass
from assay.centre.models import Appointment
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.refusals import NotAllowed, Refused

CLAUSE = "工作方案 四(一)6"
ALL_ROOMS = "*"
AFTERWARDS = timedelta(hours=2)
"""After the planned end there are late answers to decide and the room to close. What a room is given on top is the hall's to add."""
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=12)
TOLD_FOR = timedelta(hours=24)
"""After that no pass is left that could be meant."""
QUICK_S = 5.0


def kind_of(held: frozenset[str], *, role: str | None, whole: bool) -> str | None:
    """What somebody gets who asks for the console: `held` are the duties, `role` is the own place in the room, `whole` asks for all
    rooms of the session. Deeds are for who runs the exam (E8), and in a room for who invigilates there; whoever supervises (Q4),
    prepares the room (E6) or has another place in it looks on; None: nothing."""
    if "E8" in held or (role == "invigilator" and "R2" in held and not whole):
        return DEEDS
    if "Q4" in held or (not whole and (role is not None or "E6" in held)):
        return READING
    return None


def lasts(now: datetime, ends_at: datetime) -> timedelta:
    """How long a pass is good: until some time after its session, not from days before it, and a little while when it is over."""
    return min(max(ends_at + AFTERWARDS - now, SHORTEST), LONGEST)


def pass_for(who: Actor, session: Session, room: SessionRoom | None) -> RoomPass:
    """The pass to one room, or to all of the session; refused for who has nothing to do there."""
    kind = kind_of(who.duties, role=_role_in(room, who) if room else None, whole=room is None)
    if kind is None:
        raise NotAllowed("您没有被安排在这个考场", CLAUSE)
    publication = Publication.objects.filter(session=session).exclude(state=Publication.State.PREPARED).first()
    if publication is None:
        raise Refused(f"{session} 还没有发布到考试端：由试卷保管员在“考前检查与发布”中发布后，控制台才能打开", CLAUSE)
    place = str(room.pk) if room else ALL_ROOMS
    made, good_s = int(time.time()), int(min(lasts(clock.now(), session.ends_at), _left_in_post(who)).total_seconds())
    return RoomPass(publication.pack_id, place, who.name, str(who.account_id), kind, made, made + good_s)


def _left_in_post(who: Actor) -> timedelta:
    """What is left of somebody's last day in a post: no pass outlives it. Everybody else has all the time that there is."""
    if not Appointment.objects.filter(account=who.account_id, until=clock.today()).exists():
        return LONGEST
    return clock.day_begins(clock.today() + timedelta(days=1)) - clock.now()


def _role_in(room: SessionRoom, who: Actor) -> str | None:
    if who.account_id is None:
        return None
    mine = Assignment.objects.filter(session_room=room, member__account=who.account_id)
    return mine.values_list("role", flat=True).first()
