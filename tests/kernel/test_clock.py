"""Days are Shanghai's: early in the morning it is another one in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

from assay.kernel import clock


def test_a_moment_early_in_the_morning_is_of_the_day_that_has_begun_in_shanghai() -> None:
    assert clock.day_of(datetime(2026, 11, 27, 23, 44, tzinfo=UTC)) == date(2026, 11, 28)
    with clock.moved_to(datetime(2026, 11, 28, 7, 44, tzinfo=clock.SHANGHAI)):
        assert clock.today() == date(2026, 11, 28)
