"""A period is as many working days as the parameters page says; in a year whose holidays nobody loaded it says that it was counted
Monday to Friday."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from assay.batches.models import Batch
from assay.kernel import clock
from assay.kernel.clock import SHANGHAI
from assay.kernel.models import Holiday, HolidayYear
from assay.results.acts.notices import open_notice
from assay.results.gates import check_window_is_over
from assay.results.models import Result
from assay.results.windows import said_of_calendar, window_is_open
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("year", "loaded", "whole", "warned"),
    [(2026, False, False, False), (2027, False, False, True), (2027, True, False, True), (2027, True, True, False)],
)
def test_the_score_check_period_tells_when_its_holidays_are_not_known(
    year: int, loaded: bool, whole: bool, warned: bool
) -> None:
    f.centre()
    batch = f.batch("exam", stage="check")
    released = datetime(year, 3, 1, 9, tzinfo=SHANGHAI)
    Result.objects.create(
        application=f.application(batch), batch=batch, theory=Decimal(80), skill=Decimal(80), outcome="pass",
        computed_at=released, released_at=released,
    )  # fmt: skip
    if loaded:
        Holiday.objects.create(day=f"{year}-01-01", works=False, title="元旦")
    if whole:
        HolidayYear.objects.create(year=year, whole=True)
    with clock.moved_to(released):
        (blocker,) = check_window_is_over(batch)
    assert ("安排尚未载入" in blocker.text) is warned
    assert "score_check" not in blocker.clause


def test_a_period_that_begins_in_a_known_year_and_ends_in_another_tells_so() -> None:
    assert said_of_calendar(date(2026, 12, 1), date(2026, 12, 31)) == ""
    assert "尚未载入齐全" in said_of_calendar(date(2026, 12, 28), date(2027, 1, 11))


def passed(stage: str, at: datetime) -> Batch:
    """A batch in which somebody passed."""
    batch = f.batch("exam", stage=stage)
    Result.objects.create(
        application=f.application(batch), batch=batch, theory=Decimal(80), skill=Decimal(80), outcome="pass", computed_at=at,
        released_at=at,
    )  # fmt: skip
    return batch


MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


@pytest.mark.parameter("notice.working_days")
def test_how_long_a_notice_is_posted_is_what_the_parameters_page_was_told() -> None:
    f.centre()
    with clock.moved_to(MONDAY):
        before = open_notice(f.actor_with("E3"), passed("notice", MONDAY))
        f.set_parameter("notice.working_days", "7")
        after = open_notice(f.actor_with("E3"), passed("notice", MONDAY))
    assert (before.ends_on, after.ends_on) == (date(2026, 3, 6), date(2026, 3, 10))


@pytest.mark.parameter("score_check.working_days")
def test_how_long_checks_are_asked_for_is_what_the_parameters_page_was_told() -> None:
    f.centre()
    batch = passed("check", MONDAY)

    def said() -> list[str]:
        with clock.moved_to(MONDAY):
            return [said for found in check_window_is_over(batch) for said in (found.text, found.clause)]

    def still_asked_for_on_friday() -> bool:
        return window_is_open(batch.results.get(), MONDAY + timedelta(days=4))

    assert said() == ["成绩复核申请期到 2026年03月16日 止", "成绩复核期 10 个工作日（系统参数）"]
    assert still_asked_for_on_friday()
    f.set_parameter("score_check.working_days", "3")
    assert said() == ["成绩复核申请期到 2026年03月05日 止", "成绩复核期 3 个工作日（系统参数）"]
    assert not still_asked_for_on_friday()
