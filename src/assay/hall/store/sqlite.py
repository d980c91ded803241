"""The store on one SQLite file: WAL, synchronous=FULL, one writer thread, one process."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from assay.bridge.channel import CLOCK_SLACK_S
from assay.hall.store.contract import Changes, Finals, Operation, Row, Unfit, finals_of
from assay.hall.store.schema import ADDED, ASKED, CHANGES, FORGOTTEN, MARK, PRESENCE_NEWER, QUERIES, STATEMENTS, TABLES

T = TypeVar("T")
Job = tuple[Callable[[], Any], asyncio.Future[Any]]
MOST_NAMES = 500
PAGE_BYTES = 2048
"""Of a new file. A group of answers touches a page of the index for each sitting, and a whole page goes to the log for each."""
MOST_AT_ONCE, SIZES_EVERY = 512, 8
"""Answers in one statement; so few different statements stay in SQLite's memory."""
MOST_LOG_BYTES = 32 * 1024 * 1024
"""What the log may hold before it is brought into the file: what is written again and again is then brought once. After a power
cut SQLite reads so much, in less than a second."""
_KINDS = {
    "serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "integer": "INTEGER", "blob": "BLOB",
    "version": "INTEGER NOT NULL DEFAULT 1", "unlogged": "",
}  # fmt: skip
_NEWER = PRESENCE_NEWER.format(greatest="max")
_PRESENCE = f"INSERT INTO presence (sitting, pack, seen, saved) VALUES (?, ?, ?, ?){_NEWER}"  # noqa: S608 - our own text
_WRITE = {name: text.format(next="version + 1") for name, text in STATEMENTS.items()}


@cache
def _insert_of(rows: int) -> str:
    """One statement for so many answers: with one for each, Python's lock changes hands once for an answer and not once for a group."""
    one = _WRITE["answer"]
    values = one[one.index("(?") : one.index("?)") + 2]
    return one.replace(values, ", ".join([values] * rows))


class SqliteStore:
    shared = False

    def __init__(self, path: str) -> None:
        self._path = path
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hall-writer", daemon=True)
        self._loaded = False

    async def open(self) -> None:
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        self._own = open(f"{self._path}.lock", "w")  # noqa: SIM115 - held as long as the process lives
        try:
            fcntl.flock(self._own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise RuntimeError(f"{self._path} 正被另一个考试端使用；SQLite 只能由一个考试端进程使用") from taken
        self._loop = asyncio.get_running_loop()
        self._writer = self._connect()
        _make_tables(self._writer)
        self._reader = self._connect()
        self._reading = threading.Lock()
        self._thread.start()

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._reader.close()
        self._own.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")
        (page,) = connection.execute("PRAGMA page_size").fetchone()  # a file keeps the size that it was made with
        connection.execute(f"PRAGMA wal_autocheckpoint={MOST_LOG_BYTES // page}")
        return connection

    async def catch_up(self, apply: Callable[[Changes], None]) -> None:
        """Everything, once: nobody else writes."""
        if not self._loaded:
            apply(Changes(*[await self.read(query, -1) for query in CHANGES]))
            self._loaded = True

    async def append(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        return await self._in_writer(lambda: self._append(rows))

    def _append(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        if len(rows) <= MOST_AT_ONCE:
            added = self._insert(rows)  # a statement alone is a transaction
        else:
            with _Transaction(self._writer):
                added = sum(self._insert(rows[n : n + MOST_AT_ONCE]) for n in range(0, len(rows), MOST_AT_ONCE))
        return set() if added == len(rows) else self._doubles(rows)

    def _insert(self, rows: Sequence[Row]) -> int:
        """How many of them were new. The last is said again until their number is one of those for which SQLite knows the statement
        already: what is there is not written twice."""
        size = -(-len(rows) // SIZES_EVERY) * SIZES_EVERY
        values = [value for row in rows for value in row]
        values += rows[-1] * (size - len(rows))
        return self._writer.execute(_insert_of(size), values).rowcount

    def _doubles(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        asked = "SELECT choice FROM answer_log WHERE sitting = ? AND item = ? AND rev = ?"
        return {
            (sitting, item, rev)
            for _, sitting, item, rev, choice, _, _ in rows
            if self._writer.execute(asked, (sitting, item, rev)).fetchone() != (choice,)
        }

    async def change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        finals = await self._in_writer(lambda: self._finals(sheets)) if sheets else {}
        operations = decide(finals)
        if operations:
            try:
                await self._in_writer(lambda: self._write(operations))
            except (UnicodeError, OverflowError) as no:
                raise Unfit from no

    def _finals(self, sheets: Sequence[str]) -> Finals:
        rows: list[tuple[Any, ...]] = []
        for names in _parts(sheets):
            asked = f"SELECT sitting, item, rev, choice FROM answer_log WHERE sitting IN ({_marks(names)})"  # noqa: S608
            rows += self._writer.execute(asked, names).fetchall()
        return finals_of(rows)

    def _write(self, operations: Sequence[Operation]) -> None:
        with _Transaction(self._writer):
            for name, run in groupby(operations, key=lambda operation: operation[0]):
                self._writer.executemany(_WRITE[name], [values for _, values in run])

    async def rewrite(self, operations: Sequence[Operation]) -> None:
        await self._in_writer(lambda: self._rewrite(operations))

    def _rewrite(self, operations: Sequence[Operation]) -> None:
        self._writer.execute("PRAGMA secure_delete=ON")
        self._write(operations)
        self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.execute("PRAGMA secure_delete=OFF")

    async def first_time(self, nonce: str, stamp: int) -> bool:
        return await self._in_writer(lambda: self._first_time(nonce, stamp))

    def _first_time(self, nonce: str, stamp: int) -> bool:
        with _Transaction(self._writer):
            self._writer.execute(FORGOTTEN, (int(time.time()),))
            return bool(self._writer.execute(ASKED, (nonce, stamp + CLOCK_SLACK_S)).rowcount)

    async def note_presence(self, rows: Sequence[tuple[str, str, int, int]]) -> None:
        await self._in_writer(lambda: self._note(_PRESENCE, rows))

    async def note_mark(self, name: str, value: int) -> None:
        await self._in_writer(lambda: self._note(MARK, [(name, value)]))

    def _note(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Without waiting for the disk: no answer waits for it, and what the next answer's commit brings there, it brings too."""
        self._writer.execute("PRAGMA synchronous=NORMAL")
        try:
            with _Transaction(self._writer):
                self._writer.executemany(statement, rows)
        finally:
            self._writer.execute("PRAGMA synchronous=FULL")

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return await asyncio.to_thread(self._read, QUERIES[query], values)

    async def answered(self, sittings: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for names in _parts(sittings):
            asked = (
                "SELECT sitting, count(*) FROM (SELECT sitting, item, max(rev), choice FROM answer_log"  # noqa: S608
                f" WHERE sitting IN ({_marks(names)}) GROUP BY sitting, item) WHERE choice <> '' GROUP BY sitting"
            )
            found.update(await asyncio.to_thread(self._read, asked, names))
        return found

    def _read(self, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._reading:
            return self._reader.execute(text, tuple(values)).fetchall()

    def _in_writer(self, work: Callable[[], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((work, future))
        return future

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, future = job
            try:
                done, trouble = work(), None
            except Exception as broken:  # whatever it is, who waits must hear of it
                done, trouble = None, broken
            self._loop.call_soon_threadsafe(_settle, future, done, trouble)
        self._writer.close()


def _make_tables(connection: sqlite3.Connection) -> None:
    """Tables that are missing, and columns that a file of an earlier version lacks."""
    for table, column, kind in ADDED:
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        if there and column not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind.format(**_KINDS)}")
    for table in TABLES:
        connection.execute(table.format(**_KINDS))


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT; rolled back when anything, the commit itself too, fails."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _settle(future: asyncio.Future[Any], done: Any, trouble: Exception | None) -> None:
    if future.done():
        return
    if trouble is None:
        future.set_result(done)
    else:
        future.set_exception(trouble)


def _parts(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[n : n + MOST_NAMES] for n in range(0, len(names), MOST_NAMES)]


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names))
