"""Who sat the exam, who came and did not answer, who was absent: the one definition for console, record and office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from assay.bridge.contract import Reason
from assay.hall.facts import SittingFacts

Attendance = Literal["sat", "came", "absent"]
ATTENDANCE = {"sat": "实考", "came": "到场未作答", "absent": "缺考"}


def attendance(facts: SittingFacts) -> Attendance:
    """Who opened the paper sat. Who was seen at all, at a computer, by the invigilator or at the door, is never absent."""
    if facts.started_at:
        return "sat"
    return "came" if facts.arrived_at or facts.mismatch_at or facts.late_refused_at else "absent"


def came_without(facts: SittingFacts, *, over: bool, rescheduled: bool = False) -> Reason | Literal[""]:
    """Why somebody who came did not answer; "" for everybody else, and while he still may."""
    if attendance(facts) != "came":
        return ""
    if facts.reported_mismatch():
        return Reason.MISMATCH
    if not facts.arrived_at and facts.late_refused_at and not facts.late_entry_at:
        return Reason.LATE
    if facts.handed_in_at:
        return Reason.FORCED
    if not over:
        return ""
    if rescheduled:
        return Reason.RESCHEDULED
    return Reason.LEFT if facts.arrived_at else Reason.LET_IN


def counts(everybody: Iterable[SittingFacts]) -> dict[str, int]:
    """How many were expected, sat, came without answering, were absent."""
    found: dict[str, int] = {"expected": 0, "sat": 0, "came": 0, "absent": 0}
    for facts in everybody:
        found["expected"] += 1
        found[attendance(facts)] += 1
    return found
