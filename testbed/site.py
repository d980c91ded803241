"""A whole site as processes: office, hall, stand-in and gateway over one data folder, at a day of one's choosing."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

from testbed import programs

TOKEN = "testbed-province"
SECRET = "testbed-hall"


class Site:
    """The hall and the stand-in run all the time; the office and the gateway are started anew for another day."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.database = f"sqlite:///{var / 'office.sqlite3'}"
        self._ports = {name: programs.free_port() for name in ("office", "hall", "standin")}
        self.hall = programs.hall(str(var / "hall.sqlite3"), SECRET, self._ports["hall"])
        self.province = programs.standin(var / "standin.sqlite3", TOKEN, port=self._ports["standin"])
        self._office: programs.Process | None = None
        self._gateway: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{programs.LOCAL}:{self._ports['office']}"

    def _environment(self, at: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database,
            "ASSAY_VAR": str(self.var),
            "ASSAY_SECRETS": str(self.var / "secrets.json"),
            "ASSAY_HALL_URL": self.hall.url,
            "ASSAY_HALL_PUBLIC_URL": self.hall.url,
            "ASSAY_HALL_SECRET": SECRET,
            "ASSAY_PROVINCE_URL": self.province.url,
            "ASSAY_PROVINCE_TOKEN": TOKEN,
            "ASSAY_REHEARSAL_CLOCK": at,
            "DJANGO_SETTINGS_MODULE": "assay.office.settings",
        }

    def command(self, *arguments: str) -> None:
        """Run `assay …` on the site's data in real time."""
        command = [str(Path(sys.executable).parent / "assay"), *arguments]
        environment = {**os.environ, **self._environment("")}
        environment.pop("DATABASE_URL")
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    def open(self) -> None:
        self.hall.start()
        self.province.start()

    def begin(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Let the office live from that moment in Shanghai on."""
        self._close_office()
        at = datetime(day.year, day.month, day.day, hour, minute).isoformat() + "+08:00"
        self._office = programs.office(self.database, self.var, self._environment(at), self._ports["office"])
        self._office.start()
        gateway = [str(Path(sys.executable).parent / "assay"), "gateway", "run", "--every", "0.5"]
        self._gateway = subprocess.Popen(gateway, env={**os.environ, **self._environment(at)})

    def _close_office(self) -> None:
        if self._gateway is not None:
            self._gateway.terminate()
            self._gateway.wait(15)
        if self._office is not None:
            self._office.stop()

    def close(self) -> None:
        self._close_office()
        self.hall.stop()
        self.province.stop()
