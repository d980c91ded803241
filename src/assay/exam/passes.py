"""Passes to the hall's console: who gets which, for how long, and how they end with their holder's right."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Q

from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.centre.actors import SYSTEM
from assay.centre.departures import Departure
from assay.centre.models import Account
from assay.exam.halls import connected, hall_named
from assay.exam.models import EndedPass, Publication
from assay.hall import contract
from assay.hall.client import HallUnreachable
from assay.hall.tokens import DEEDS, READING, RoomPass
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused

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
        raise Refused("您没有被安排在这个考场", CLAUSE)
    publication = Publication.objects.filter(session=session).exclude(state="prepared").first()
    if publication is None:
        raise Refused(f"{session} 还没有发布到考试端：由试卷保管员在“考前检查与发布”中发布后，控制台才能打开", CLAUSE)
    place = str(room.pk) if room else ALL_ROOMS
    made, good_s = int(time.time()), int(lasts(clock.now(), session.ends_at).total_seconds())
    return RoomPass(publication.pack_id, place, who.name, str(who.account_id), kind, made, made + good_s)


def _role_in(room: SessionRoom, who: Actor) -> str | None:
    if who.account_id is None:
        return None
    mine = Assignment.objects.filter(session_room=room, member__account=who.account_id)
    return mine.values_list("role", flat=True).first()


def note_departure(ctx: Context, departure: Departure) -> None:
    """Whose right has ended may hold passes: to consoles of sessions that the halls run, or ran a little while ago."""
    account = Account.objects.get(pk=departure.account)
    if account.kind != "staff":
        return
    recent = Q(state__in=["published", "opened"]) | Q(session__ends_at__gt=ctx.at - LONGEST)
    halls = Publication.objects.exclude(state="prepared").filter(recent).values_list("hall", flat=True)
    room = str(departure.room) if departure.room is not None else ""
    for hall in sorted(set(halls)):
        ctx.record(EndedPass.objects.create(account=account, room=room, hall=hall, until=int(time.time())))


def tell_halls() -> list[str]:
    """Tell the halls of passes that have ended and that they have not heard of; what could not be told, in Chinese."""
    since = int(time.time() - TOLD_FOR.total_seconds())
    by_hall: dict[str, list[EndedPass]] = {}
    for ended in EndedPass.objects.filter(told_at=None, until__gt=since).select_related("account"):
        by_hall.setdefault(ended.hall, []).append(ended)
    return [said for hall, ended in by_hall.items() if (said := _tell(hall, ended))]


def _tell(hall: str, ended: list[EndedPass]) -> str:
    """What to say when the hall could not be told; "" when it was."""
    try:
        with connected(hall_named(hall).url, QUICK_S) as client:
            client.end_passes([contract.EndedPass(str(one.account_id), one.until, one.room) for one in ended])
    except (HallUnreachable, Refused) as down:
        names = "、".join(sorted({one.account.name for one in ended}))
        return (
            f"没有通知到考试端{hall}（{down}）：{names} 若已打开考场控制台，在其到期前还能使用。连上后自动失效；"
            "紧急时请到考场收回其计算机"
        )
    note_told(SYSTEM, ended)
    return ""


@act("exam.note_told", duty="SYS", title="控制台链接失效已送达")
def note_told(ctx: Context, ended: list[EndedPass]) -> None:
    """No official fact: no ledger entry."""
    EndedPass.objects.filter(pk__in=[one.pk for one in ended]).update(told_at=int(time.time()))
