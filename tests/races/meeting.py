"""Two deeds at once: one has done all its work and not yet written it down when the other comes.

Neither then sees what the other does, unless a lock makes it wait: the widest gap that two transactions can have. The other
meeting stops the first at its first lock, so that locks taken in different orders meet.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction

from assay.kernel import contention
from assay.kernel.acts import Context, act
from assay.kernel.expected import Changed
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused
from tests.races.pictures import Moment, Picture, picture

PATIENCE = 20.0
Call = Callable[[], object]


@dataclass(frozen=True)
class Ended:
    """How a deed ended: done, refused with a sentence, or broken, which no deed may be."""

    how: str
    said: str = ""
    late: bool = False
    """Refused because another was quicker, in whatever state the other left things."""


def attempt(call: Call) -> Ended:
    try:
        call()
    except Refused as refused:
        late = isinstance(refused, Changed) or refused.message in (contention.DOUBLED, contention.BUSY)
        return Ended("refused", refused.message, late)
    except Exception:
        return Ended("broken", traceback.format_exc())
    return Ended("done")


@act("tests.found_world", duty="SYS", title="试设")
def found(ctx: Context, rows: list[Recorded]) -> None:
    """Write down what a test made directly, so that everything in the tables has come through the ledger."""
    ctx.record(*rows)


def one_after_the_other(
    calls: Sequence[Call], since: Moment, blurred: frozenset[str]
) -> tuple[tuple[Ended, ...], Picture]:
    """How the deeds end in this order and what is there then; everything is as before afterwards."""
    with transaction.atomic():
        ended = tuple(attempt(call) for call in calls)
        seen = picture(since, blurred)
        transaction.set_rollback(True)
    return ended, seen


class Stop:
    """Holds a deed at a place of its way until it may go on: before the ledger, or behind its first lock."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.arrived, self.go_on = threading.Event(), threading.Event()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        locks, ledger = "FOR UPDATE" in sql, "kernel_ledgerhead" in sql
        if self.place == "ledger" and locks and ledger:
            self._wait()
        answer = execute(sql, params, many, context)
        if self.place == "lock" and locks and not ledger:
            self._wait()
        return answer

    def _wait(self) -> None:
        if not self.arrived.is_set():
            self.arrived.set()
            self.go_on.wait(PATIENCE)


class Desk:
    """A thread with a connection of its own, at which deeds are done."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.pid = self._thread.submit(self._open).result()

    @staticmethod
    def _open() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '20ms'")
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    def do(self, call: Call, stop: Stop | None = None) -> Future[Ended]:
        return self._thread.submit(self._do, call, stop)

    @staticmethod
    def _do(call: Call, stop: Stop | None) -> Ended:
        if stop is None:
            return attempt(call)
        with connection.execute_wrapper(stop):
            return attempt(call)

    def close(self) -> None:
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()


@contextmanager
def two_desks() -> Iterator[tuple[Desk, Desk]]:
    desks = Desk(), Desk()
    try:
        yield desks
    finally:
        for desk in desks:
            desk.close()


@dataclass(frozen=True)
class Met:
    """How two deeds ended that met, and whether one had to wait for the other."""

    ended: tuple[Ended, Ended]
    waited: bool


def at_once(desks: tuple[Desk, Desk], held: Call, other: Call, place: str) -> Met:
    """`other` comes while `held` stands at `place`, which goes on when the other is done or waits for it."""
    stop = Stop(place)
    first = desks[0].do(held, stop)
    _until(lambda: stop.arrived.is_set() or first.done())
    second = desks[1].do(other)
    try:
        _until(lambda: second.done() or _waits(desks[1].pid, desks[0].pid))
        waited = not second.done()
    finally:
        stop.go_on.set()
    return Met((first.result(PATIENCE), second.result(PATIENCE)), waited)


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError("two deeds wait for each other, or for nobody")
        time.sleep(0.002)


def _waits(one: int, other: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [other, one])
        return bool(cursor.fetchone()[0])
