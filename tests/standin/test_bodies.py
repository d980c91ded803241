"""The stand-in takes no more, and waits no longer, than office and hall do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from testbed import programs
from testbed.programs import Process

from assay.front.patience import LARGEST_HEAD
from tests.front.hang_ups import hang_up_everywhere
from tests.hall.test_bodies import Endless, peak_kb, send
from tests.standin.messages import filing

TOKEN = "standin-token"
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"
FIELD = b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n'
"""How a field of such a form begins: what is no form at all may be refused as that, before it is too large."""
MB = 1024 * 1024


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Process]:
    process = programs.standin(tmp_path / "standin.sqlite3", TOKEN)
    process.start()
    yield process
    process.stop()


def test_strangers_fill_no_memory(province: Process) -> None:
    httpx.post(f"{province.url}/sign-in", data={"token": "wrong"}, trust_env=False)
    before = peak_kb(province)
    for kind, begins in ((FORM, b""), (FILES, FIELD)):
        assert send(province.url, "/sign-in", Endless(80 * MB, begins), **{"content-type": kind}) == 413
    assert send(province.url, "/api/v1/filings", Endless(80 * MB)) in (401, 413)
    assert send(province.url, "/api/v1/_mood", Endless(80 * MB)) in (401, 413)
    assert peak_kb(province) - before < 20_000
    assert httpx.get(f"{province.url}/api/v1/health", trust_env=False).status_code == 200


def test_a_form_that_says_how_large_it_is_is_refused_in_words(province: Process) -> None:
    told = httpx.post(f"{province.url}/sign-in", data={"token": "x" * 100_000}, trust_env=False)
    assert told.status_code == 413
    assert "一次提交的内容过大" in told.text


def test_who_holds_the_token_brings_a_whole_batch_and_no_more(province: Process) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "large"}
    large = {**filing(), "remarks": "x" * MB}
    kept = httpx.post(f"{province.url}/api/v1/filings", json=large, headers=headers, trust_env=False)
    assert kept.status_code in (201, 422)
    assert send(province.url, "/api/v1/filings", Endless(80 * MB), **headers) == 413


def test_headers_without_an_end_are_cut_off(province: Process) -> None:
    address = (urlsplit(province.url).hostname, urlsplit(province.url).port)
    with socket.create_connection(address, timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: province\r\n" + b"X-More: " + b"x" * (4 * LARGEST_HEAD))
        assert line.recv(1000).startswith(b"HTTP/1.1 431")


def test_bodies_that_do_not_come_whole_are_no_lines_of_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    province = programs.standin(tmp_path / "standin.sqlite3", TOKEN)
    province.start()
    try:
        holder = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "one"}
        told = hang_up_everywhere(
            province.url, {"/sign-in": {"content-type": FORM}, "/api/v1/filings": holder, "/api/v1/_mood": holder}
        )
        assert [line[:12] for line in told] == [b"HTTP/1.1 408"] * 3
    finally:
        province.stop()
    assert capfd.readouterr().err == ""
