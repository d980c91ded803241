"""The days on which a played batch happens: in the past, so that all of it is over by today; or up to an exam soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assay.kernel import clock
from assay.kernel.calendar import WorkingDays
from assay.kernel.models import HolidayTable

SATURDAY = 5
FROM_EXAM_TO_ARCHIVE = timedelta(days=49)
EXAM_DAYS = 8


@dataclass(frozen=True)
class Days:
    """Days around the first exam day."""

    exam_on: date

    @property
    def exam_to(self) -> date:
        return self.exam_on + timedelta(days=EXAM_DAYS - 1)

    def before(self, days: int) -> date:
        return self.exam_on - timedelta(days=days)

    def after(self, days: int) -> date:
        """Counted from the last exam day."""
        return self.exam_to + timedelta(days=days)


def past_days(today: date) -> Days:
    """From the latest Saturday before a week without holidays that leaves time for everything after the exam."""
    working = WorkingDays(HolidayTable())
    day = today - FROM_EXAM_TO_ARCHIVE
    day -= timedelta(days=(day.weekday() - SATURDAY) % 7)
    while not all(working.is_working(day + timedelta(days=n)) for n in range(2, 7)):
        day -= timedelta(days=7)
    return Days(day)


def coming_days(today: date) -> Days:
    """The exam begins tomorrow."""
    return Days(today + timedelta(days=1))


@contextmanager
def on(day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Play the block at a moment of a day in Shanghai."""
    with clock.moved_to(datetime.combine(day, time(hour, minute), clock.SHANGHAI)):
        yield
