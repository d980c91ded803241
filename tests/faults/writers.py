"""Candidates who save as fast as it goes, and the comparison of what they were told with what is kept."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from assay.bridge.client import HallClient
from assay.bridge.contract import LogEntry, sheet_digest
from tests.hall.candidate import Browser

SECRET = "faults-secret"


@dataclass
class Writer:
    """A candidate who saves as fast as it goes and notes every answer that was acknowledged: (item, revision) → choice."""

    browser: Browser
    sitting: str = ""
    told: dict[tuple[str, int], str] = field(default_factory=dict)
    sent: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def saves(self) -> int:
        return len(self.told)

    def finals(self) -> dict[str, tuple[int, str]]:
        """The last acknowledged answer of each item."""
        return {item: (rev, choice) for (item, rev), choice in sorted(self.told.items(), key=lambda one: one[0][1])}

    def is_kept(self, answers: Mapping[str, tuple[int, str]]) -> bool:
        """Each item has what was acknowledged last, or something sent after it: that was stored, and only the word of it was
        lost when the server died."""
        return all(
            item in answers and answers[item][0] >= rev and self.sent.get((item, answers[item][0])) == answers[item][1]
            for item, (rev, _) in self.finals().items()
        )

    def work(self, stop: threading.Event, seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            number = chance.randrange(12)
            item, choice = (
                str(100 + number),
                "对" if number % 3 == 1 else "AB" if number % 3 == 2 else chance.choice("ABCD"),
            )
            self.sent[(item, self.browser.revs.get(item, 0) + 1)] = choice
            try:
                reply = self.browser.save(item, choice)
            except httpx.HTTPError:
                stop.wait(0.02)
                continue
            if reply.status_code == 200:
                self.told[(item, self.browser.revs[item])] = choice
            elif reply.status_code == 503:
                stop.wait(0.05)


def whole_log(url: str) -> list[LogEntry]:
    """Every entry of the log."""
    found: list[LogEntry] = []
    with HallClient(url, SECRET.encode()) as office:
        while part := office.log("p1", found[-1].seq if found else 0):
            found += part
    return found


def missing(writers: Sequence[Writer], log: Sequence[LogEntry]) -> list[tuple[str, str, int, str]]:
    """Acknowledged answers that the log does not hold, byte for byte."""
    kept = {(e.sitting, e.item, e.rev, e.choice) for e in log}
    said = [(w.sitting, item, rev, choice) for w in writers for (item, rev), choice in w.told.items()]
    return [answer for answer in said if answer not in kept]


def writers_at(url: str, count: int) -> list[Writer]:
    """Candidates 0 … count-1 of pack p1, signed in and started."""
    return [Writer(Browser(url, n).start(), f"p1-s{n}") for n in range(count)]


def finish_all(writers: Sequence[Writer], url: str) -> None:
    """Everybody goes on with the token of before, and hands in; what is collected is what each was told last."""
    shown: dict[str, dict[str, tuple[int, str]]] = {}
    for writer in writers:
        answers = writer.browser.state()["answers"]
        shown[writer.sitting] = {item: (rev, choice) for item, (rev, choice) in answers.items()}
        assert writer.is_kept(shown[writer.sitting])
        assert writer.browser.hand_in().status_code == 200
    with HallClient(url, SECRET.encode()) as office:
        collected = {s.sitting: s for s in office.collect("p1").sittings}
    for writer in writers:
        sitting = collected[writer.sitting]
        assert {item: choice for item, (_, choice) in shown[writer.sitting].items() if choice} == sitting.answers
        assert sitting.sheet_digest == sheet_digest(sitting.sitting, sitting.answers)


@contextmanager
def at_work(writers: Sequence[Writer]) -> Iterator[Callable[[float], None]]:
    """All writers save in threads of their own; what is given waits so many seconds meanwhile."""
    stop = threading.Event()
    threads = [threading.Thread(target=w.work, args=(stop, n)) for n, w in enumerate(writers)]
    for thread in threads:
        thread.start()
    try:
        yield time.sleep
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
