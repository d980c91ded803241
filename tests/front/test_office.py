"""The office as it runs: half-sent requests silence nobody, and a page takes no more than it says."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from testbed import migrated, programs

from assay.kernel.bodies import MB, TABLE, USUAL

USER, PASSWORD = "first", "front-password-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Process]:
    var = tmp_path_factory.mktemp("office")
    found = programs.office(f"sqlite:///{migrated.into(var / 'office.sqlite3')}", var)
    command = [str(Path(sys.executable).parent / "assay"), "create-account", USER, "首位管理员", "--password", PASSWORD]
    subprocess.run(command, env={**os.environ, **found.environment}, check=True, stdout=subprocess.DEVNULL)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def visitor(office: programs.Process) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=office.url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def officer(visitor: httpx.Client) -> httpx.Client:
    """Signed in with every post."""
    answer = visitor.post("/sign-in/", data={**token(visitor), "username": USER, "password": PASSWORD})
    assert answer.status_code == 302
    return visitor


def token(client: httpx.Client, page: str = "/sign-in/") -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def test_half_sent_requests_do_not_silence_it(office: programs.Process, visitor: httpx.Client) -> None:
    visitor.get("/verify/")
    address = (urlsplit(office.url).hostname, urlsplit(office.url).port)
    waiting = [socket.create_connection(address) for _ in range(24)]
    for number, connection in enumerate(waiting):
        head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n"
        connection.sendall(head + b"\r\nusername=" if number % 2 else head)
    started = time.monotonic()
    assert visitor.get("/verify/").status_code == 200
    assert time.monotonic() - started < 3
    for connection in waiting:
        connection.close()


def test_a_page_takes_no_more_than_a_form(officer: httpx.Client) -> None:
    for address in ("/sign-in/", "/centre/departments/add/", "/nowhere/"):
        refused = officer.post(address, content=b"a" * (USUAL + 1))
        assert refused.status_code == 413
        assert f"最多接收 {USUAL // MB} MB" in refused.text
        chunked = officer.post(address, content=(b"a" * 65536 for _ in range(USUAL // 65536 + 1)))
        assert chunked.status_code == 413


def test_a_page_for_files_takes_them_from_whoever_is_signed_in(visitor: httpx.Client, office: programs.Process) -> None:
    workbook = {"file": ("学校.xlsx", b"PK" + b"0" * (USUAL + MB))}
    stranger = visitor.post("/desk/setup/", data=token(visitor), files=workbook)
    assert stranger.status_code == 413
    assert "登录" in stranger.text
    with httpx.Client(base_url=office.url, trust_env=False, timeout=30) as client:
        client.post("/sign-in/", data={**token(client), "username": USER, "password": PASSWORD})
        read = client.post("/desk/setup/", data=token(client, "/desk/setup/"), files=workbook)
        assert read.status_code == 422  # it came in, and is no workbook
        assert client.post("/desk/setup/", content=b"a" * (TABLE + 1)).status_code == 413
