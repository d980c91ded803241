"""Working days: the centre's own notice wins, then the calendar data, then Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.calendar import WorkingDays

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


class Named:
    def __init__(self, days: dict[date, bool] | None = None) -> None:
        self.days = days or {}

    def works(self, day: date) -> bool | None:
        return self.days.get(day)

    def covers(self, year: int) -> bool:
        return any(day.year == year for day in self.days)


def test_national_day_is_off_and_its_make_up_saturday_works() -> None:
    days = WorkingDays(Named())
    assert not days.is_working(date(2025, 10, 1))
    assert days.is_working(date(2025, 10, 11))


def test_a_named_day_wins_over_the_calendar_data() -> None:
    assert not WorkingDays(Named({date(2026, 11, 23): False})).is_working(date(2026, 11, 23))
    assert WorkingDays(Named({date(2025, 10, 1): True})).is_working(date(2025, 10, 1))


def test_a_year_without_data_counts_monday_to_friday_and_says_that_it_is_not_known() -> None:
    days = WorkingDays(Named())
    assert not days.known(date(2031, 5, 1))
    assert days.is_working(date(2031, 5, 1))  # a Thursday: the holiday is not known yet
    assert WorkingDays(Named({date(2031, 5, 1): False})).known(date(2031, 5, 2))


@given(DAYS, st.integers(0, 30))
def test_adding_and_taking_away_working_days_ends_on_working_days_that_far_apart(start: date, count: int) -> None:
    days = WorkingDays(Named())
    later = days.add(start, count)
    assert days.between(start, later) == count
    assert count == 0 or days.is_working(later)


@given(DAYS, st.integers(1, 30))
def test_the_filing_day_leaves_the_full_number_of_working_days_before_the_exam(exam: date, lead: int) -> None:
    days = WorkingDays(Named())
    last = days.add(exam, -lead)
    between = sum(days.is_working(last + timedelta(days=n)) for n in range((exam - last).days))
    assert between == lead
