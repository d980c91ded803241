"""The store on PostgreSQL: several hall processes may share it.

Every change of packs, rooms and sittings takes a number from the sequence `hall_version` under the exclusive lock, so a
process that holds the shared lock knows by one look at the sequence whether its memory is in step.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import asyncpg

from assay.bridge.channel import CLOCK_SLACK_S
from assay.hall.store.contract import Changes, Finals, Operation, Row, Stale, Unfit, finals_of
from assay.hall.store.schema import ADDED, ASKED, CHANGES, FORGOTTEN, MARK, PRESENCE_NEWER, QUERIES, STATEMENTS, TABLES

LOCK = 74_201
SLOWEST_S = 10.0
_KINDS = {
    "serial": "BIGSERIAL PRIMARY KEY", "integer": "BIGINT", "blob": "BYTEA",
    "version": "BIGINT NOT NULL DEFAULT nextval('hall_version')", "unlogged": "UNLOGGED",
}  # fmt: skip
_SEQUENCE = "CREATE SEQUENCE IF NOT EXISTS hall_version"
_INDEXES = tuple(
    f"CREATE INDEX IF NOT EXISTS {t}_version ON {t} (version)" for t in ("pack", "room", "sitting", "ended_pass")
)
_APPEND = f"""
CREATE OR REPLACE FUNCTION hall_append(known bigint, packs text[], sittings text[], items text[], revs bigint[],
    choices text[], ats bigint[], saids bigint[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
  PERFORM pg_advisory_xact_lock_shared({LOCK});
  IF (SELECT last_value FROM hall_version) > known THEN RETURN -1; END IF;
  INSERT INTO answer_log (pack, sitting, item, rev, choice, at, said_at)
    SELECT * FROM unnest(packs, sittings, items, revs, choices, ats, saids) ON CONFLICT (sitting, item, rev) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added;
END $$"""  # noqa: S608 - the lock's number
_CALL = (
    "SELECT hall_append($1, $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])"
)
_DOUBLES = (
    "SELECT l.sitting, l.item, l.rev FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[])"
    " AS said (sitting, item, rev, choice)"
    " JOIN answer_log l USING (sitting, item, rev) WHERE l.choice <> said.choice"
)
_FINALS = (
    "SELECT DISTINCT ON (sitting, item) sitting, item, rev, choice FROM answer_log WHERE sitting = ANY($1::text[])"
    " ORDER BY sitting, item, rev DESC"
)
_ANSWERED = f"SELECT sitting, count(*) FROM ({_FINALS}) last WHERE choice <> '' GROUP BY sitting"  # noqa: S608
_NEWER = PRESENCE_NEWER.format(greatest="greatest")
_HEARD = "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])"
_PRESENCE = f"INSERT INTO presence (sitting, pack, seen, saved) {_HEARD}{_NEWER}"
_SETTINGS = {
    "idle_in_transaction_session_timeout": "10000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""A process that is stopped, or whose machine is gone, must not keep the others from the lock."""


def _numbered(statement: str) -> str:
    """`?` as `$1`, `$2`, …"""
    count = iter(range(1, 100))
    return re.sub(r"\?", lambda _: f"${next(count)}", statement)


_WRITE = {name: _numbered(text.format(next="nextval('hall_version')")) for name, text in STATEMENTS.items()}
_ASKED, _FORGOTTEN, _MARK = f"{_numbered(ASKED)} RETURNING 1", _numbered(FORGOTTEN), _numbered(MARK)
_READ = {name: _numbered(text) for name, text in QUERIES.items()}


class PostgresqlStore:
    shared = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._known = -1
        self._connection: Any = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._url, min_size=1, max_size=4, command_timeout=SLOWEST_S, server_settings=_SETTINGS
        )
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({LOCK + 1})")  # one at a time makes the tables
            await connection.execute(_SEQUENCE)
            for table, column, kind in ADDED:
                kind = kind.format(**_KINDS)
                await connection.execute(f"ALTER TABLE IF EXISTS {table} ADD COLUMN IF NOT EXISTS {column} {kind}")
            for table in TABLES:
                await connection.execute(table.format(**_KINDS))
            for index in _INDEXES:
                await connection.execute(index)
            await connection.execute(_APPEND)
            # Once at least: of a sequence that was never asked, the last value and the next one are the same.
            await connection.execute("SELECT nextval('hall_version')")

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        await self._pool.close()

    async def _writer(self) -> Any:
        """The one connection that writes; made anew when it broke."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._url, timeout=SLOWEST_S, command_timeout=SLOWEST_S, server_settings=_SETTINGS
            )
        return self._connection

    async def catch_up(self, apply: Callable[[Changes], None]) -> None:
        writer = await self._writer()
        async with self._guarded(), writer.transaction():
            await writer.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK})")
            await self._apply_new(writer, apply)

    async def _apply_new(self, writer: Any, apply: Callable[[Changes], None]) -> None:
        """Rows changed since memory was last in step; a lock must be held."""
        latest = await writer.fetchval("SELECT last_value FROM hall_version")
        if latest > self._known:
            apply(Changes(*[[tuple(row) for row in await writer.fetch(_READ[name], self._known)] for name in CHANGES]))
            self._known = latest

    async def append(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        writer = await self._writer()
        columns = list(zip(*rows, strict=True))
        async with self._guarded():
            added = await writer.fetchval(_CALL, self._known, *columns)
            if added < 0:
                raise Stale
            if added == len(rows):
                return set()
            doubles = await writer.fetch(_DOUBLES, columns[1], columns[2], columns[3], columns[4])
        return {tuple(row) for row in doubles}

    async def change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        try:
            await self._change(apply, sheets, decide)
        except (asyncpg.DataError, UnicodeError, OverflowError) as no:
            raise Unfit from no

    async def _change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        writer = await self._writer()
        async with self._guarded(), writer.transaction():
            await writer.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            await self._apply_new(writer, apply)
            finals = finals_of(await writer.fetch(_FINALS, list(sheets))) if sheets else {}
            operations = decide(finals)
            for name, run in groupby(operations, key=lambda operation: operation[0]):
                await writer.executemany(_WRITE[name], [values for _, values in run])
            latest = await writer.fetchval("SELECT last_value FROM hall_version")
        self._known = latest

    async def rewrite(self, operations: Sequence[Operation]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            for name, values in operations:
                await connection.execute(_WRITE[name], *values)

    async def first_time(self, nonce: str, stamp: int) -> bool:
        async with self._pool.acquire() as connection:
            await connection.execute(_FORGOTTEN, int(time.time()))
            return await connection.fetchval(_ASKED, nonce, stamp + CLOCK_SLACK_S) is not None

    def _guarded(self) -> _Guard:
        return _Guard(self)

    def let_go(self) -> None:
        """Drop a connection whose state is not known any more."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def note_presence(self, rows: Sequence[tuple[str, str, int, int]]) -> None:
        async with self._pool.acquire() as connection:
            await connection.execute(_PRESENCE, *zip(*rows, strict=True))

    async def note_mark(self, name: str, value: int) -> None:
        async with self._pool.acquire() as connection:
            await connection.execute(_MARK, name, value)

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_READ[query], *values)
        return [tuple(row) for row in rows]

    async def answered(self, sittings: Sequence[str]) -> dict[str, int]:
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_ANSWERED, list(sittings))
        return {row[0]: row[1] for row in rows}


class _Guard:
    """After trouble with the database the writing connection is not used again."""

    def __init__(self, store: PostgresqlStore) -> None:
        self._store = store

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None and not issubclass(kind, Stale):
            self._store.let_go()
