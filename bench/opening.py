"""Opening the paper: 600 candidates, who wait with the sealed paper before them, ask for its key in the same second."""

from __future__ import annotations

import asyncio
import tempfile
import time
from time import perf_counter
from urllib.parse import urlparse

import uvloop
from testbed.postgresql import Postgresql

from assay.rehearsal.http import Connection
from bench.halls import Row, a_hall, rows, signed_in

CANDIDATES = 600
LEAD_S = 12.0


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"{folder}/hall.sqlite3")


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server:
        return _measured("postgresql", server.url("hall"))


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str) -> list[Row]:
    with a_hall(database, CANDIDATES, starts_in_s=LEAD_S, count=100) as url:
        tokens = signed_in(url, CANDIDATES)
        waits = sorted(uvloop.run(_open_all(url, tokens)))
    return rows(
        case,
        ("p50_ms", round(1000 * waits[len(waits) // 2], 1), "ms"),
        ("p99_ms", round(1000 * waits[int(len(waits) * 0.99)], 1), "ms"),
        ("slowest_ms", round(1000 * waits[-1], 1), "ms"),
        ("candidates", len(waits), ""),
    )


async def _open_all(url: str, tokens: list[str]) -> list[float]:
    """Seconds from asking for the key to the whole answer: key, order, state."""
    place = urlparse(url)
    assert place.hostname and place.port  # noqa: PT018 - one question
    connections = [Connection(place.hostname, place.port) for _ in tokens]
    for connection, token in zip(connections, tokens, strict=True):
        connection.token = token
        status, _ = await connection.ask("GET", "/api/paper")
        assert status == 200
    _, profile = await connections[0].ask("GET", "/api/profile")
    await asyncio.sleep(max(profile["starts"] / 1000 - time.time() + 0.2, 0))

    async def open_one(connection: Connection) -> float:
        began = perf_counter()
        status, reply = await connection.ask("POST", "/api/key", {})
        assert status == 200, reply
        return perf_counter() - began

    return list(await asyncio.gather(*(open_one(connection) for connection in connections)))
