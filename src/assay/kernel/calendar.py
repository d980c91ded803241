"""Working days after the State Council's yearly notice.

Days named by an officer (table Holiday) win; then the chinesecalendar data (2004-2026); beyond it Monday to Friday,
and `known()` says so, for the page to show. Source: work plan §四(一)4; rules.md §5.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import chinese_calendar


class NamedDays(Protocol):
    """Days that an officer loaded: True = works, False = off, None = nothing said."""

    def works(self, day: date) -> bool | None: ...

    def covers(self, year: int) -> bool: ...


class WorkingDays:
    """A calendar over `named` days; pure but for what `named` looks up."""

    def __init__(self, named: NamedDays) -> None:
        self._named = named

    def is_working(self, day: date) -> bool:
        said = self._named.works(day)
        if said is not None:
            return said
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    def known(self, day: date) -> bool:
        """False when only Monday-Friday could be assumed for that year."""
        if self._named.covers(day.year):
            return True
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return False
        return True

    def add(self, day: date, count: int) -> date:
        """The working day `count` working days after `day` (before it when negative)."""
        step = timedelta(days=1 if count >= 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 when end <= start."""
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
