"""Periods that start with a release or a notice, in working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from assay.batches.stages import Stage
from assay.centre import parameters
from assay.kernel.calendar import GUESSED, WorkingDays
from assay.kernel.clock import day_begins, day_of
from assay.kernel.models import HolidayTable
from assay.results.models import Result


def last_check_day(released_at: datetime) -> date:
    """The last working day on which a score check may be asked for."""
    return _calendar().add(day_of(released_at), parameters.number("score_check.working_days"))


def check_window_ends(released_at: datetime) -> datetime:
    """The end of that day."""
    return day_begins(last_check_day(released_at) + timedelta(days=1))


def window_is_open(result: Result, at: datetime) -> bool:
    """Whether score checks of the result are taken at that time."""
    if result.released_at is None or result.batch.stage not in (Stage.RESULTS, Stage.CHECK):
        return False
    return at <= check_window_ends(result.released_at)


def notice_ends(starts_on: date) -> date:
    """The last day of a public notice: the set working days, the first day counted when it is one."""
    days = _calendar()
    first = starts_on if days.is_working(starts_on) else days.add(starts_on, 1)
    return days.add(first, parameters.number("notice.working_days") - 1)


def said_of_calendar(first: date, last: date) -> str:
    """What whoever reads a period has to know of its counting: empty while the holidays of all its years are known."""
    return "" if _calendar().known(first, last) else f"（{GUESSED}）"


def _calendar() -> WorkingDays:
    return WorkingDays(HolidayTable())
