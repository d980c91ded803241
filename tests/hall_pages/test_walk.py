"""Exams gone through at random, each time another: see `walk.py`. `ASSAY_WALK_SECONDS` makes it longer, `ASSAY_WALK_SEED` the same."""

from __future__ import annotations

import os
import secrets

import pytest

from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.walk import runs_out, walks

pytestmark = [pytest.mark.browser, pytest.mark.faults]
SECONDS = float(os.environ.get("ASSAY_WALK_SECONDS", "240"))
HOUR = 3600.0


def seed() -> int:
    return int(os.environ.get("ASSAY_WALK_SEED") or secrets.randbelow(10**9))


def test_the_page_and_the_hall_agree_whatever_happens(one_hall: HallAtWork) -> None:
    one_hall.publish(count=6, written=True, every_type=True, candidates=200, minutes=600)
    assert walks(one_hall, seed(), SECONDS, 200) > 0


def test_whatever_happens_what_was_given_before_the_time_is_over_counts_and_the_page_says_so(
    one_hall: HallAtWork,
) -> None:
    one_hall.publish(count=6, written=True, every_type=True, minutes=1, starts_in_s=-15)
    runs_out(one_hall, seed())


@pytest.mark.soak
@pytest.mark.postgres
def test_the_page_and_the_hall_agree_for_an_hour(at_work: HallAtWork) -> None:
    at_work.publish(count=6, written=True, every_type=True, candidates=2000, minutes=600, late_minutes=600)
    assert walks(at_work, seed(), float(os.environ.get("ASSAY_WALK_SECONDS", HOUR)), 2000) > 0
