"""`assay serve`: the office, the hall, the gateway (and the stand-in) as processes of their own, kept running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

from assay.cli.office import prepare

LONGEST_PAUSE_S = 30.0


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


def programs(*, host: str, port: int, hall_port: int, standin: bool, standin_port: int = 8002) -> list[Program]:
    """What `assay serve` runs; addresses and secrets reach the children by environment."""
    from django.conf import settings

    local = "127.0.0.1"
    hall_url = f"http://{local}:{hall_port}"
    # Browsers must reach the hall under the machine's own name; the office reaches it locally.
    office_environment = {
        "ASSAY_HALL_URL": hall_url,
        "ASSAY_HALL_SECRET": settings.HALL_SECRET,
        "ASSAY_HALL_PUBLIC_PORT": str(hall_port),
    }
    if standin:
        office_environment["ASSAY_PROVINCE_URL"] = f"http://{local}:{standin_port}"
    bin_dir = Path(sys.executable).parent
    office = [
        str(bin_dir / "gunicorn"), "assay.office.wsgi:application", "--bind", f"{host}:{port}", "--workers", "2",
        "--worker-class", "gthread", "--threads", "4", "--timeout", "120", "--log-level", "warning",
    ]  # fmt: skip
    found = [
        Program("教务端", office, office_environment),
        Program("考试端", [sys.executable, "-m", "assay.hall"], hall_environment(host, hall_port)),
        Program("省平台通道", [sys.executable, "-m", "assay.cli.main", "gateway", "run"], office_environment),
    ]
    if standin:
        found.append(
            Program("省平台演示站", [sys.executable, "-m", "assay.standin"], standin_environment(host, standin_port))
        )
    return found


def hall_environment(host: str, port: int, database: str | None = None) -> dict[str, str]:
    """Settings of the hall: its own store beside the office's data."""
    from django.conf import settings

    return {
        "ASSAY_HALL_SECRET": settings.HALL_SECRET,
        "ASSAY_HALL_DATABASE": database or os.environ.get("ASSAY_HALL_DATABASE") or str(settings.VAR / "hall.sqlite3"),
        "ASSAY_HALL_HOST": host,
        "ASSAY_HALL_PORT": str(port),
    }


def standin_environment(host: str, port: int, *, approve: bool = False) -> dict[str, str]:
    """Settings of the stand-in; `approve` makes it approve whatever comes in."""
    from django.conf import settings

    return {
        "ASSAY_STANDIN_DATABASE": str(settings.VAR / "standin.sqlite3"),
        "ASSAY_STANDIN_HOST": host,
        "ASSAY_STANDIN_PORT": str(port),
        "ASSAY_STANDIN_TOKEN": settings.PROVINCE_TOKEN,
        **({"ASSAY_STANDIN_AUTO": "approve"} if approve else {}),
    }


def serve(*, host: str, port: int, hall_port: int, standin: bool | None) -> int:
    """Run everything until SIGINT or SIGTERM; children are stopped in turn."""
    prepare()
    from assay.centre.models import Centre

    demo = Centre.objects.filter(is_demo=True).exists()
    running = programs(host=host, port=port, hall_port=hall_port, standin=demo if standin is None else standin)
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    _greet(host, port, hall_port, demo)
    while not stopping:
        for program in running:
            program.look_after(time.monotonic())
        time.sleep(0.5)
    for program in running:
        program.stop()
    for program in running:
        program.wait(15)
    return 0


def _greet(host: str, port: int, hall_port: int, demo: bool) -> None:
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    click.echo(f"考评通已启动：http://{shown}:{port}/   考试端：http://{shown}:{hall_port}/")
    if demo:
        from assay.demo.signs import sign_ins

        click.echo("演示账号（口令均为 demo-2026-assay）：")
        for username, title in sign_ins():
            click.echo(f"  {username:<14}{title}")
    click.echo("按 Ctrl+C 停止。")


def run_standin(host: str, port: int) -> None:
    """Replace this process by the stand-in."""
    prepare()
    os.environ.update(standin_environment(host, port))
    os.execv(sys.executable, [sys.executable, "-m", "assay.standin"])  # noqa: S606
