"""Consoles that were opened from a session of the office. They do not end by themselves with it, so that no exam loses its invigilator
to the office's limits of time; whoever signs out ends them with it, and is asked first while their rooms are at work."""

from __future__ import annotations

from django.http import HttpRequest

from assay.arrangement.models import Session, SessionRoom
from assay.centre.models import Account
from assay.centre.open_sessions import OUTLIVING
from assay.exam.models import publication_of

_ALL_ROOMS = 0


def note_opened(request: HttpRequest, account: Account, session: Session, room: SessionRoom | None) -> None:
    """The console of a room, or of all of the session, was opened from here."""
    mine = [account.pk, session.pk, room.pk if room is not None else _ALL_ROOMS]
    noted = request.session.get(OUTLIVING, [])
    if mine not in noted:
        request.session[OUTLIVING] = [*noted, mine]


def were_opened(request: HttpRequest, account: Account) -> bool:
    """Whether the account opened any console from here."""
    return bool(_own(request, account))


def at_work(request: HttpRequest, account: Account) -> list[str]:
    """The consoles that the account opened from here and whose session is not collected yet, for people."""
    own = _own(request, account)
    sessions = Session.objects.select_related("batch", "publication").in_bulk([session for session, _ in own])
    rooms = SessionRoom.objects.select_related("session", "room").in_bulk([room for _, room in own])
    return [
        str(rooms[room]) if room in rooms else f"{sessions[session]} 全部考场"
        for session, room in own
        if session in sessions and _is_at_work(sessions[session])
    ]


def _own(request: HttpRequest, account: Account) -> list[tuple[int, int]]:
    return [(session, room) for holder, session, room in request.session.get(OUTLIVING, []) if holder == account.pk]


def _is_at_work(session: Session) -> bool:
    publication = publication_of(session)
    return publication is not None and publication.is_at_the_hall
