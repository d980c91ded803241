"""How the record of a room puts things: who (always with the seat), when, and how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from assay.hall.state import MINUTE, LiveSitting

CHINA = timezone(timedelta(hours=8))
UNKNOWN_SINCE = 1
"""Stands for a moment that nobody knows: the hall itself had been started anew and has not heard the computer since."""


def named(sitting: LiveSitting) -> str:
    """Seat and name."""
    return f"{sitting.sitting.seat} 号 {sitting.sitting.name}"


def names(sittings: Iterable[LiveSitting]) -> str:
    """All of them; a record leaves nobody out."""
    return "、".join(named(one) for one in sittings)


def moment_text(ms: int) -> str:
    """A moment of the hall's clock as people in China read it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(CHINA).strftime("%H:%M:%S")


def since_text(ms: int) -> str:
    """From when on."""
    return "考试端重新启动前起" if ms == UNKNOWN_SINCE else f"{moment_text(ms)} 起"


def lasting(ms: int) -> str:
    """How long."""
    return f"{ms // MINUTE} 分 {ms // 1000 % 60} 秒"
