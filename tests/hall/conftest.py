from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace

import pytest
from testbed import programs

from assay.bridge.client import HallClient
from assay.hall import presence, state
from tests.hall.morning import Happen, Morning

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


@pytest.fixture
def morning(hall_database: str, monkeypatch: pytest.MonkeyPatch) -> Happen:
    """Lets a story happen, on SQLite and on PostgreSQL in turn."""

    def happen(story: Callable[[Morning], Awaitable[None]]) -> None:
        async def whole() -> None:
            one = Morning(hall_database)
            monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: one.now / 1000))
            monkeypatch.setattr(presence, "PAUSE_S", 0)
            await one.start()
            try:
                await story(one)
            finally:
                await one.committer.stop()

        asyncio.run(whole())

    return happen
