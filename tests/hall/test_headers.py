"""What the hall tells browsers with every answer, whichever way the answer is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testbed import programs
from testbed.programs import Process

from assay.bridge.client import HallClient
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.packs import pack


@pytest.fixture
def one_hall(tmp_path: Path) -> Iterator[Process]:
    process = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    process.start()
    with HallClient(process.url, SECRET.encode()) as office:
        office.publish(pack())
    yield process
    process.stop()


def told(answer: httpx.Response) -> None:
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["base-uri"] == policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert answer.headers["referrer-policy"] == "no-referrer"
    told_of_data(answer)


def told_of_data(answer: httpx.Response) -> None:
    """Whether an answer may be taken for something else than the JSON that it is, or kept."""
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_every_kind_of_answer_tells_browsers_the_same(one_hall: Process) -> None:
    browser = Browser(one_hall.url).start()
    item = str(browser.opened()[0]["id"])
    saved, stranger = browser.save(item, "A"), httpx.Client(base_url=one_hall.url, trust_env=False)
    assert saved.status_code == 200
    assert saved.headers["content-type"] == "application/json"
    told_of_data(saved)
    for path, status in (
        ("/", 200),
        ("/room", 200),
        ("/health", 200),
        ("/static/hall.css", 200),
        ("/api/state", 401),
        ("/no", 404),
    ):
        answer = stranger.get(path)
        assert answer.status_code == status
        told(answer)
    told_of_data(stranger.post("/api/answers", json={"answers": []}))
    told(stranger.post("/api/sign-in", content=b"no JSON"))


def test_an_answer_to_what_went_wrong_tells_them_too(one_hall: Process, tmp_path: Path) -> None:
    browser = Browser(one_hall.url).start()
    for file in tmp_path.glob("hall.sqlite3*"):
        file.write_bytes(b"no database any more")
    broken = browser.client.post("/api/remarks", json={"kind": "mismatch"})
    assert broken.status_code == 503
    told(broken)


def test_nothing_answers_trace(one_hall: Process) -> None:
    for path in ("/", "/api/answers", "/api/state", "/static/hall.css", "/no"):
        answer = httpx.request("TRACE", one_hall.url + path, headers={"x-own": "word"}, trust_env=False)
        assert answer.status_code in (404, 405)
        assert "word" not in answer.text
