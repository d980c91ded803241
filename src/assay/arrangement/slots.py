"""Time slots of exam days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, order=True)
class Slot:
    """A half-open stretch of time, aware."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Slot) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Day:
    """The hours of an exam day in Shanghai time, and the break between two sessions in minutes."""

    windows: tuple[tuple[time, time], ...] = ((time(8, 0), time(12, 30)), (time(14, 0), time(18, 30)))
    gap_minutes: int = 30


def slots(days: list[date], minutes: int, day: Day) -> Iterator[Slot]:
    """All slots of `minutes` in order; a slot never runs over the end of a window. ValueError for minutes < 1."""
    if minutes < 1:
        raise ValueError(minutes)
    length, gap = timedelta(minutes=minutes), timedelta(minutes=day.gap_minutes)
    for one in days:
        for opens, closes in day.windows:
            start = datetime.combine(one, opens, SHANGHAI)
            end = datetime.combine(one, closes, SHANGHAI)
            while start + length <= end:
                yield Slot(start, start + length)
                start += length + gap


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
