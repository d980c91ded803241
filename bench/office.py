"""The office as the benches measure it: the demo's school without a batch, and a program that measures in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured_in(database: str, var: Path, program: str, *arguments: str) -> dict[str, Any]:
    """What `program` (a module of the benches) prints last, as JSON. In a process of its own: Django takes its settings once."""
    environment = {
        **os.environ, "DATABASE_URL": database, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json"),
        "DJANGO_SETTINGS_MODULE": "assay.office.settings",
    }  # fmt: skip
    subprocess.run(
        [str(Path(sys.executable).parent / "assay"), "demo", "--candidates", "0"],
        env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
