"""Where the hall keeps everything: an append-only answer log, and the last state of packs, rooms and sittings.

One committer (`committer.py`) writes in each process. Answers are appended under a shared lock and only while memory is
in step with the store; everything else is changed under an exclusive lock, so that no answer slips in between a
hand-in and its sheet. With SQLite one process owns the file and both hold by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Operation = tuple[str, tuple[Any, ...]]
Row = tuple[str, str, str, int, str, int, int]
"""An answer: pack, sitting, item, revision, choice, hall's time, time as the page had it (ms)."""
Finals = dict[str, dict[str, tuple[int, str]]]
"""Sitting → item → (last revision, its choice)."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS pack (id TEXT PRIMARY KEY, digest TEXT NOT NULL, body {blob} NOT NULL,"
    " state TEXT NOT NULL, version {version})",
    "CREATE TABLE IF NOT EXISTS blob (pack TEXT NOT NULL, digest TEXT NOT NULL, content {blob} NOT NULL,"
    " PRIMARY KEY (pack, digest))",
    "CREATE TABLE IF NOT EXISTS sitting (id TEXT PRIMARY KEY, pack TEXT NOT NULL, state TEXT NOT NULL, version {version})",
    "CREATE TABLE IF NOT EXISTS room (pack TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, version {version},"
    " PRIMARY KEY (pack, id))",
    "CREATE TABLE IF NOT EXISTS answer_log (seq {serial}, pack TEXT NOT NULL, sitting TEXT NOT NULL, item TEXT NOT NULL,"
    " rev {integer} NOT NULL, choice TEXT NOT NULL, at {integer} NOT NULL, said_at {integer} NOT NULL,"
    " UNIQUE (sitting, item, rev))",
    "CREATE TABLE IF NOT EXISTS event (seq {serial}, pack TEXT NOT NULL, room TEXT NOT NULL, sitting TEXT NOT NULL,"
    " at {integer} NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS late (sitting TEXT NOT NULL, number {integer} NOT NULL, pack TEXT NOT NULL,"
    " answers TEXT NOT NULL, PRIMARY KEY (sitting, number))",
    "CREATE {unlogged} TABLE IF NOT EXISTS presence (sitting TEXT PRIMARY KEY, pack TEXT NOT NULL, seen {integer} NOT NULL,"
    " saved {integer} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ended_pass (account TEXT NOT NULL, room TEXT NOT NULL, at {integer} NOT NULL,"
    " version {version}, PRIMARY KEY (account, room))",
    "CREATE TABLE IF NOT EXISTS asked (nonce TEXT PRIMARY KEY, until {integer} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS answer_log_pack ON answer_log (pack, seq)",
    "CREATE INDEX IF NOT EXISTS event_pack ON event (pack, seq)",
)
ADDED = (
    ("pack", "state", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("pack", "version", "{version}"),
    ("sitting", "version", "{version}"),
    ("room", "version", "{version}"),
    ("answer_log", "said_at", "{integer} NOT NULL DEFAULT 0"),
)
"""Columns that stores made by earlier versions lack: (table, column, kind)."""
STATEMENTS = {
    "pack": (
        "INSERT INTO pack (id, digest, body, state) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " digest = excluded.digest, body = excluded.body, state = excluded.state, version = {next}"
    ),
    "pack_state": "UPDATE pack SET state = ?, version = {next} WHERE id = ?",
    "blob": "INSERT INTO blob (pack, digest, content) VALUES (?, ?, ?) ON CONFLICT (pack, digest) DO NOTHING",
    "sitting": (
        "INSERT INTO sitting (id, pack, state) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = {next}"
    ),
    "room": (
        "INSERT INTO room (pack, id, state) VALUES (?, ?, ?)"
        " ON CONFLICT (pack, id) DO UPDATE SET state = excluded.state, version = {next}"
    ),
    "event": "INSERT INTO event (pack, room, sitting, at, kind, text, who) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "answer": (
        "INSERT INTO answer_log (pack, sitting, item, rev, choice, at, said_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (sitting, item, rev) DO NOTHING"
    ),
    "ended_pass": (
        "INSERT INTO ended_pass (account, room, at) VALUES (?, ?, ?)"
        " ON CONFLICT (account, room) DO UPDATE SET at = excluded.at, version = {next}"
    ),
    "blob_content": "UPDATE blob SET content = ? WHERE pack = ? AND digest = ?",
    "late": "INSERT INTO late (sitting, number, pack, answers) VALUES (?, ?, ?, ?)",
}
QUERIES = {
    "packs": "SELECT id, digest, body, state FROM pack WHERE version > ? ORDER BY id",
    "sittings": "SELECT id, pack, state FROM sitting WHERE version > ?",
    "rooms": "SELECT pack, id, state FROM room WHERE version > ?",
    "ended_passes": "SELECT account, room, at FROM ended_pass WHERE version > ?",
    "answers": "SELECT item, rev, choice, said_at FROM answer_log WHERE sitting = ? ORDER BY rev",
    "all_answers": "SELECT sitting, item, rev, choice FROM answer_log WHERE pack = ? ORDER BY seq",
    "log": (
        "SELECT seq, sitting, item, rev, choice, at, said_at FROM answer_log WHERE pack = ? AND seq > ?"
        " ORDER BY seq LIMIT ?"
    ),
    "events": "SELECT room, sitting, at, kind, text, who FROM event WHERE pack = ? ORDER BY seq",
    "room_events": (
        "SELECT sitting, at, kind, text, who FROM event WHERE pack = ? AND room = ? AND kind <> 'sign_in'"
        " ORDER BY seq DESC LIMIT 200"
    ),
    "blobs": "SELECT digest FROM blob WHERE pack = ?",
    "blob": "SELECT content FROM blob WHERE pack = ? AND digest = ?",
    "late": "SELECT answers FROM late WHERE sitting = ? AND number = ?",
    "presence": "SELECT sitting, seen, saved FROM presence WHERE pack = ? AND seen > ?",
    "present": "SELECT seen, saved FROM presence WHERE sitting = ?",
}


ASKED = "INSERT INTO asked (nonce, until) VALUES (?, ?) ON CONFLICT (nonce) DO NOTHING"
FORGOTTEN = "DELETE FROM asked WHERE until < ?"


class Stale(Exception):
    """Another process changed packs, rooms or sittings: nothing was written, memory must catch up first."""


@dataclass
class Changes:
    """Rows of packs (id, digest, body, state), rooms (pack, id, state), sittings (id, pack, state) and ended passes (account,
    room, at) that are new."""

    packs: list[tuple[Any, ...]] = field(default_factory=list)
    rooms: list[tuple[Any, ...]] = field(default_factory=list)
    sittings: list[tuple[Any, ...]] = field(default_factory=list)
    ended_passes: list[tuple[Any, ...]] = field(default_factory=list)


CHANGES = ("packs", "rooms", "sittings", "ended_passes")
"""The queries that fill them, in their order."""


class Store(Protocol):
    """A database of the hall. `shared`: other processes may write to it too."""

    shared: bool

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def catch_up(self, apply: Callable[[Changes], None]) -> None:
        """`apply` what is new since the last time (at first: everything)."""
        ...

    async def append(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        """Append answers in one transaction; returns (sitting, item, revision) of those whose revision is already
        there with another choice. Raises Stale."""
        ...

    async def change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        """Alone with the store, in one transaction: `apply` what is new, read the finals of `sheets`, `decide`, write."""
        ...

    async def note_presence(self, rows: Sequence[tuple[str, str, int, int]]) -> None:
        """Write down who was heard: (sitting, pack, seen, saved), each sitting once."""
        ...

    async def rewrite(self, operations: Sequence[Operation]) -> None:
        """Have rows in another form that say the same, in one transaction; of the former form nothing is left lying."""
        ...

    async def first_time(self, nonce: str, stamp: int) -> bool:
        """Whether a request of the office, made at `stamp` (Unix seconds), is met for the first time, by any process; from now on
        it has been."""
        ...

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]: ...

    async def answered(self, sittings: Sequence[str]) -> dict[str, int]:
        """How many items each sitting has answered."""
        ...


def finals_of(rows: Sequence[tuple[Any, ...]]) -> Finals:
    """(sitting, item, rev, choice) rows in any order → the last revision of each item."""
    found: Finals = {}
    for sitting, item, rev, choice in rows:
        answers = found.setdefault(sitting, {})
        if item not in answers or rev > answers[item][0]:
            answers[item] = (rev, choice)
    return found


def store_for(url: str) -> Store:
    """A PostgreSQL store for postgresql://…, else an SQLite file."""
    if url.startswith(("postgresql://", "postgres://")):
        from assay.hall.store_postgresql import PostgresqlStore

        return PostgresqlStore(url)
    from assay.hall.store_sqlite import SqliteStore

    return SqliteStore(url.removeprefix("sqlite:///"))
