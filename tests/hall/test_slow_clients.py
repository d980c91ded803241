"""Half-sent requests neither hold up the hall nor stay; open consoles do not hold up its end."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from testbed import programs

from assay.bridge.client import HallClient
from assay.front.patience import HEAD_S
from tests.front.hang_ups import hang_up_everywhere
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.console import Console, pass_to
from tests.hall.packs import pack


@pytest.fixture
def heard_by_us(tmp_path: Path) -> Iterator[programs.Process]:
    """A hall with an exam whose lines we hear: one out of the nursery writes where the nursery did."""
    hall = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    hall.nursery = None
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack())
        yield hall
    finally:
        hall.stop()


def test_half_sent_requests_end_and_hold_up_nobody(tmp_path: Path) -> None:
    hall = programs.hall(str(tmp_path / "hall.sqlite3"), "tests-hall-secret")
    hall.start()
    try:
        address = (urlsplit(hall.url).hostname, urlsplit(hall.url).port)
        waiting = [socket.create_connection(address) for _ in range(300)]
        for connection in waiting:
            connection.sendall(b"POST /api/sign-in HTTP/1.1\r\nHost: hall\r\nContent-Le")
        started = time.monotonic()
        assert httpx.get(hall.url + "/health", trust_env=False, timeout=5).status_code == 200
        assert time.monotonic() - started < 2
        ends = started + HEAD_S + 10
        for connection in waiting:
            ready, _, _ = select.select([connection], [], [], max(ends - time.monotonic(), 0))
            assert ready, "still open"
            connection.close()
    finally:
        hall.stop()


def test_a_hall_that_is_told_to_stop_does_not_wait_for_open_consoles(
    heard_by_us: programs.Process, capfd: pytest.CaptureFixture[str]
) -> None:
    with Console(heard_by_us.url, secret=SECRET).client.stream("GET", "/room/events", timeout=15) as stream:
        assert next(stream.iter_lines()) == "event: whole"
        assert heard_by_us.process is not None
        heard_by_us.process.send_signal(signal.SIGINT)
        assert heard_by_us.process.wait(5) == 0
    assert "Traceback" not in capfd.readouterr().err


def test_bodies_that_do_not_come_whole_are_no_lines_of_the_log(
    heard_by_us: programs.Process, capfd: pytest.CaptureFixture[str]
) -> None:
    url = heard_by_us.url
    seat = {"authorization": Browser(url).start().client.headers["authorization"]}
    console = {"authorization": f"Bearer {pass_to(secret=SECRET)}"}
    candidates = dict.fromkeys(("/api/answers", "/api/late", "/api/ready", "/api/remarks"), seat)
    told = hang_up_everywhere(url, {"/api/sign-in": {}, **candidates, "/room/act": console, "/room/file": console})
    assert [line[:12] for line in told] == [b"HTTP/1.1 408"] * len(told)
    assert httpx.get(url + "/health", trust_env=False, timeout=5).status_code == 200
    heard_by_us.stop()
    assert capfd.readouterr().err == ""
