"""Marking 100,000 papers of 100 items in one pass: from what the hall hands over (JSON) to marks, sheets and the ledger in
the office's database, digests checked on the way. Candidates and seats are put into an empty database beforehand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from testbed.postgresql import Postgresql

from bench.halls import Row, rows

SITTINGS = 100_000


def sqlite(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("sqlite", f"sqlite:///{folder}/office.sqlite3", Path(folder))


def postgresql(seconds: float) -> list[Row]:
    with Postgresql() as server, tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        return _measured("postgresql", server.url("office"), Path(folder))


CASES = {"sqlite": sqlite, "postgresql": postgresql}


def _measured(case: str, database: str, var: Path) -> list[Row]:
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
        [sys.executable, "-m", "bench.marking_office", str(SITTINGS)],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return rows(
        case,
        ("seconds", found["seconds"], "s"),
        ("papers", found["papers"], ""),
        ("papers_per_s", round(found["papers"] / found["seconds"], 1), "1/s"),
        ("marking_alone_s", found["marking_alone"], "s"),
    )
