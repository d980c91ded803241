"""How the record of a room puts things: who (always with the seat), when, and how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from assay.hall.state import MINUTE, LiveRoom, LiveSitting

CHINA = timezone(timedelta(hours=8))
UNKNOWN_SINCE = 1
"""Stands for a moment that nobody knows: the hall itself had been started anew and has not heard the computer since."""


def named(sitting: LiveSitting) -> str:
    """Seat and name."""
    return f"{sitting.sitting.seat} 号 {sitting.sitting.name}"


def names(sittings: Iterable[LiveSitting]) -> str:
    """All of them; a record leaves nobody out."""
    return "、".join(named(one) for one in sittings)


def seats_text(sittings: Iterable[LiveSitting]) -> str:
    """The seats of many in few words: 1–3、5 号."""
    spans: list[list[int]] = []
    for seat in sorted(one.sitting.seat for one in sittings):
        if spans and spans[-1][1] == seat - 1:
            spans[-1][1] = seat
        else:
            spans.append([seat, seat])
    said = [
        str(first) if first == last else f"{first}{'–' if last - first > 1 else '、'}{last}" for first, last in spans
    ]
    return f"{'、'.join(said)} 号"


def moment_text(ms: int) -> str:
    """A moment of the hall's clock as people in China read it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(CHINA).strftime("%H:%M:%S")


def since_text(ms: int) -> str:
    """From when on."""
    return "考试端重新启动前起" if ms == UNKNOWN_SINCE else f"{moment_text(ms)} 起"


def without_pauses(room: LiveRoom) -> str:
    """Said beside minutes of the exam where they are not those of the clock on the wall."""
    return "（不计暂停）" if room.facts.pauses or room.facts.paused_at else ""


def lasting(ms: int) -> str:
    """How long."""
    return f"{ms // MINUTE} 分 {ms // 1000 % 60} 秒"
