"""The programs that run beside the office, as child processes: what starts them, keeps them and stops them."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import click
import httpx
from django.conf import settings

from assay.bridge.trust import well_known

LONGEST_PAUSE_S = 30.0
LOCAL = "127.0.0.1"
GIVES_WAY = ("nice", "-n", "5")
"""In front of what runs beside a hall: on a machine that is short of time a candidate's answer comes before a page of the office."""


@dataclass
class Program:
    """A child process that is started again when it ends, with a growing pause."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    resume_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(list(self.command), env={**os.environ, **self.environment})  # noqa: S603

    def look_after(self, now: float) -> None:
        """Start the process again when it has ended and its pause is over."""
        if self.process is not None and self.process.poll() is not None:
            click.echo(f"{self.name} 退出（{self.process.returncode}），将重新启动", err=True)
            self.process = None
            self.failures += 1
            self.resume_at = now + min(2.0**self.failures / 4, LONGEST_PAUSE_S)
        if self.process is None and now >= self.resume_at:
            self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()


Tls = tuple[str, str]
"""Files of a certificate and its key."""
PLAIN: Tls = ("", "")


def _tls(tls: Tls) -> dict[str, str]:
    """Always said: what is set for the office must not reach a hall that is meant to speak plainly."""
    return {"ASSAY_TLS_CERT": tls[0], "ASSAY_TLS_KEY": tls[1]}


def office(host: str, port: int, environment: dict[str, str], processes: int = 2, tls: Tls = PLAIN) -> Program:
    """The office itself, on the settings of this process and what `environment` adds."""
    own = {
        "ASSAY_OFFICE_HOST": host,
        "ASSAY_OFFICE_PORT": str(port),
        "ASSAY_OFFICE_PROCESSES": str(processes),
        **_tls(tls),
    }
    return Program("教务端", [*GIVES_WAY, sys.executable, "-m", "assay.office"], {**environment, **own})


def hall(host: str, port: int, database: str = "", tls: Tls = PLAIN) -> Program:
    """The hall with its own store (VAR/hall.sqlite3 unless told or set by ASSAY_HALL_DATABASE)."""
    store = database or os.environ.get("ASSAY_HALL_DATABASE") or str(settings.VAR / "hall.sqlite3")
    environment = {
        "ASSAY_HALL_SECRET": settings.HALL_SECRET,
        "ASSAY_HALL_DATABASE": store,
        "ASSAY_HALL_HOST": host,
        "ASSAY_HALL_PORT": str(port),
        **_tls(tls),
    }
    return Program("考试端", [sys.executable, "-m", "assay.hall"], environment)


def standin(host: str, port: int, *, approve: bool = False) -> Program:
    """The provincial stand-in, spoken to in the clear on this machine; `approve` makes it approve whatever comes in."""
    environment = {
        "ASSAY_STANDIN_DATABASE": os.environ.get("ASSAY_STANDIN_DATABASE") or str(settings.VAR / "standin.sqlite3"),
        "ASSAY_STANDIN_HOST": host,
        "ASSAY_STANDIN_PORT": str(port),
        "ASSAY_STANDIN_TOKEN": settings.PROVINCE_TOKEN,
        "ASSAY_STANDIN_AUTO": "approve" if approve else "",
        **_tls(PLAIN),
    }
    return Program("省平台演示站", [sys.executable, "-m", "assay.standin"], environment)


_lent: set[int] = set()


def free_port() -> int:
    """A port of this machine that nobody uses now, another one each time: the program that got the last one may not have
    begun to listen. It lies below the ports that the system lends to connections: one of those could be taken, even by a
    client that knocks at it, while the program behind it is being started again."""
    for port in random.sample(range(20_000, 32_000), 200):
        if port in _lent:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOCAL, port))
            _lent.add(port)
            return port
    raise RuntimeError("no port is free")


def wait_until_up(program: Program, url: str, seconds: float = 30.0) -> None:
    """Return once `url` answers 200. RuntimeError when the program ends or stays silent."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if program.process is not None and program.process.poll() is not None:
            raise RuntimeError(f"{program.name} 没有启动成功（退出码 {program.process.returncode}）")
        try:
            if httpx.get(url, timeout=2, trust_env=False, verify=well_known()).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"{program.name} {seconds:.0f} 秒内没有答复")
