"""Working days: the centre's own notice wins, then the calendar data, then Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.calendar import WorkingDays
from assay.kernel.statutory_days import not_named_off, qingming, statutory_days

SATURDAY = 5
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


class Named:
    def __init__(self, days: dict[date, bool] | None = None, *, whole: tuple[int, ...] = ()) -> None:
        self.days, self._whole = days or {}, whole

    def works(self, day: date) -> bool | None:
        return self.days.get(day)

    def whole(self, year: int) -> bool:
        return year in self._whole


def test_national_day_is_off_and_its_make_up_saturday_works() -> None:
    days = WorkingDays(Named())
    assert not days.is_working(date(2025, 10, 1))
    assert days.is_working(date(2025, 10, 11))


def test_a_named_day_wins_over_the_calendar_data() -> None:
    assert not WorkingDays(Named({date(2026, 11, 23): False})).is_working(date(2026, 11, 23))
    assert WorkingDays(Named({date(2025, 10, 1): True})).is_working(date(2025, 10, 1))


def test_a_year_without_data_has_the_days_off_that_are_law_and_says_that_it_is_not_known() -> None:
    days = WorkingDays(Named())
    assert not days.known(date(2031, 5, 1))
    assert not days.is_working(date(2031, 5, 1))  # a Thursday, off by law whatever the notice says
    assert days.is_working(date(2031, 5, 6))


def test_one_loaded_holiday_does_not_make_its_year_known() -> None:
    loaded = {date(2031, 5, 1): False}
    assert not WorkingDays(Named(loaded)).known(date(2031, 5, 2))
    assert WorkingDays(Named(loaded, whole=(2031,))).known(date(2031, 5, 2))


def test_a_count_is_known_only_if_every_year_that_it_passes_is() -> None:
    here, there = date(2026, 12, 1), date(2028, 1, 10)
    assert not WorkingDays(Named(whole=(2028,))).known(there, here)
    assert WorkingDays(Named(whole=(2027, 2028))).known(there, here)


def test_a_fortnight_over_an_unloaded_spring_festival_leaves_its_days_out() -> None:
    days = WorkingDays(Named())  # 2027: New Year's Eve on Friday 5 February, the third day on Monday the 8th
    assert [d for d in range(1, 13) if days.is_working(date(2027, 2, d))] == [1, 2, 3, 4, 9, 10, 11, 12]
    assert days.add(date(2026, 12, 31), 1) == date(2027, 1, 4)


@pytest.mark.parametrize("year", range(2008, 2027))
def test_qingming_is_the_day_that_the_notices_of_all_years_gave_off(year: int) -> None:
    off, name = chinese_calendar.get_holiday_detail(qingming(year))
    assert off
    assert name in (None, "Tomb-sweeping Day", "Spring Festival") or qingming(year).weekday() >= SATURDAY


@pytest.mark.parametrize("year", [2025, 2026])
def test_no_day_off_by_law_is_a_working_day_in_the_notices_since_the_law(year: int) -> None:
    assert not any(chinese_calendar.is_workday(day) for day in statutory_days(year))


def test_what_of_a_year_is_not_named_is_told_by_its_holidays() -> None:
    named = dict.fromkeys(statutory_days(2027), False)
    assert not_named_off(2027, named.get) == []
    del named[date(2027, 2, 8)], named[date(2027, 9, 15)]
    assert not_named_off(2027, {**named, date(2027, 1, 1): True}.get) == ["元旦", "春节", "中秋节"]


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
