"""No request brings more than its address takes, whatever it says of its length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testbed import programs
from testbed.programs import Process

from assay.bridge.channel import Exchange
from assay.bridge.client import HallClient
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.console import Console
from tests.hall.packs import pack

CHUNK = b"x" * 65536


@pytest.fixture
def one_hall(tmp_path: Path) -> Iterator[Process]:
    process = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    process.start()
    yield process
    process.stop()


class Endless:
    """A body without a length, of which it is known how much went out."""

    def __init__(self, most: int, begins: bytes = b"") -> None:
        self.most, self.sent, self.begins = most, 0, begins

    def __iter__(self) -> Iterator[bytes]:
        yield self.begins
        while self.sent < self.most:
            self.sent += len(CHUNK)
            yield CHUNK


def peak_kb(process: Process) -> int:
    """The most memory that the program ever held."""
    assert process.process is not None
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def send(url: str, path: str, body: Endless, **headers: str) -> int:
    """The status; 413 too when the hall shut the line before all was sent."""
    try:
        return httpx.post(url + path, content=iter(body), headers=headers, trust_env=False, timeout=20).status_code
    except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        return 413


def test_strangers_fill_no_memory(one_hall: Process) -> None:
    before = peak_kb(one_hall)
    for path in ("/api/sign-in", "/office/packs", "/api/answers", "/api/late", "/room/act", "/room/file"):
        assert send(one_hall.url, path, Endless(100 * 1024 * 1024)) in (401, 403, 413)
    assert peak_kb(one_hall) - before < 20_000
    assert httpx.get(f"{one_hall.url}/health", trust_env=False).status_code == 200


def test_who_holds_a_token_brings_no_more_than_answers_take(one_hall: Process) -> None:
    with HallClient(one_hall.url, SECRET.encode()) as office:
        office.publish(pack())
    browser, console = Browser(one_hall.url).start(), Console(one_hall.url)
    before = peak_kb(one_hall)
    for client, path in (
        (browser.client, "/api/late"),
        (browser.client, "/api/remarks"),
        (console.client, "/room/file"),
    ):
        assert send(one_hall.url, path, Endless(50 * 1024 * 1024), authorization=client.headers["authorization"]) == 413
    assert peak_kb(one_hall) - before < 20_000


def test_what_was_signed_is_what_must_come(one_hall: Process) -> None:
    url = f"{one_hall.url}/office/passes/ended"
    for changed, status in ((b"", 200), (b"1", 403)):
        exchange = Exchange.new("POST", "/office/passes/ended")
        sealed = exchange.seal_question(SECRET.encode(), b"[]")
        headers = exchange.headers(SECRET.encode(), sealed)
        assert httpx.post(url, content=sealed + changed, headers=headers, trust_env=False).status_code == status
