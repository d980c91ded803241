"""An empty office's database as the migrations leave it, made once for the code as it stands: making it takes ten seconds, and a dozen
programs of a test run need one of their own."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path

import django

OLD_S = 24 * 3600
SOURCES = Path(__file__).parents[1] / "src"


def into(database: Path) -> Path:
    """Put it where an office keeps its own."""
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made(), database)
    database.chmod(0o600)
    return database


@cache
def made() -> Path:
    """The file; for the same sources, one for all processes of this machine."""
    place = Path(tempfile.gettempdir()) / f"assay-migrated-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    database = place / f"{_digest()}.sqlite3"
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            for former in place.glob("*.sqlite3"):
                if (
                    time.time() - former.stat().st_mtime > OLD_S
                ):  # a younger one may be another checkout's, at work beside this one
                    former.unlink()
            _make(database)
    return database


def _digest() -> str:
    """Of all sources, for migrations call what rooms know."""
    digest = hashlib.sha256(f"{sys.version} {django.__version__}".encode())
    for source in sorted(SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:32]


def _make(database: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-migrated-") as folder:
        made = Path(folder) / "office.sqlite3"
        environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{made}", "ASSAY_VAR": folder,
            "ASSAY_SECRETS": f"{folder}/secrets.json", "DJANGO_SETTINGS_MODULE": "assay.office.settings",
            "PYTHONPATH": str(SOURCES),
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # as a copy in memory needs it; an office sets its own
        shutil.copyfile(made, database.with_suffix(".new"))
    database.with_suffix(".new").rename(database)
