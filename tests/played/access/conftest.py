"""The played school with a row of every kind, and neither hall nor province beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.played.access.opening import Opened, opened_by_everybody
from tests.played.access.rows import furnish, promise_secrecy
from tests.played.access.visitors import Visitor, everybody
from tests.played.conftest import Played

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="package")
def _crowd(_played: Played, django_db_blocker) -> Iterator[list[Visitor]]:
    """Signed in once for the tests of this package, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = everybody()
        furnish()
        promise_secrecy()
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def _openings(_crowd: list[Visitor], django_db_blocker) -> list[Opened]:
    with django_db_blocker.unblock(), override_settings(HALL_URL=NOWHERE, PROVINCE_URL=NOWHERE):
        return opened_by_everybody(_crowd)


@pytest.fixture
def openings(_openings: list[Opened], crowd: list[Visitor]) -> list[Opened]:
    """Every page as it answered everybody."""
    return _openings


@pytest.fixture
def crowd(_crowd: list[Visitor], played: Played) -> Iterator[list[Visitor]]:
    """Everybody, before a school where every kind of page has something to show."""
    with override_settings(HALL_URL=NOWHERE, PROVINCE_URL=NOWHERE):
        yield _crowd
