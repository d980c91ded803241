"""Groups of answers: written whole or not at all, in the order in which they came; many at once are two halves where that is faster."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from assay.hall.committer import Committer
from assay.hall.state import Hall
from assay.hall.store.contract import Row, Store
from assay.hall.store.opening import store_for

NOW = 1_778_306_893_000


def answers(count: int, *, choice: str = "B", first: int = 1) -> list[Row]:
    return [("p1", f"p1-s{n % 7}", str(100 + n % 60), first + n // 420, choice, NOW, NOW + n) for n in range(count)]


def with_store(url: str, work: Any) -> None:
    async def run() -> None:
        store = store_for(url)
        await store.open()
        await store.catch_up(lambda new: None)
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(run())


async def kept(store: Store) -> list[tuple[Any, ...]]:
    return [row[1:] for row in await store.read("log", "p1", 0, 10_000)]


@pytest.mark.postgres
@pytest.mark.parametrize("count", [1, 7, 8, 9, 419])
def test_a_group_of_any_size_is_there_once_in_its_order(hall_database: str, count: int) -> None:
    async def work(store: Store) -> None:
        rows = answers(count)
        assert await store.append(rows) == set()
        assert await store.append(rows) == set()  # sent again, because the answer to it was lost
        assert await kept(store) == [row[1:] for row in rows]

    with_store(hall_database, work)


@pytest.mark.postgres
@pytest.mark.parametrize("count", [512, 513, 1300])
def test_a_group_of_several_statements_is_there_whole_and_tells_what_was_there_otherwise(
    hall_database: str, count: int
) -> None:
    async def work(store: Store) -> None:
        rows = answers(count)
        await store.append(rows[5:6])
        other = (*rows[5][:4], "A", *rows[5][5:])
        assert await store.append([*rows[:5], other, *rows[6:]]) == {rows[5][1:4]}
        assert sorted(await kept(store)) == sorted(row[1:] for row in rows)

    with_store(hall_database, work)


@pytest.mark.postgres
@pytest.mark.parametrize("bad", [3, 600])
def test_of_a_group_with_something_that_no_store_takes_nothing_is_there(hall_database: str, bad: int) -> None:
    async def work(store: Store) -> None:
        rows = answers(700)
        rows[bad] = (*rows[bad][:3], 2**70, *rows[bad][4:])
        with pytest.raises(Exception, match=r"(?i)int"):
            await store.append(rows)
        assert await kept(store) == []
        assert await store.append(answers(700)) == set()
        assert len(await kept(store)) == 700

    with_store(hall_database, work)


class Written:
    """A store that takes so long for a group, by a clock of its own, and remembers how large each was."""

    shared = False

    def __init__(self, seconds: float) -> None:
        self._seconds, self.now = seconds, 0.0
        self.groups: list[int] = []

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def catch_up(self, apply: object) -> None: ...

    async def append(self, rows: list[Row]) -> set[tuple[str, str, int]]:
        self.groups.append(len(rows))
        self.now += self._seconds
        await asyncio.sleep(0)
        return set()


def groups_of(monkeypatch: pytest.MonkeyPatch, seconds: float, *bursts: int) -> list[int]:
    """How answers that come in such bursts are written, each after the last has been acknowledged."""

    store = Written(seconds)
    monkeypatch.setattr("assay.hall.committer.monotonic", lambda: store.now)

    async def run() -> None:
        committer = Committer(Hall(), store)  # type: ignore[arg-type]
        await committer.start()
        open_now: Any = SimpleNamespace(facts=SimpleNamespace(epoch=1, handed_in_at=0, late_taken=0))
        for burst in bursts:
            await asyncio.gather(*[committer.save(open_now, 1, None, [row]) for row in answers(burst)])
        await committer.stop()

    asyncio.run(run())
    return store.groups


def test_many_that_come_at_once_are_two_halves_for_a_store_that_is_faster_than_the_hall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert groups_of(monkeypatch, 0.001, 400, 400, 401, 15) == [400, 200, 200, 200, 201, 15]


def test_for_a_store_that_is_slower_they_are_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    assert groups_of(monkeypatch, 0.02, 400, 400, 15) == [400, 400, 15]
