"""What later rooms have made of a session's seats, so that nobody is moved here any more behind their back.

A later room registers how to tell: the hall, once it has a session's pack, seats its candidates by it.
"""

from __future__ import annotations

from collections.abc import Callable

from assay.arrangement.models import Session

HandedOut = Callable[[Session], str]
"""Why the seats of the session stay as they are, and what to do, in Chinese; "" when nothing was made of them."""
_known: list[HandedOut] = []


def add_handed_out(tell: HandedOut) -> None:
    """Register a later room's answer."""
    _known.append(tell)


def why_seats_stay(session: Session) -> str:
    """The first reason of any room."""
    return next((said for tell in _known if (said := tell(session))), "")
