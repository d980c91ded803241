"""A period in a year whose holidays nobody loaded says that it was counted Monday to Friday."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from assay.kernel import clock
from assay.kernel.clock import SHANGHAI
from assay.kernel.models import Holiday
from assay.results.gates import check_window_is_over
from assay.results.models import Result
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("year", "loaded", "warned"), [(2026, False, False), (2027, False, True), (2027, True, False)])
def test_the_score_check_period_tells_when_its_holidays_are_not_known(year: int, loaded: bool, warned: bool) -> None:
    f.centre()
    batch = f.batch("exam", stage="check")
    released = datetime(year, 3, 1, 9, tzinfo=SHANGHAI)
    Result.objects.create(
        application=f.application(batch), batch=batch, theory=Decimal(80), skill=Decimal(80), outcome="pass",
        computed_at=released, released_at=released,
    )  # fmt: skip
    if loaded:
        Holiday.objects.create(day=f"{year}-01-01", works=False, title="元旦")
    with clock.moved_to(released):
        (blocker,) = check_window_is_over(batch)
    assert ("安排尚未载入" in blocker.text) is warned
    assert "score_check" not in blocker.clause
