"""How a room stands, as the office is told: numbers only, for whoever looks over many rooms at once."""

from __future__ import annotations

from collections.abc import Iterator

from assay.hall.contract import NEEDS, RoomStanding
from assay.hall.state import LiveRoom, LiveSitting

MANY_WRONG = 3
"""Wrong tries to sign in with a ticket after which somebody should look, as on the console."""
NOT_THERE = ("expected", "offline")
BY_STATUS = ("offline", "missing", "idle")


def standing_of(room: LiveRoom, now: int) -> RoomStanding:
    """The room at this moment; in a closed one nothing needs a hand any more."""
    closed = bool(room.facts.closed_at)
    states = [sitting.status(now) for sitting in room.sittings]
    found = [] if closed else [kind for sitting in room.sittings for kind in _needs(sitting, now)]
    return RoomStanding(
        room=room.room.id,
        expected=len(room.sittings),
        came=sum(bool(s.facts.arrived_at) for s in room.sittings),
        answering=sum(bool(s.facts.started_at and not s.facts.handed_in_at) for s in room.sittings),
        handed_in=sum(bool(s.facts.handed_in_at) for s in room.sittings),
        offline=states.count("offline"),
        paused=bool(room.facts.paused_at),
        closed=closed,
        needs={kind: found.count(kind) for kind in NEEDS if kind in found},
    )


def _needs(sitting: LiveSitting, now: int) -> Iterator[str]:
    """What of a candidate needs a hand."""
    facts, status = sitting.facts, sitting.status(now)
    if status in BY_STATUS:
        yield status
    if sitting.undecided():
        yield "late"
    if sitting.reported_mismatch():
        yield "mismatch"
    elif facts.arrived_at and not facts.admitted_at:
        yield "unverified"
    if status in NOT_THERE and sum(facts.wrong_tries.values()) >= MANY_WRONG:
        yield "wrong"
    if not facts.handed_in_at and facts.other_browser_from != facts.other_browser_at:
        yield "other_browser"
    if not facts.handed_in_at and sitting.minutes_due():
        yield "due"
