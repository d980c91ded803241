"""Several hall processes over one PostgreSQL: any of them serves any candidate, and one may die."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from testbed import programs
from testbed.postgresql import Postgresql

from assay.bridge.client import HallClient
from assay.bridge.contract import EndedPass
from tests.faults.writers import SECRET, Writer, at_work, finish_all, missing, whole_log, writers_at
from tests.hall.candidate import Browser
from tests.hall.console import pass_to
from tests.hall.packs import pack

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
CANDIDATES = 8


@pytest.fixture
def halls(postgresql: Postgresql, request: pytest.FixtureRequest) -> Iterator[list[programs.Process]]:
    """Three processes over one database, with a pack published to the first."""
    database = postgresql.url(f"halls_{abs(hash(request.node.nodeid)) % 10**9}")
    found = [programs.hall(database, SECRET) for _ in range(3)]
    for hall in found:
        hall.start()
    with HallClient(found[0].url, SECRET.encode()) as office:
        office.publish(pack(candidates=CANDIDATES))
    yield found
    for hall in found:
        hall.stop()


class Anywhere(Browser):
    """A browser behind a proxy that sends each request to any process that answers."""

    halls: list[programs.Process]
    chance = random.Random(7)

    def save(self, item: str, choice: str, rev: int | None = None) -> httpx.Response:
        self.client.base_url = self.chance.choice(self.halls).url
        return super().save(item, choice, rev)


def test_every_process_knows_what_was_done_at_another(halls: list[programs.Process]) -> None:
    first, second, third = (hall.url for hall in halls)
    browser = Browser(first)
    _until(
        lambda: (
            httpx.post(f"{second}/api/sign-in", json={"ticket": "p1-t0", "id_number": "x"}, trust_env=False).status_code
            == 401
        )
    )
    browser.start()
    browser.save("100", "B")
    browser.client.base_url = second
    assert browser.state()["answers"] == {"100": [1, "B"]}
    assert browser.save("100", "C").json()["saved"] == {"100": 2}
    console = httpx.Client(base_url=third, headers={"authorization": f"Bearer {_pass()}"}, trust_env=False)
    assert (
        console.post("/room/act", json={"do": "extend", "sittings": ["p1-s0"], "minutes": 9, "text": "试"}).status_code
        == 200
    )
    browser.client.base_url = first
    _until(lambda: browser.state()["minutes"] == 69)
    browser.client.base_url = third
    receipt = browser.hand_in().json()["receipt"]
    browser.client.base_url = first
    assert browser.save("100", "D").status_code == 410  # at once: no process takes an answer after the hand-in
    assert browser.hand_in().json()["receipt"] == receipt


def test_a_move_at_one_process_shuts_the_old_computer_out_at_all(halls: list[programs.Process]) -> None:
    first, second, _ = (hall.url for hall in halls)
    old = Browser(first).start()
    console = httpx.Client(base_url=second, headers={"authorization": f"Bearer {_pass()}"}, trust_env=False)
    _until(
        lambda: console.post("/room/act", json={"do": "move", "sittings": ["p1-s0"], "text": "换机"}).status_code == 200
    )
    new = Browser(second)
    _until(lambda: new.sign_in().status_code == 200)
    assert old.save("100", "A").status_code == 409


def test_the_seat_map_of_any_process_shows_what_was_saved_at_the_others(halls: list[programs.Process]) -> None:
    browser = Browser(halls[0].url).start()
    browser.save("100", "B")
    browser.save("103", "C")
    console = httpx.Client(base_url=halls[2].url, headers={"authorization": f"Bearer {_pass()}"}, trust_env=False)

    def shown() -> bool:
        seat = console.get("/room/state").json()["rooms"][0]["sittings"][0]["now"]
        return seat[:2] == ["answering", 2]

    _until(shown, 15)


def test_one_process_dies_and_its_candidates_go_on_at_the_others(halls: list[programs.Process]) -> None:
    _until(lambda: all(Browser(hall.url, 7).sign_in().status_code == 200 for hall in halls))
    writers: list[Writer] = writers_at(halls[0].url, CANDIDATES - 1)
    Anywhere.halls = list(halls)
    for writer in writers:
        writer.browser.__class__ = Anywhere
    with at_work(writers) as wait:
        wait(1)
        halls[1].kill()
        Anywhere.halls = [halls[0], halls[2]]
        wait(1)
        halls[1].start()
        Anywhere.halls = list(halls)
        wait(1)
    assert min(writer.saves for writer in writers) > 0
    assert missing(writers, whole_log(halls[1].url)) == []
    finish_all(writers, halls[2].url)


def test_answers_and_hand_ins_at_different_processes_at_once_never_disagree(halls: list[programs.Process]) -> None:
    """No answer is acknowledged that the sheet, closed elsewhere at the same moment, does not hold."""
    _until(lambda: all(Browser(hall.url, 7).sign_in().status_code == 200 for hall in halls))
    writers = writers_at(halls[0].url, CANDIDATES - 1)
    Anywhere.halls = list(halls)
    for writer in writers:
        writer.browser.__class__ = Anywhere
    with at_work(writers) as wait:
        for n in range(CANDIDATES - 1):
            wait(0.2)
            elsewhere = httpx.Client(
                base_url=halls[n % 3].url, headers=writers[n].browser.client.headers, trust_env=False
            )
            assert elsewhere.post("/api/hand-in", json={}).status_code == 200
    assert missing(writers, whole_log(halls[0].url)) == []
    finish_all(writers, halls[1].url)


def test_a_pass_that_ended_and_a_ticket_that_was_released_are_so_at_every_process(
    halls: list[programs.Process],
) -> None:
    first, second, third = (hall.url for hall in halls)
    browser = Browser(second)
    for _ in range(11):
        browser.sign_in("410105200603159999")
    assert browser.sign_in().status_code == 429
    console = httpx.Client(base_url=first, headers={"authorization": f"Bearer {_pass()}"}, trust_env=False)
    assert console.post("/room/act", json={"do": "release", "sittings": ["p1-s0"]}).status_code == 200
    _until(lambda: browser.sign_in().status_code == 200)
    with HallClient(first, SECRET.encode()) as office:
        office.end_passes([EndedPass("7", int(time.time()))])
    for url in (first, second, third):
        console.base_url = url
        _until(lambda: console.get("/room/state").status_code == 401)
        assert console.post("/room/act", json={"do": "note", "room": "r0", "text": "试"}).status_code == 401


def test_a_second_process_on_one_sqlite_file_is_refused(tmp_path: Path) -> None:
    hall = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    hall.start()
    try:
        with pytest.raises(RuntimeError, match="ended with"):
            programs.hall(str(tmp_path / "hall.sqlite3"), SECRET).start()
    finally:
        hall.stop()


def _pass() -> str:
    return pass_to(secret=SECRET)


def _until(said: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < ends, "it never came so"
        time.sleep(0.1)
