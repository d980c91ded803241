"""The bank with 10,000 items in one specification: how long its pages take, each asked for several times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from testbed.postgresql import Postgresql

from bench.halls import Row, rows

ITEMS = 10_000


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"sqlite:///{folder}/office.sqlite3", Path(folder), seconds)


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server, tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("postgresql", server.url("office"), Path(folder), seconds)


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str, var: Path, seconds: float) -> list[Row]:
    """In a process of its own: Django takes its settings once."""
    environment = {
        **os.environ, "DATABASE_URL": database, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json"),
        "DJANGO_SETTINGS_MODULE": "assay.office.settings",
    }  # fmt: skip
    subprocess.run(
        [str(Path(sys.executable).parent / "assay"), "demo", "--candidates", "0"],
        env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bench.items_office", str(ITEMS), str(seconds)],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return rows(case, *((f"{what}_p95_ms", value, "ms") for what, value in found.items()))
