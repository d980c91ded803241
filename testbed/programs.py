"""The hall and the office as processes of their own, to be killed in the middle of their work."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assay.bridge.trust import well_known
from assay.office.programs import GIVES_WAY, LOCAL, free_port
from testbed.nursery import Child, Nursery


@dataclass
class Process:
    """A program that answers at `url`; started, killed, started again on the same port."""

    command: list[str]
    environment: dict[str, str]
    url: str
    health: str
    trust: ssl.SSLContext = field(default_factory=well_known)
    nursery: Nursery | None = None
    """Where it is born, if not as a new process of ours."""
    process: subprocess.Popen[bytes] | Child | None = field(default=None, init=False)

    def start(self, seconds: float = 30.0) -> None:
        """Start and wait until it answers."""
        environment = {**os.environ, **self.environment}
        self.process = (
            self.nursery.child(environment) if self.nursery else subprocess.Popen(self.command, env=environment)
        )
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command} ended with {self.process.returncode}")
            try:
                if httpx.get(self.url + self.health, timeout=2, trust_env=False, verify=self.trust).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.command} does not answer")

    def kill(self) -> None:
        """As a power cut would: SIGKILL, no goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()


nursery_of_halls: list[Nursery] = []
"""Where halls come from in a test run: none, or one."""


def hall(database: str, secret: str, port: int | None = None) -> Process:
    """The hall over an SQLite path or a postgresql:// URL."""
    port = port or free_port()
    environment = {
        "ASSAY_HALL_DATABASE": database,
        "ASSAY_HALL_SECRET": secret,
        "ASSAY_HALL_HOST": LOCAL,
        "ASSAY_HALL_PORT": str(port),
    }
    command, url = [sys.executable, "-m", "assay.hall"], f"http://{LOCAL}:{port}"
    return Process(command, environment, url, "/health", nursery=next(iter(nursery_of_halls), None))


def office(database: str, var: Path, extra: dict[str, str] | None = None, port: int | None = None) -> Process:
    """The office with one process."""
    port = port or free_port()
    environment = {
        "DATABASE_URL": database,
        "ASSAY_VAR": str(var),
        "ASSAY_SECRETS": str(var / "secrets.json"),
        "DJANGO_SETTINGS_MODULE": "assay.office.settings",
        "ASSAY_OFFICE_HOST": LOCAL,
        "ASSAY_OFFICE_PORT": str(port),
        "ASSAY_OFFICE_PROCESSES": "1",
        **(extra or {}),
    }
    command = [*GIVES_WAY, sys.executable, "-m", "assay.office"]
    return Process(command, environment, f"http://{LOCAL}:{port}", "/sign-in/")


def standin(database: Path, token: str, *, approve: bool = False, port: int | None = None) -> Process:
    """The provincial stand-in."""
    port = port or free_port()
    environment = {
        "ASSAY_STANDIN_DATABASE": str(database),
        "ASSAY_STANDIN_HOST": LOCAL,
        "ASSAY_STANDIN_PORT": str(port),
        "ASSAY_STANDIN_TOKEN": token,
        "ASSAY_STANDIN_AUTO": "approve" if approve else "",
    }
    return Process([sys.executable, "-m", "assay.standin"], environment, f"http://{LOCAL}:{port}", "/api/v1/health")
