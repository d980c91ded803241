"""Half-sent requests neither hold up the hall nor stay."""

from __future__ import annotations

import select
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from testbed import programs

from assay.front.patience import HEAD_S


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
