"""The bank with 10,000 items in one specification: how long its pages take, each asked for several times."""

from __future__ import annotations

import tempfile
from pathlib import Path

from testbed.postgresql import Postgresql

from bench.halls import Row, rows
from bench.office import measured_in

ITEMS = 10_000


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"sqlite:///{folder}/office.sqlite3", Path(folder), seconds)


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server, tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("postgresql", server.url("office"), Path(folder), seconds)


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str, var: Path, seconds: float) -> list[Row]:
    found = measured_in(database, var, "bench.items_office", str(ITEMS), str(seconds))
    return rows(case, *((f"{what}_p95_ms", value, "ms") for what, value in found.items()))
