"""A PostgreSQL of one's own: a fresh cluster in a folder, on a free port of this machine, gone afterwards."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.office.programs import free_port

USER = "assay"


def _programs() -> Path:
    """Where this machine keeps PostgreSQL's own programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if found:
        return Path(found[-1])
    here = shutil.which("initdb")
    if here is None:
        raise RuntimeError("PostgreSQL is not installed: run scripts/setup dev")
    return Path(here).parent


class Postgresql:
    """Use as a context manager; `url(name)` makes an empty database and gives its URL."""

    def __init__(self, folder: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        """In a folder of its own, or in `folder` (an empty one); with settings of postgresql.conf."""
        self._settings = {"shared_buffers": "128MB", "max_connections": "60", **(settings or {})}
        self._bin = _programs()
        self._folder = folder or Path(tempfile.mkdtemp(prefix="assay-postgresql-"))
        self._password = secrets.token_urlsafe(12)
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            os.chown(self._folder, pwd.getpwnam("postgres").pw_uid, -1)
        secret = self._folder / "password"
        secret.write_text(self._password)
        secret.chmod(0o644)
        self._run(
            "initdb",
            "-D",
            str(self._data),
            "-U",
            USER,
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._run("pg_ctl", "-D", str(self._data), "stop", "-m", "immediate")
            self._server.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _as_owner(self, program: str, *arguments: str) -> list[str]:
        """PostgreSQL refuses to run as root."""
        command = [str(self._bin / program), *arguments]
        return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(self._as_owner(program, *arguments), check=True, capture_output=True, cwd=self._folder)

    def start(self) -> None:
        """Start the server (again) and wait until it answers."""
        self._server = subprocess.Popen(
            self._as_owner(
                "postgres", "-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder),
                *(part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")),
            ),
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends = time.monotonic() + 30
        while subprocess.run([self._bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if time.monotonic() > ends:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.1)

    def start_again(self) -> None:
        """Start the server if it gave up."""
        if self._server is None or self._server.poll() is not None:
            self.start()

    def kill(self) -> None:
        """As a power cut would: SIGKILL for the server and every process of it."""
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._server is not None:
            self._server.wait(30)

    def freeze(self, *, on: bool) -> None:
        """Stop every process of the server in its tracks (or let them go on): a disk that hangs."""
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if on else signal.SIGCONT)
        if not on and self._server is not None:
            self._server.send_signal(signal.SIGCONT)  # runuser stops when its child does

    def _pids(self) -> list[int]:
        leader = (self._data / "postmaster.pid").read_text().split()[0]
        ours = subprocess.run(["pgrep", "-P", leader], capture_output=True, text=True).stdout.split()
        return [int(leader), *map(int, ours)]

    def url(self, name: str) -> str:
        """The URL of a new, empty database."""
        environment = {**os.environ, "PGPASSWORD": self._password}
        command = [str(self._bin / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, name]
        subprocess.run(command, check=True, capture_output=True, env=environment)
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{name}"
