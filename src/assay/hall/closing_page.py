"""The end of a room on one page, to read, sign and print: as it stands now, or as it was confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from assay.bridge.contract import REASONS
from assay.hall.attendance import attendance, counts
from assay.hall.closing import unverified
from assay.hall.record import Kind, Line, told_together
from assay.hall.state import MINUTE, LiveRoom, LiveSitting
from assay.hall.store.contract import Store


async def closing_page(store: Store, room: LiveRoom) -> dict[str, Any]:
    """Everybody by what became of him, the receipts old and new, and the whole record, oldest first, with what happened to several
    seats at once in one line. Moments are the hall's ms."""
    pack, facts = room.pack, room.facts
    seats = sorted(room.sittings, key=lambda sitting: sitting.sitting.seat)
    answered = await store.answered([sitting.sitting.id for sitting in seats])
    rows = await store.read("whole_record", pack.pack.id, room.room.id)
    people: dict[str, list[dict[str, Any]]] = {"sat": [], "came": [], "absent": []}
    for sitting in seats:
        people[attendance(sitting.facts)].append(_person(sitting, answered, pack.now()))
    lines = [Line(*row) for row in rows]
    return {
        "room": room.room.id, "name": room.room.name, "centre": pack.pack.centre_name, "batch": pack.pack.batch_name,
        "session": pack.pack.session_name, "rehearsal": pack.pack.rehearsal, "starts": pack.starts_ms, "at": pack.now(),
        "closed_at": facts.closed_at, "closed_by": facts.closed_by, "rescheduled": facts.rescheduled,
        "extra": facts.extra_minutes, "pauses": facts.pauses, "paused_at": facts.paused_at,
        "outages": msgspec.to_builtins(facts.outages), "counts": counts(s.facts for s in seats), **people,
        "misconduct": [line._asdict() for line in lines if line.kind in (Kind.MISCONDUCT, Kind.MISCONDUCT_WITHDRAWN)],
        "unverified": _ids(unverified(room)), "undecided": _ids([s for s in seats if s.undecided()]),
        "unfinished": _ids([s for s in seats if s.facts.started_at and not s.facts.handed_in_at]),
        "record": [line._asdict() for line in told_together(lines, pack.sittings)],
    }  # fmt: skip


def _ids(sittings: Sequence[LiveSitting]) -> list[str]:
    return [sitting.sitting.id for sitting in sittings]


def _person(sitting: LiveSitting, answered: Mapping[str, int], now: int) -> dict[str, Any]:
    one, facts, why = sitting.sitting, sitting.facts, sitting.came_without(now, at_an_end=True)
    return {
        "sitting": one.id, "seat": one.seat, "name": one.name, "ticket": one.ticket, "id_masked": one.id_masked,
        "verified": sitting.verified(), "arrived_at": facts.arrived_at, "started_at": facts.started_at,
        "handed_in_at": facts.handed_in_at, "closing": sitting.closing(), "answered": answered.get(one.id, 0),
        "items": sitting.paper.questions, "minutes": sitting.minutes(), "planned": one.extra_minutes, "extra": facts.extra_minutes,
        "forced_by": facts.forced_by, "forced_why": facts.forced_why, "misconduct": facts.misconduct_at,
        "away": -(-facts.away_ms // MINUTE), "receipt": facts.receipt, "receipts": msgspec.to_builtins(facts.receipts),
        "why": why, "why_text": REASONS.get(why, ""), "late_refused_at": facts.late_refused_at,
        "missing": facts.missing_since, "old_computer_since": facts.old_computer_since,
    }  # fmt: skip
