"""The hall is killed in the middle of an exam and comes back: no acknowledged answer is missing, candidates go on."""

from __future__ import annotations

import pytest
from testbed import programs

from assay.bridge.client import HallClient
from tests.faults.writers import SECRET, at_work, finish_all, missing, whole_log, writers_at
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
CANDIDATES = 6


def test_kill_and_restart_lose_nothing_and_everyone_goes_on(hall_database: str) -> None:
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=CANDIDATES))
        writers = writers_at(hall.url, CANDIDATES)
        for _ in range(3):
            with at_work(writers) as wait:
                wait(0.8)
                hall.kill()
                wait(0.2)
                hall.start()
                wait(0.3)
        assert min(writer.saves for writer in writers) > 0
        assert missing(writers, whole_log(hall.url)) == []
        finish_all(writers, hall.url)
    finally:
        hall.stop()


def test_the_comparison_itself_finds_an_answer_that_was_lost(hall_database: str) -> None:
    """The control: the same check must fail when an acknowledged answer is really gone."""
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=1))
        (writer,) = writers_at(hall.url, 1)
        assert writer.browser.save("100", "B").status_code == 200
        writer.told = {("100", 1): "B", ("103", 1): "C"}
        assert missing([writer], whole_log(hall.url)) == [("p1-s0", "103", 1, "C")]
    finally:
        hall.stop()


def test_a_receipt_given_before_the_kill_is_the_same_afterwards(hall_database: str) -> None:
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=2))
        first, second = Browser(hall.url).start(), Browser(hall.url, 1).start()
        first.save("100", "B")
        receipt = first.hand_in().json()["receipt"]
        hall.kill()
        hall.start()
        assert first.hand_in().json()["receipt"] == receipt
        assert first.save("100", "C").status_code == 410
        assert second.save("100", "A").status_code == 200
    finally:
        hall.stop()
