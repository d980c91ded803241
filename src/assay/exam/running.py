"""Sessions as they run, seen from the office: every room with what needs a hand, and words for all of them at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from assay.arrangement.models import Session, SessionRoom
from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.exam.halls import connected, hall_named
from assay.exam.models import Publication, publication_of
from assay.kernel import clock
from assay.kernel.refusals import Refused

EXAM = "工作方案 四(一)6"
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=24)
"""A session stands here from some time before it begins until it is collected; who forgot that finds it among the tasks."""
QUICK_S = 4.0
MOST_TEXT = 500
USUAL = (contract.Need.UNVERIFIED, contract.Need.IDLE)
"""What is so in every exam for a while; the rest somebody should see to at once."""
Standing = dict[str, contract.RoomStanding]


@dataclass(frozen=True)
class RoomView:
    """A room of a running session; `now` is None while its hall does not answer."""

    room: SessionRoom
    now: contract.RoomStanding | None

    @property
    def needs(self) -> list[tuple[str, int, bool]]:
        """(what needs a hand, how many, whether at once), the most pressing first."""
        found = self.now.needs if self.now else {}
        return [(contract.NEEDS.get(kind, kind), n, kind not in USUAL) for kind, n in found.items()]

    @property
    def badges(self) -> list[tuple[str, str]]:
        """What needs a hand, with its number, and the colour in which it stands."""
        return [(f"{title} {n}", "red" if at_once else "secondary") for title, n, at_once in self.needs]

    @property
    def pressing(self) -> int:
        return sum(n for _, n, at_once in self.needs if at_once)

    @property
    def urgency(self) -> list[int]:
        """What rooms are told apart by, the most urgent smallest: who of two has more of what presses most."""
        found = self.now.needs if self.now else {}
        return [-found.get(kind, 0) for kind in contract.NEEDS if kind not in USUAL]


@dataclass(frozen=True)
class SessionView:
    """A running session: its rooms, those that need a hand first. `trouble`: why its hall could not be asked; `waits`: what keeps its
    candidates from beginning, and `due` whether that is somebody's task by now."""

    session: Session
    hall: str
    rooms: list[RoomView]
    trouble: str = ""
    waits: str = ""
    due: bool = False

    @property
    def all_closed(self) -> bool:
        """Whether nobody answers any more, in any of its rooms: it can be collected."""
        return bool(self.rooms) and all(room.now is not None and room.now.closed for room in self.rooms)

    @property
    def published(self) -> bool:
        return published(self.session) is not None

    @property
    def listens(self) -> bool:
        """Whether words for everybody in it still reach anybody."""
        return self.published and not self.all_closed

    @property
    def has_totals(self) -> bool:
        """Whether its rooms are many, and their numbers known."""
        return len(self.rooms) > 1 and self.published and not self.trouble

    @property
    def pressing(self) -> int:
        return sum(room.pressing for room in self.rooms)

    @property
    def totals(self) -> dict[str, int]:
        """The numbers of all rooms together."""
        heard = [room.now for room in self.rooms if room.now]
        return {
            "expected": sum(one.expected for one in heard),
            "ready": sum(one.ready for one in heard),
            "came": sum(one.came for one in heard),
            "answering": sum(one.answering for one in heard),
            "handed_in": sum(one.handed_in for one in heard),
            "offline": sum(one.offline for one in heard),
        }


def running() -> list[SessionView]:
    """Sessions that run now or are about to, those that need a hand first. The halls are asked side by side: one that hangs holds up
    nobody longer than `QUICK_S`."""
    found = list(on_show().select_related("batch", "publication").prefetch_related("publication__openings"))
    asked = [_where(published(session)) for session in found]
    with ThreadPoolExecutor(max(1, len(found))) as asking:
        heard = list(asking.map(_ask, *zip(*asked, strict=True))) if found else []
    views = [_view(session, *said) for session, said in zip(found, heard, strict=True)]
    return sorted(views, key=lambda view: (not view.trouble, not view.due, -view.pressing))


def on_show() -> QuerySet[Session]:
    """Theory sessions that begin soon or have begun, until they are collected."""
    now = clock.now()
    near = Session.objects.filter(part=Part.THEORY, starts_at__lt=now + BEFORE, ends_at__gt=now - AFTER)
    sat = near.filter(rooms__seatings__isnull=False).exclude(publication__state=Publication.State.COLLECTED)
    return sat.distinct().order_by("starts_at", "pk")


def published(session: Session) -> Publication | None:
    """What a hall has of a session, unless it is over."""
    found = publication_of(session)
    return found if found is not None and found.is_at_the_hall else None


def standing_of(room: SessionRoom) -> contract.RoomStanding | None:
    """How one room stands; None while no hall has it, or its hall does not answer."""
    return _ask(*_where(published(room.session)))[0].get(str(room.pk))


def _where(publication: Publication | None) -> tuple[str, str]:
    """The address of the hall, "" when nobody knows it any more, and its pack; no pack where nothing was published."""
    if publication is None:
        return "", ""
    try:
        return hall_named(publication.hall).url, publication.pack_id
    except Refused:
        return "", publication.pack_id


def _ask(url: str, pack_id: str) -> tuple[Standing, str]:
    """How the rooms stand by their numbers, or why that is not known. Runs beside others: no database here."""
    if not pack_id:
        return {}, ""
    if not url:
        return {}, "设置中已没有这个考试端"
    try:
        with connected(url, QUICK_S) as hall:
            return {standing.room: standing for standing in hall.rooms(pack_id)}, ""
    except (HallUnreachable, Refused) as down:
        return {}, str(down)


def _view(session: Session, standing: Standing, trouble: str) -> SessionView:
    rooms = SessionRoom.objects.filter(session=session, seatings__isnull=False).distinct()
    views = [RoomView(room, standing.get(str(room.pk))) for room in rooms.select_related("room").order_by("room__code")]
    views.sort(key=lambda view: (view.urgency, bool(view.now and view.now.closed)))
    publication = published(session)
    waits, due = _waits(session, publication)
    return SessionView(session, publication.hall if publication else "", views, trouble, waits, due)


def _waits(session: Session, publication: Publication | None) -> tuple[str, bool]:
    """What is still missing before candidates can begin, in Chinese, and whether its time has come."""
    if publication is None:
        return "还没有发布到考试端，考生不能登录", True
    if publication.state == Publication.State.OPENED:
        return "", False
    earliest = session.starts_at - timedelta(minutes=parameters.number("exam.open_minutes"))
    due = clock.now() >= earliest
    return publication.sealed_still() + ("" if due else f"，{clock.shown(earliest)} 起可以启封"), due
