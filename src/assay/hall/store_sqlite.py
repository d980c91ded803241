"""The store on one SQLite file: WAL, synchronous=FULL, one writer thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from assay.hall.store import QUERIES, QUEUE_LIMIT, STATEMENTS, TABLES, Busy, Operation

Waiting = tuple[Sequence[Operation], asyncio.Future[None]]


class SqliteStore:
    def __init__(self, path: str) -> None:
        self._path = path
        # A deque, because the loop appends while the writer takes: both are atomic.
        self._waiting: deque[Waiting] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="hall-writer", daemon=True)

    async def open(self) -> None:
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        self._loop = asyncio.get_running_loop()
        with self._connect() as connection:
            for table in TABLES:
                connection.execute(
                    table.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT", integer="INTEGER", blob="BLOB")
                )
        self._reader = self._connect()
        self._thread.start()

    async def close(self) -> None:
        self._stopping = True
        self._wake.set()
        await asyncio.to_thread(self._thread.join)
        self._reader.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def write(self, operations: Sequence[Operation]) -> asyncio.Future[None]:
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Busy
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((operations, future))
        self._wake.set()
        return future

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._reader.execute(QUERIES[query], values).fetchall()

    def _run(self) -> None:
        """The writer: takes all that waits, commits it, lets the waiters know in one call."""
        connection = self._connect()
        while True:
            self._wake.wait()
            self._wake.clear()
            group = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if group:
                trouble = _commit(connection, group)
                self._loop.call_soon_threadsafe(_resolve, group, trouble)
            elif self._stopping:
                connection.close()
                return
            if self._stopping:
                self._wake.set()


def _commit(connection: sqlite3.Connection, group: Sequence[Waiting]) -> sqlite3.Error | None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        operations = (operation for waiting, _ in group for operation in waiting)
        for name, run in groupby(operations, key=lambda operation: operation[0]):
            connection.executemany(STATEMENTS[name], [values for _, values in run])
        connection.execute("COMMIT")
    except sqlite3.Error as trouble:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return trouble
    return None


def _resolve(group: Sequence[Waiting], trouble: Exception | None) -> None:
    for _, future in group:
        if future.done():
            continue
        if trouble is None:
            future.set_result(None)
        else:
            future.set_exception(trouble)
