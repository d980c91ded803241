"""Saving answers: how many a second, and how long a candidate waits.

`sqlite` and `postgresql`: 64 connections as fast as they go, every check in place, against a do-nothing application
under the same server in the same run. `hall`: 600 candidates who save once a second while the office serves 20 pages a
second on the same machine. `province`: 100,000 open sittings that answer every 20 seconds, on PostgreSQL.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from testbed import programs
from testbed.postgresql import Postgresql

from assay.bridge.tokens import seat_token
from bench.halls import SECRET, a_hall, drive_at, savers, saves_of
from bench.load import Load
from bench.province import province

CONNECTIONS = 64
CANDIDATES = 600
PAGES_A_SECOND = 20
SLICES, WARM_S = 10, 0.3
"""Yardstick and hall take turns, so that a machine which is now fast and now slow is so for both."""
Row = dict[str, object]


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _as_fast_as_it_goes("sqlite", f"{folder}/hall.sqlite3", seconds)


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server:
        return _as_fast_as_it_goes("postgresql", server.url("hall"), seconds)


def _as_fast_as_it_goes(case: str, database: str, seconds: float) -> list[Row]:
    load, yardstick = Load(), Load()
    with a_hall(database, CONNECTIONS) as url, _noop() as nothing:
        saving, asking = savers(url, CONNECTIONS), _askers()
        for _ in range(SLICES):
            yardstick.add(drive_at(nothing, asking, seconds / SLICES, warm=WARM_S))
            load.add(drive_at(url, saving, seconds / SLICES, warm=WARM_S))
    return _rows(case, load, yardstick.rate)


def hall(seconds: float) -> list[Row]:
    """The office is a real one with a small demo in it."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        with a_hall(f"{folder}/bench-hall.sqlite3", CANDIDATES) as url, _busy_office(Path(folder)) as pages:
            load = drive_at(url, savers(url, CANDIDATES), max(seconds, 15.0), pause=1.0)
            served = pages.rate()
        with _noop() as nothing:
            yardstick = drive_at(nothing, _askers(), seconds / 2)
        rows = _rows("hall", load, yardstick.rate)
        return [*rows, {"case": "hall", "metric": "office_pages_per_s", "value": round(served, 1), "unit": "1/s"}]


CASES = {"sqlite": sqlite, "postgresql": postgresql, "hall": hall, "province": province}


def _rows(case: str, load: Load, noop: float) -> list[Row]:
    if load.bad:
        raise RuntimeError(f"{case}: {len(load.bad)} answers were not 200, the first: {load.bad[0]!r}")
    values = [
        ("saves_per_s", round(load.rate, 1), "1/s"),
        ("p50_ms", round(load.milliseconds(0.5), 2), "ms"),
        ("p99_ms", round(load.milliseconds(0.99), 2), "ms"),
        ("noop_per_s", round(noop, 1), "1/s"),
        ("ratio_to_noop", round(load.rate / noop, 3), ""),
    ]
    return [{"case": case, "metric": metric, "value": value, "unit": unit} for metric, value, unit in values]


@contextmanager
def _noop() -> Iterator[str]:
    """The yardstick: an application that does nothing, under the same server."""
    port = programs.free_port()
    server = programs.Process(
        [sys.executable, "-m", "bench.noop", str(port)], {}, f"http://{programs.LOCAL}:{port}", "/"
    )
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _askers() -> list[Iterator[bytes]]:
    """The same requests as to the hall."""
    token = seat_token(SECRET.encode(), "bench", "bench-s0", 1)
    return [saves_of(token) for _ in range(CONNECTIONS)]


class _Reader:
    """Somebody who opens pages of the office at a steady pace."""

    PAGES = ("/desk/", "/batches/", "/applications/", "/desk/ledger/", "/corps/members/", "/bank/")

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=30, follow_redirects=True)
        page = self._client.get("/sign-in/").text
        token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
        form = {"csrfmiddlewaretoken": token, "username": "zhuren", "password": "demo-2026-assay"}
        assert self._client.post("/sign-in/", data=form).status_code == 200
        self._served, self._begun, self._stop = 0, time.monotonic(), threading.Event()

    def run(self, each: float) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            reply = self._client.get(self.PAGES[self._served % len(self.PAGES)])
            assert reply.status_code == 200, reply.url
            self._served += 1
            due += each
            self._stop.wait(max(due - time.monotonic(), 0))

    def stop(self) -> None:
        self._stop.set()

    def rate(self) -> float:
        return self._served / (time.monotonic() - self._begun)


class _Readers:
    def __init__(self, readers: list[_Reader]) -> None:
        self._readers = readers

    def rate(self) -> float:
        return sum(reader.rate() for reader in self._readers)


@contextmanager
def _busy_office(var: Path) -> Iterator[_Readers]:
    """An office with a small demo, read by four people at once."""
    environment = {**os.environ, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json")}
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [str(Path(sys.executable).parent / "assay"), "demo", "--candidates", "40"],
        env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    office = programs.office(f"sqlite:///{var / 'office.sqlite3'}", var)
    office.start()
    readers = [_Reader(office.url) for _ in range(4)]
    threads = [threading.Thread(target=r.run, args=(len(readers) / PAGES_A_SECOND,)) for r in readers]
    try:
        for thread in threads:
            thread.start()
        yield _Readers(readers)
    finally:
        for reader in readers:
            reader.stop()
        for thread in threads:
            thread.join(10)
        office.stop()
