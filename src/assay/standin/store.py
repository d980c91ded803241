"""The stand-in's own SQLite file: what was received, what was decided, and the first answer to every key."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assay.standin import clock

SCHEMA = """
CREATE TABLE IF NOT EXISTS submission (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    batch_code TEXT NOT NULL,
    size INTEGER NOT NULL,
    body TEXT NOT NULL,
    reply TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'approved', 'returned', 'accepted', 'partly', 'rejected')),
    reason TEXT NOT NULL DEFAULT '',
    decided_at TEXT,
    decided_by TEXT,
    CHECK (state != 'returned' OR reason != ''),
    CHECK ((state IN ('approved', 'returned')) = (decided_at IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS submission_listed ON submission (kind, state, seq);
CREATE VIEW IF NOT EXISTS listed AS
    SELECT seq, id, kind, batch_code, size, received_at, state, reason, decided_at, decided_by FROM submission;
CREATE TABLE IF NOT EXISTS certificate (
    number TEXT PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submission (id),
    name TEXT NOT NULL,
    row TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS change (
    number TEXT NOT NULL REFERENCES certificate (number),
    sequence INTEGER NOT NULL,
    submission TEXT NOT NULL REFERENCES submission (id),
    row TEXT NOT NULL,
    PRIMARY KEY (number, sequence)
);
CREATE TABLE IF NOT EXISTS head (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL UNIQUE,
    received_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL
);
"""


OLD_CHECK = " CHECK (kind IN ('filings', 'results', 'certificates'))"
_MOVED = """
PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
BEGIN IMMEDIATE;
DROP VIEW listed;
ALTER TABLE submission RENAME TO former_submission;
DROP INDEX submission_listed;
"""
_COPIED = """
INSERT INTO submission SELECT * FROM former_submission;
DROP TABLE former_submission;
COMMIT;
PRAGMA foreign_keys = ON;
"""
REBUILT = _MOVED + SCHEMA + _COPIED
"""For a file made when the kinds stood in the table itself: the same table without that check."""


def _knows_three_kinds_only(connection: sqlite3.Connection) -> bool:
    row = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'submission'").fetchone()
    return OLD_CHECK in row["sql"]


@dataclass(frozen=True)
class Submission:
    """A message received, as listed; times are aware UTC."""

    id: str
    kind: str
    batch_code: str
    size: int
    received_at: datetime
    state: str
    reason: str
    decided_at: datetime | None
    decided_by: str | None

    @property
    def waits(self) -> bool:
        """Nobody has decided over it yet."""
        return self.state == "received"


def written(value: Any) -> str:
    """JSON as it is stored and compared: sorted keys, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Store:
    """Opens a connection for each piece of work, so that any thread may call it."""

    def __init__(self, database: Path) -> None:
        self._path = database
        database.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
            if _knows_three_kinds_only(connection):
                connection.executescript(REBUILT)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def writing(self) -> Iterator[Book]:
        """One transaction that alone may write; committed at the end, undone by an exception."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Book(connection)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """One consistent view of everything."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield Book(connection)


class Book:
    """The tables within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def answer_to(self, key: str) -> tuple[str, str, str] | None:
        """(kind, digest, answer) first given to an idempotency key."""
        row = self._connection.execute("SELECT kind, digest, body FROM answer WHERE key = ?", (key,)).fetchone()
        return None if row is None else (row["kind"], row["digest"], row["body"])

    def remember_answer(self, key: str, kind: str, digest: str, body: str) -> None:
        self._connection.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", (key, kind, digest, body))

    def next_number(self) -> int:
        """The number the next submission will bear; holds within a writing transaction."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'submission'").fetchone()
        return 1 if row is None else int(row["seq"]) + 1

    def add(self, submission: Submission, body: dict[str, Any]) -> None:
        """Take a submission down as received; its reply is written by `set_reply`."""
        s = submission
        self._connection.execute(
            "INSERT INTO submission (id, kind, batch_code, size, body, reply, received_at, state)"
            " VALUES (?, ?, ?, ?, ?, '{}', ?, ?)",
            (s.id, s.kind, s.batch_code, s.size, written(body), s.received_at.isoformat(), s.state),
        )

    def set_reply(self, id: str, reply: dict[str, Any], state: str) -> None:
        """Keep what the sender was told, and the state that follows from it."""
        self._connection.execute("UPDATE submission SET reply = ?, state = ? WHERE id = ?", (written(reply), state, id))

    def decide(self, id: str, state: str, *, reason: str, by: str) -> bool:
        """Approve or return; False when it no longer waits for a decision."""
        done = self._connection.execute(
            "UPDATE submission SET state = ?, reason = ?, decided_at = ?, decided_by = ?"
            " WHERE id = ? AND state = 'received'",
            (state, reason, clock.now().isoformat(), by, id),
        )
        return done.rowcount == 1

    def submission(self, id: str) -> Submission | None:
        row = self._connection.execute("SELECT * FROM listed WHERE id = ?", (id,)).fetchone()
        return None if row is None else _submission(row)

    def contents(self, id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """(body as received, reply as given) of a submission that exists."""
        row = self._connection.execute("SELECT body, reply FROM submission WHERE id = ?", (id,)).fetchone()
        return json.loads(row["body"]), json.loads(row["reply"])

    def listed(self, kind: str, state: str, *, offset: int, limit: int) -> list[Submission]:
        """The newest first; an empty `kind` or `state` stands for all."""
        rows = self._connection.execute(
            "SELECT * FROM listed WHERE (? = '' OR kind = ?) AND (? = '' OR state = ?)"
            " ORDER BY seq DESC LIMIT ? OFFSET ?",
            (kind, kind, state, state, limit, offset),
        )
        return [_submission(row) for row in rows]

    def tallies(self) -> dict[tuple[str, str], int]:
        """How many submissions of each (kind, state) there are."""
        rows = self._connection.execute("SELECT kind, state, count(*) AS n FROM submission GROUP BY kind, state")
        return {(row["kind"], row["state"]): row["n"] for row in rows}

    def certificate(self, number: str) -> dict[str, Any] | None:
        """The certificate as received under this number."""
        row = self._connection.execute("SELECT row FROM certificate WHERE number = ?", (number,)).fetchone()
        return None if row is None else dict(json.loads(row["row"]))

    def approved_results(self, batch_code: str) -> list[dict[str, Any]]:
        """The rows of the newest approved results of a batch; none when there are none."""
        row = self._connection.execute(
            "SELECT body FROM submission WHERE kind = 'results' AND state = 'approved' AND batch_code = ?"
            " ORDER BY seq DESC LIMIT 1",
            (batch_code,),
        ).fetchone()
        return [] if row is None else list(json.loads(row["body"])["rows"])

    def last_change(self, number: str) -> dict[str, Any] | None:
        """The newest change of a certificate, as received."""
        row = self._connection.execute(
            "SELECT row FROM change WHERE number = ? ORDER BY sequence DESC LIMIT 1", (number,)
        ).fetchone()
        return None if row is None else dict(json.loads(row["row"]))

    def add_change(self, submission: str, row: dict[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO change VALUES (?, ?, ?, ?)", (row["number"], row["sequence"], submission, written(row))
        )

    def take_head(self, origin: str, size: int, note: str) -> None:
        """Keep a centre's head of its ledger as it came; the same one once."""
        self._connection.execute(
            "INSERT OR IGNORE INTO head (origin, size, note, received_at) VALUES (?, ?, ?, ?)",
            (origin, size, note, clock.now().isoformat()),
        )

    def heads(self, limit: int) -> list[dict[str, Any]]:
        """Those received last, newest first; `contradicted`: another note of the same ledger and size is here."""
        rows = self._connection.execute(
            "SELECT origin, size, note, received_at, (SELECT count(*) FROM head AS other WHERE other.origin = head.origin"
            " AND other.size = head.size) > 1 AS contradicted FROM head ORDER BY seq DESC LIMIT ?",
            (limit,),
        )
        return [{**dict(row), "contradicted": bool(row["contradicted"])} for row in rows]

    def add_certificate(self, submission: str, row: dict[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO certificate VALUES (?, ?, ?, ?)", (row["number"], submission, row["name"], written(row))
        )


def _submission(row: sqlite3.Row) -> Submission:
    return Submission(
        id=row["id"],
        kind=row["kind"],
        batch_code=row["batch_code"],
        size=row["size"],
        received_at=datetime.fromisoformat(row["received_at"]),
        state=row["state"],
        reason=row["reason"],
        decided_at=datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
        decided_by=row["decided_by"],
    )
