"""What later rooms have made of seats, so that nobody is moved here any more behind their back.

A later room registers how to tell: the hall, once it has a session's pack, seats its candidates by it; examiners know a candidate by the
place where he works.
"""

from __future__ import annotations

from collections.abc import Callable

from assay.arrangement.models import Seating, Session, SessionRoom

HandedOut = Callable[[Session], str]
"""Why the seats of the session stay as they are, and what to do, in Chinese; "" when nothing was made of them."""
Kept = Callable[[Seating, SessionRoom], str]
"""Why one candidate cannot be moved to a seat of that room, in Chinese; "" when nothing is against it."""
_known: list[HandedOut] = []
_kept: list[Kept] = []


def add_handed_out(tell: HandedOut) -> None:
    """Register a later room's answer."""
    _known.append(tell)


def add_kept_seats(tell: Kept) -> None:
    """Register a later room's answer about one seat."""
    _kept.append(tell)


def why_seats_stay(session: Session) -> str:
    """The first reason of any room."""
    return next((said for tell in _known if (said := tell(session))), "")


def why_seat_stays(seating: Seating, room: SessionRoom) -> str:
    """The first reason of any room."""
    return next((said for tell in _kept if (said := tell(seating, room))), "")
