"""The played school with a row of every kind, and neither hall nor province beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.played.access.rows import furnish, promise_secrecy
from tests.played.access.visitors import Visitor, everybody
from tests.played.conftest import Played

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def crowd(played: Played) -> Iterator[list[Visitor]]:
    """Everybody, before a school where every kind of page has something to show."""
    found = everybody()
    furnish()
    promise_secrecy()
    with override_settings(HALL_URL=NOWHERE, PROVINCE_URL=NOWHERE):
        yield found
