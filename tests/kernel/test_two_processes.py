"""Two processes of the office on one SQLite file come one after the other; who came too late reads a sentence."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from testbed import migrated

from assay.kernel import contention

LONGER_THAN_ALL_TRIES_S = 0.7
"""Of an act that does not wait for another process."""


class Office:
    def __init__(self, var: Path) -> None:
        environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{var / 'office.sqlite3'}", "ASSAY_VAR": str(var),
            "ASSAY_SECRETS": str(var / "secrets.json"), "DJANGO_SETTINGS_MODULE": "assay.office.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kernel.office_process"], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, *what: object) -> None:
        assert self.process.stdin is not None
        print(json.dumps(what), file=self.process.stdin, flush=True)

    def said(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def asked(self, *what: object) -> Any:
        self.tell(*what)
        return self.said()

    def end(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("offices")
    (made / "static").mkdir()
    migrated.into(made / "office.sqlite3")
    return made


@pytest.fixture(scope="module")
def offices(var: Path) -> Iterator[tuple[Office, Office]]:
    pair = Office(var), Office(var)
    yield pair
    for office in pair:
        office.end()


def kept(var: Path, batch: int) -> tuple[str, int]:
    """The stage of the batch, and how many entries of the ledger tell of its moving."""
    with closing(sqlite3.connect(var / "office.sqlite3")) as read:
        [stage] = read.execute("SELECT stage FROM batches_batch WHERE id = ?", [batch]).fetchone()
        [entries] = read.execute(
            "SELECT count(*) FROM kernel_ledgerentry JOIN kernel_ledgerline ON entry_id = seq"
            " WHERE act = 'batches.advance' AND subject = 'batches.batch' AND subject_id = ?",
            [str(batch)],
        ).fetchone()
    return stage, entries


def met(offices: tuple[Office, Office], how: str, *patience: int) -> tuple[int, Any, Any]:
    """A batch, and what came of it that the first office moves it on, and the second meanwhile."""
    first, second = offices
    world = first.asked("world")
    for office, person in zip(offices, world["people"], strict=True):
        office.asked(how, world["batch"], person)
    began = first.asked("hold"), second.asked("move", *patience)
    told = second.said() if patience else None
    if told is None:
        time.sleep(LONGER_THAN_ALL_TRIES_S)
    first.tell("on")
    ended = first.said(), told or second.said()
    assert began == ("within", "begins"), ended
    return world["batch"], *ended


@pytest.mark.parametrize("how", ["by_act", "by_page"])
def test_of_two_who_move_a_batch_at_the_same_time_one_does_and_the_other_reads_why_not(
    var: Path, offices: tuple[Office, Office], how: str
) -> None:
    batch, [first, _], [second, sentence] = met(offices, how)
    assert (first, second) == ("done", "refused"), sentence
    assert "您的改动没有写入，请看过再办理" in sentence
    assert kept(var, batch) == ("apply", 1)


def test_who_waits_for_another_process_too_long_reads_so(var: Path, offices: tuple[Office, Office]) -> None:
    batch, [first, _], second = met(offices, "by_act", 50)
    assert (first, second) == ("done", ["refused", contention.BUSY])
    assert kept(var, batch) == ("apply", 1)
