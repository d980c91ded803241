"""The hall is killed in the middle of an exam and comes back: no acknowledged answer is missing, candidates go on."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import httpx
import pytest
from testbed import programs

from assay.hall.client import HallClient
from assay.hall.contract import LogEntry
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
SECRET = "faults-secret"
CANDIDATES = 6


@dataclass
class Writer:
    """A candidate who saves as fast as it goes and notes what was acknowledged."""

    browser: Browser
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)
    saves: int = 0

    def work(self, stop: threading.Event, seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            number = chance.randrange(12)
            item, choice = (
                str(100 + number),
                "对" if number % 3 == 1 else "AB" if number % 3 == 2 else chance.choice("ABCD"),
            )
            try:
                reply = self.browser.save(item, choice)
            except httpx.HTTPError:
                stop.wait(0.02)
                continue
            if reply.status_code == 200:
                self.acknowledged[item] = (self.browser.revs[item], choice)
                self.saves += 1


def whole_log(url: str) -> list[LogEntry]:
    with HallClient(url, SECRET.encode()) as office:
        return office.log("p1")


def missing(writers: list[Writer], log: list[LogEntry]) -> list[tuple[str, str, int, str]]:
    """Acknowledged answers that the log does not hold."""
    kept = {(e.sitting, e.item, e.rev, e.choice) for e in log}
    said = [
        (f"p1-s{n}", item, rev, choice)
        for n, writer in enumerate(writers)
        for item, (rev, choice) in writer.acknowledged.items()
    ]
    return [answer for answer in said if answer not in kept]


def test_kill_and_restart_lose_nothing_and_everyone_goes_on(hall_database: str) -> None:
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=CANDIDATES))
        writers = [Writer(Browser(hall.url, n).start()) for n in range(CANDIDATES)]
        for _ in range(3):
            stop = threading.Event()
            threads = [threading.Thread(target=w.work, args=(stop, n)) for n, w in enumerate(writers)]
            for thread in threads:
                thread.start()
            stop.wait(0.8)
            hall.kill()
            stop.wait(0.2)
            hall.start()
            stop.wait(0.3)
            stop.set()
            for thread in threads:
                thread.join(20)
        assert min(writer.saves for writer in writers) > 0
        assert missing(writers, whole_log(hall.url)) == []
        for writer in writers:  # with the token of before: nobody has to sign in again
            answers = writer.browser.state()["answers"]
            assert {i: tuple(a) for i, a in answers.items()}.items() >= writer.acknowledged.items()
            assert writer.browser.hand_in().status_code == 200
        with HallClient(hall.url, SECRET.encode()) as office:
            collected = {s.sitting: s for s in office.collect("p1").sittings}
        for n, writer in enumerate(writers):
            assert {i: c for i, (_, c) in writer.acknowledged.items()}.items() <= collected[f"p1-s{n}"].answers.items()
    finally:
        hall.stop()


def test_the_comparison_itself_finds_an_answer_that_was_lost(hall_database: str) -> None:
    """The control: the same check must fail when an acknowledged answer is really gone."""
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=1))
        writer = Writer(Browser(hall.url).start())
        assert writer.browser.save("100", "B").status_code == 200
        writer.acknowledged = {"100": (1, "B"), "103": (1, "C")}
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
