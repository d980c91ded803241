"""Where the hall keeps everything: one writer, group commit, acknowledged only after commit.

An operation is (statement name, values). The writer takes all that waits, writes it in one transaction in order, and
then resolves every waiter. No timer: while one commit is in flight the next group forms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

Operation = tuple[str, tuple[Any, ...]]
QUEUE_LIMIT = 20_000

TABLES = (
    "CREATE TABLE IF NOT EXISTS pack (id TEXT PRIMARY KEY, digest TEXT NOT NULL, body {blob} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sitting (id TEXT PRIMARY KEY, pack TEXT NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS room (pack TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (pack, id))",
    "CREATE TABLE IF NOT EXISTS answer_log (seq {serial}, pack TEXT NOT NULL, sitting TEXT NOT NULL, item TEXT NOT NULL,"
    " rev {integer} NOT NULL, choice TEXT NOT NULL, at {integer} NOT NULL, UNIQUE (sitting, item, rev))",
    "CREATE TABLE IF NOT EXISTS event (seq {serial}, pack TEXT NOT NULL, room TEXT NOT NULL, sitting TEXT NOT NULL,"
    " at {integer} NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS answer_log_pack ON answer_log (pack, seq)",
)
STATEMENTS = {
    "answer": (
        "INSERT INTO answer_log (pack, sitting, item, rev, choice, at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (sitting, item, rev) DO NOTHING"
    ),
    "pack": "INSERT INTO pack (id, digest, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
    "sitting": (
        "INSERT INTO sitting (id, pack, state) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state"
    ),
    "room": (
        "INSERT INTO room (pack, id, state) VALUES (?, ?, ?) ON CONFLICT (pack, id) DO UPDATE SET state = excluded.state"
    ),
    "event": "INSERT INTO event (pack, room, sitting, at, kind, text, who) VALUES (?, ?, ?, ?, ?, ?, ?)",
}
QUERIES = {
    "packs": "SELECT id, digest, body FROM pack ORDER BY id",
    "sittings": "SELECT id, state FROM sitting WHERE pack = ?",
    "rooms": "SELECT id, state FROM room WHERE pack = ?",
    "answers": "SELECT sitting, item, rev, choice FROM answer_log WHERE pack = ? ORDER BY seq",
    "log": "SELECT seq, sitting, item, rev, choice, at FROM answer_log WHERE pack = ? AND seq > ? ORDER BY seq LIMIT ?",
    "events": "SELECT room, sitting, at, kind, text, who FROM event WHERE pack = ? ORDER BY seq",
}


class Busy(Exception):
    """Too much waits already: the caller answers 503 and the client tries again."""


class Store(Protocol):
    """One writer over one database."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def write(self, operations: Sequence[Operation]) -> asyncio.Future[None]:
        """Queue the operations as one; the future resolves after their commit. Raises Busy."""
        ...

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]: ...


def store_for(url: str) -> Store:
    """A PostgreSQL store for postgresql://…, else an SQLite file."""
    if url.startswith(("postgresql://", "postgres://")):
        from assay.hall.store_postgresql import PostgresqlStore

        return PostgresqlStore(url)
    from assay.hall.store_sqlite import SqliteStore

    return SqliteStore(url.removeprefix("sqlite:///"))
