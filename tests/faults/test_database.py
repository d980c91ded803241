"""The hall's database is killed, hangs, or its disk is full: nothing acknowledged is lost, and candidates go on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testbed import programs, small_disk
from testbed.postgresql import Postgresql

from assay.bridge.client import HallClient
from tests.faults.writers import SECRET, at_work, finish_all, missing, whole_log, writers_at
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
CANDIDATES = 6
needs_a_disk = pytest.mark.skipif(not small_disk.permitted(), reason="file systems may not be mounted here")


@pytest.fixture
def own_server() -> Iterator[Postgresql]:
    """A PostgreSQL that may be killed: nobody else uses it."""
    with Postgresql() as server:
        yield server


def published(hall: programs.Process) -> None:
    with HallClient(hall.url, SECRET.encode()) as office:
        office.publish(pack(candidates=CANDIDATES + 1))


def test_the_database_server_is_killed_and_comes_back(own_server: Postgresql) -> None:
    hall = programs.hall(own_server.url("hall"), SECRET)
    hall.start()
    try:
        published(hall)
        writers = writers_at(hall.url, CANDIDATES)
        for _ in range(2):
            before = sum(writer.saves for writer in writers)
            with at_work(writers) as wait:
                wait(1)
                own_server.kill()
                wait(1)
                own_server.start()
                wait(1.5)
            assert sum(writer.saves for writer in writers) > before
        assert missing(writers, whole_log(hall.url)) == []
        finish_all(writers, hall.url)
    finally:
        hall.stop()


def test_the_machine_of_an_sqlite_hall_loses_power_in_the_middle_of_writing(tmp_path: Path) -> None:
    """SQLite has no server to kill: hall and database go down as one, many times, and the file is sound each time."""
    hall = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    hall.start()
    try:
        published(hall)
        writers = writers_at(hall.url, CANDIDATES)
        for _ in range(5):
            with at_work(writers) as wait:
                wait(0.4)
                hall.kill()
                hall.start()
        assert missing(writers, whole_log(hall.url)) == []
        finish_all(writers, hall.url)
    finally:
        hall.stop()


def test_a_database_that_hangs_makes_waiting_and_not_loss(own_server: Postgresql) -> None:
    """Back-pressure: what cannot be written soon is refused with 503 at once, so that nothing piles up; other pages of the
    hall stay quick."""
    hall = programs.hall(own_server.url("hall"), SECRET)
    hall.start()
    try:
        published(hall)
        writers = writers_at(hall.url, CANDIDATES)
        with at_work(writers) as wait:
            wait(0.5)
            own_server.freeze(on=True)
            wait(5)
            started = time.monotonic()
            assert writers[0].browser.client.post(
                "/api/answers", json={"answers": [{"item": "100", "choice": "A", "rev": 900_000}]}, timeout=20
            ).status_code in (200, 503)
            assert httpx.get(f"{hall.url}/health", trust_env=False).status_code == 200
            quick = time.monotonic() - started
            own_server.freeze(on=False)
            wait(1.5)
        assert quick < 8
        assert missing(writers, whole_log(hall.url)) == []
        finish_all(writers, hall.url)
    finally:
        own_server.freeze(on=False)
        hall.stop()


@needs_a_disk
def test_the_disk_of_an_sqlite_hall_is_full() -> None:
    with small_disk.SmallDisk(64) as disk:  # the file, and beside it a log of up to 32 MB
        hall = programs.hall(str(disk.folder / "hall.sqlite3"), SECRET)
        hall.start()
        try:
            published(hall)
            writers = writers_at(hall.url, CANDIDATES)
            one_more = Browser(hall.url, CANDIDATES).start()
            with at_work(writers) as wait:
                wait(0.5)
                disk.fill()
                refused = _until_refused(one_more.client)
                disk.relieve()
                wait(1)
            assert refused
            assert missing(writers, whole_log(hall.url)) == []
            finish_all(writers, hall.url)
        finally:
            hall.stop()


@needs_a_disk
def test_the_disk_of_the_database_server_is_full() -> None:
    with small_disk.SmallDisk(160) as disk:
        folder = disk.folder / "server"
        folder.mkdir()
        with Postgresql(folder) as server:
            hall = programs.hall(server.url("hall"), SECRET)
            hall.start()
            try:
                published(hall)
                writers = writers_at(hall.url, CANDIDATES)
                one_more = Browser(hall.url, CANDIDATES).start()
                with at_work(writers) as wait:
                    wait(0.5)
                    disk.fill()
                    refused = _until_refused(one_more.client)
                    disk.relieve()
                    server.start_again()
                    wait(2)
                assert refused
                assert missing(writers, whole_log(hall.url)) == []
                finish_all(writers, hall.url)
            finally:
                hall.stop()


def _until_refused(client: httpx.Client) -> bool:
    """Large sets of answers until the hall says that it cannot keep them."""
    for rev in range(1000, 4000):
        change = [{"item": str(100 + n), "choice": "A", "rev": rev} for n in (0, 3, 6, 9)]
        reply = client.post("/api/answers", json={"answers": change}, timeout=20)
        if reply.status_code == 503:
            return True
        assert reply.status_code == 200
    return False
