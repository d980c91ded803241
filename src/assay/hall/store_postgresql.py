"""The store on PostgreSQL: one task that commits group after group over one connection."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import asyncpg

from assay.hall.store import QUERIES, QUEUE_LIMIT, STATEMENTS, TABLES, Busy, Operation

Waiting = tuple[Sequence[Operation], asyncio.Future[None]]

_ANSWERS = (
    "INSERT INTO answer_log (pack, sitting, item, rev, choice, at)"
    " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])"
    " ON CONFLICT (sitting, item, rev) DO NOTHING"
)


def _numbered(statement: str) -> str:
    """`?` as `$1`, `$2`, …"""
    count = iter(range(1, 100))
    return re.sub(r"\?", lambda _: f"${next(count)}", statement)


class PostgresqlStore:
    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._connection: Any = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=4)
        async with self._pool.acquire() as connection:
            for table in TABLES:
                await connection.execute(table.format(serial="BIGSERIAL PRIMARY KEY", integer="BIGINT", blob="BYTEA"))
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self._stopping = True
        self._wake.set()
        await self._task
        await self._pool.close()

    def write(self, operations: Sequence[Operation]) -> asyncio.Future[None]:
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Busy
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((operations, future))
        self._wake.set()
        return future

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_numbered(QUERIES[query]), *values)
        return [tuple(row) for row in rows]

    async def _run(self) -> None:
        while not (self._stopping and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            group, self._waiting = self._waiting, []
            if group:
                await self._settle(group)
            if self._stopping:
                self._wake.set()

    async def _settle(self, group: Sequence[Waiting]) -> None:
        trouble: Exception | None = None
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._url)
            await self._commit(group)
        except Exception as broken:  # whatever it is, who waits must hear of it and the next group must be tried
            trouble = broken
        for _, future in group:
            if future.done():
                continue
            if trouble is None:
                future.set_result(None)
            else:
                future.set_exception(trouble)

    async def _commit(self, group: Sequence[Waiting]) -> None:
        operations = (operation for waiting, _ in group for operation in waiting)
        runs = [(name, [values for _, values in run]) for name, run in groupby(operations, key=lambda o: o[0])]
        if len(runs) == 1 and runs[0][0] == "answer":
            await self._connection.execute(_ANSWERS, *zip(*runs[0][1], strict=True))
            return
        async with self._connection.transaction():
            for name, values in runs:
                await self._connection.executemany(_numbered(STATEMENTS[name]), values)
