"""Marking 100,000 papers of 100 items in one pass: from what the hall hands over (JSON) to marks, sheets and the ledger in
the office's database, digests checked on the way. Candidates and seats are put into an empty database beforehand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from testbed.postgresql import Postgresql

from bench.halls import Row, rows
from bench.office import measured_in

SITTINGS = 100_000


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"sqlite:///{folder}/office.sqlite3", Path(folder))


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server, tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("postgresql", server.url("office"), Path(folder))


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str, var: Path) -> list[Row]:
    found = measured_in(database, var, "bench.marking_office", str(SITTINGS))
    return rows(
        case,
        ("seconds", found["seconds"], "s"),
        ("papers", found["papers"], ""),
        ("papers_per_s", round(found["papers"] / found["seconds"], 1), "1/s"),
        ("marking_alone_s", found["marking_alone"], "s"),
    )
