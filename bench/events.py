"""Live pages: what 14 room consoles and the officers' page of all rooms cost while 600 candidates answer.

The same exam is measured without and with them; the difference is what they cost, as a share of one core.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
from testbed import programs
from testbed.postgresql import Postgresql

from assay.bridge.tokens import READING, RoomPass, room_token
from bench.halls import SECRET, Row, drive_at, publish, rows, savers

CANDIDATES, ROOMS = 600, 14
EVERY_S = 20.0
HELD_S = 30.0


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"{folder}/hall.sqlite3", max(seconds, HELD_S))


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server:
        return _measured("postgresql", server.url("hall"), max(seconds, HELD_S))


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str, seconds: float) -> list[Row]:
    hall = programs.hall(database, SECRET)
    hall.start()
    try:
        publish(hall.url, CANDIDATES)
        streams = savers(hall.url, CANDIDATES)
        assert hall.process is not None
        alone = _busy(hall.url, hall.process.pid, streams, seconds)
        watchers = [_Watcher(hall.url, room) for room in ["*", *(f"r{n}" for n in range(ROOMS))]]
        time.sleep(3)
        watched = _busy(hall.url, hall.process.pid, streams, seconds)
        heard = [watcher.stop() for watcher in watchers]
    finally:
        hall.stop()
    assert min(heard) > 0, "a live page heard nothing"
    return rows(
        case,
        ("cpu_percent", round(100 * (watched - alone), 2), "% of a core"),
        ("hall_cpu_percent", round(100 * watched, 2), "% of a core"),
        ("pages", len(heard), ""),
        ("events_heard", sum(heard), ""),
    )


def _busy(url: str, pid: int, streams: list[Iterator[bytes]], seconds: float) -> float:
    """Cores that the hall uses while every candidate saves once in 20 seconds."""
    before, began = _cpu(pid), time.monotonic()
    load = drive_at(url, streams, seconds - EVERY_S, pause=EVERY_S)
    assert not load.bad, load.bad[0]
    return (_cpu(pid) - before) / (time.monotonic() - began)


def _cpu(pid: int) -> float:
    """Processor seconds of a process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


class _Watcher:
    """A live page: reads events until it is told to stop."""

    def __init__(self, url: str, room: str) -> None:
        now = int(time.time())
        token = room_token(SECRET.encode(), RoomPass("bench", room, "bench", "", READING, now, now + 3600))
        self._client = httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        )
        self._heard, self._stopped = 0, False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with self._client.stream("GET", "/room/events") as stream:
            for line in stream.iter_lines():
                self._heard += line.startswith("event: seats")
                if self._stopped:
                    return

    def stop(self) -> int:
        """How many events were heard."""
        self._stopped = True
        return self._heard
