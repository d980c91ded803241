"""How a room stands, as the office is told: numbers only, for whoever looks over many rooms at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.bridge.contract import Need, RoomStanding
from assay.hall.attendance import counts
from assay.hall.computers import sits_wrong
from assay.hall.facts import Ready
from assay.hall.state import LiveRoom, LiveSitting
from assay.hall.wrong_tries import MANY_WRONG

NOT_THERE = ("expected", "offline")
BY_STATUS = (Need.OFFLINE, Need.MISSING, Need.IDLE)
"""Needs that are statuses of a seat as well."""


def standing_of(room: LiveRoom, now: int, ready: Mapping[int, Ready]) -> RoomStanding:
    """The room at this moment; in a closed one nothing needs a hand any more. `ready`: seat → what its computer said of itself."""
    closed = bool(room.facts.closed_at)
    found = [] if closed else [*_of_room(room), *(kind for sitting in room.sittings for kind in _needs(sitting, now))]
    counted = counts(sitting.facts for sitting in room.sittings)
    reports = [sitting.facts.ready or ready.get(sitting.sitting.seat) for sitting in room.sittings]
    return RoomStanding(
        room=room.room.id,
        expected=counted["expected"],
        ready=sum(report is not None and report.storage for report in reports),
        came=counted["sat"] + counted["came"],
        answering=sum(bool(s.facts.started_at and not s.facts.handed_in_at) for s in room.sittings),
        handed_in=sum(bool(s.facts.handed_in_at) for s in room.sittings),
        offline=sum(s.status(now) == "offline" for s in room.sittings),
        paused=bool(room.facts.paused_at),
        closed=closed,
        needs={kind: found.count(kind) for kind in Need if kind in found},
    )


def _of_room(room: LiveRoom) -> Iterator[str]:
    if room.outage():
        yield Need.OUTAGE


def _needs(sitting: LiveSitting, now: int) -> Iterator[str]:
    """What of a candidate needs a hand."""
    facts, status = sitting.facts, sitting.status(now)
    if status in BY_STATUS:
        yield status
    if sitting.undecided():
        yield Need.LATE
    if sitting.old_computer_since(now):
        yield Need.OLD_COMPUTER
    if sitting.reported_mismatch():
        yield Need.MISMATCH
    elif sitting.unverified():
        yield Need.UNVERIFIED
    if facts.late_refused_at and not (facts.arrived_at or facts.late_entry_at or facts.kept_out_at):
        yield Need.AT_THE_DOOR
    if status in NOT_THERE and sum(facts.wrong_tries.values()) >= MANY_WRONG:
        yield Need.WRONG
    if not facts.handed_in_at:
        yield from _at_work(sitting)


def _at_work(sitting: LiveSitting) -> Iterator[str]:
    """What only matters until the hand-in."""
    facts = sitting.facts
    if facts.other_browser_from != facts.other_browser_at:
        yield Need.OTHER_BROWSER
    if sits_wrong(sitting):
        yield Need.SWAPPED
    if sitting.minutes_due():
        yield Need.DUE
