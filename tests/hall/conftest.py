from __future__ import annotations

from collections.abc import Iterator

import pytest
from testbed import programs

from assay.bridge.client import HallClient

SECRET = "tests-hall-secret"


@pytest.fixture
def hall(hall_database: str) -> Iterator[programs.Process]:
    """A running hall, on SQLite and on PostgreSQL in turn."""
    process = programs.hall(hall_database, SECRET)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def office(hall: programs.Process) -> Iterator[HallClient]:
    """The office's way in."""
    with HallClient(hall.url, SECRET.encode()) as client:
        yield client
