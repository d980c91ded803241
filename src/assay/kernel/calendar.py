"""Working days after the State Council's yearly notice.

Days named by an officer (table Holiday) win; then the chinesecalendar data (2004-2026, each year whole); beyond it Monday to Friday
but for the days that are off by law. A year beyond the data is known only once somebody says that all of its notice is loaded: one
holiday of it says nothing of the others. `known()` says so, for the page to show. Source: work plan §四(一)4; rules.md §5.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import chinese_calendar

from assay.kernel.statutory_days import statutory_days

GUESSED = "放假安排尚未载入齐全，暂按周一至周五、除去法定节日计算"
"""What is said of every count that reaches into a year that is not known."""


class NamedDays(Protocol):
    """Days that an officer loaded: True = works, False = off, None = nothing said; `whole`: somebody said that the year's are all in."""

    def works(self, day: date) -> bool | None: ...

    def whole(self, year: int) -> bool: ...


class WorkingDays:
    """A calendar over `named` days; pure but for what `named` looks up."""

    def __init__(self, named: NamedDays) -> None:
        self._named = named

    def is_working(self, day: date) -> bool:
        said = self._named.works(day)
        if said is not None:
            return said
        if built_in(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5 and day not in statutory_days(day.year)

    def known(self, *days: date) -> bool:
        """False when of a year between the first and the last of these days only Monday to Friday could be assumed."""
        years = range(min(days).year, max(days).year + 1)
        return all(built_in(year) or self._named.whole(year) for year in years)

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


def built_in(year: int) -> bool:
    """Whether the calendar data has that year's notice."""
    try:
        chinese_calendar.is_workday(date(year, 1, 4))
    except NotImplementedError:
        return False
    return True
