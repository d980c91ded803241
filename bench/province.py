"""A province: 100,000 open sittings of 200 schools, each answering every 20 seconds, in two hall processes over one PostgreSQL.

The sittings are opened in the database itself (signing 100,000 in would take longer than the measurement); from there on
everything is the hall's own: a cold start that takes them all up, then saves over HTTP with every check in place.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
from testbed import programs
from testbed.postgresql import Postgresql
from tests.hall.packs import pack

from assay.bridge.client import HallClient
from assay.bridge.tokens import seat_token
from assay.hall.facts import SittingFacts
from bench.halls import ITEMS, SECRET, Row, place_of, rows, saves_of
from bench.load import drive

SCHOOLS, CANDIDATES = 200, 500
SITTINGS = SCHOOLS * CANDIDATES
SAVES_A_SECOND = 5_000
CONNECTIONS = 1_000
PROCESSES = 2
"""One a core; each is spoken to by half of the connections, as a reverse proxy would have it."""
ANSWERED = 10
HELD_S = 60.0
SETTINGS = {
    "shared_buffers": "1GB", "min_wal_size": "2GB", "max_wal_size": "4GB", "wal_compression": "lz4",
    "backend_flush_after": "256kB", "wal_init_zero": "off",
}  # fmt: skip
"""As docs/running-a-province.md advises."""


def province(seconds: float) -> list[Row]:
    """Held for a minute at least."""
    with Postgresql(settings=SETTINGS) as server:
        database = server.url("hall")
        halls = [programs.hall(database, SECRET) for _ in range(PROCESSES)]
        try:
            halls[0].start(60)
            _publish(halls[0].url)
            asyncio.run(_open_all(database))
            halls[0].stop()
            began = time.perf_counter()
            for hall in halls:
                hall.start(180)
            cold = time.perf_counter() - began
            before = _own_cpu()
            load = drive(
                [place_of(hall.url) for hall in halls], _streams(),
                seconds=max(seconds, HELD_S), pause=CONNECTIONS / SAVES_A_SECOND,
            )  # fmt: skip
            driver = _own_cpu() - before
            memory = sum(_resident_mb(hall.process.pid) for hall in halls if hall.process)
        finally:
            for hall in halls:
                hall.stop()
    if load.bad:
        raise RuntimeError(f"{len(load.bad)} answers were not 200, the first: {load.bad[0]!r}")
    return rows(
        "province",
        ("saves_per_s", round(load.rate, 1), "1/s"),
        ("p50_ms", round(load.milliseconds(0.5), 2), "ms"),
        ("p99_ms", round(load.milliseconds(0.99), 2), "ms"),
        ("open_sittings", SITTINGS, ""),
        ("held_s", round(load.seconds, 1), "s"),
        ("cold_start_s", round(cold, 2), "s"),
        ("memory_mb", round(memory, 1), "MB"),
        ("memory_per_sitting_kb", round(memory * 1024 / SITTINGS, 2), "kB"),
        ("driver_cpu_s", round(driver, 1), "s"),
    )


def _publish(url: str) -> None:
    with HallClient(url, SECRET.encode()) as office:
        for school in range(SCHOOLS):
            office.publish(pack(name=f"s{school}", candidates=CANDIDATES, count=ITEMS, minutes=240, rooms=14))


async def _open_all(database: str) -> None:
    """Everybody has signed in, started and answered a few items."""
    now = int(time.time() * 1000)
    facts = SittingFacts(epoch=1, arrived_at=now, started_at=now, address=programs.LOCAL)
    state = msgspec.json.encode(facts).decode()
    connection = await asyncpg.connect(database)
    sittings = [(f"s{school}-s{n}", f"s{school}") for school in range(SCHOOLS) for n in range(CANDIDATES)]
    await connection.executemany(
        "INSERT INTO sitting (id, pack, state) VALUES ($1, $2, $3)", [(*sitting, state) for sitting in sittings]
    )
    await connection.execute(
        "INSERT INTO answer_log (pack, sitting, item, rev, choice, at, said_at)"
        " SELECT pack, id, 'given-' || n, 1, 'B', $1, $1 FROM sitting, generate_series(1, $2) n",
        now, ANSWERED,
    )  # fmt: skip
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


def _streams() -> list[Iterator[bytes]]:
    """Each connection speaks for a hundred sittings in turn."""
    tokens = [
        seat_token(SECRET.encode(), f"s{school}", f"s{school}-s{n}", 1)
        for school in range(SCHOOLS)
        for n in range(CANDIDATES)
    ]
    return [saves_of(*tokens[n::CONNECTIONS]) for n in range(CONNECTIONS)]


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
