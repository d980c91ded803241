"""The office is killed in the middle of its work: the exam goes on in the hall, and no act is half done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from testbed import migrated, programs
from testbed.postgresql import Postgresql

from assay.bridge.client import HallClient
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
SECRET, PASSWORD = "faults-secret", "faults-password-1"
USER = "first"


@pytest.fixture(params=["sqlite", "postgresql"])
def office_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{migrated.into(tmp_path / 'office.sqlite3')}"
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.url(f"office_{abs(hash(request.node.nodeid)) % 10**9}")


def assay(database: str, var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "ASSAY_VAR": str(var),
        "ASSAY_SECRETS": str(var / "secrets.json"),
    }
    command = [str(Path(sys.executable).parent / "assay"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


class Officer:
    """A browser signed in as the first account, which holds every post."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=20, trust_env=False, follow_redirects=True)
        page = self.client.get("/sign-in/").text
        form = {"csrfmiddlewaretoken": self._token(page), "username": USER, "password": PASSWORD}
        reply = self.client.post("/sign-in/", data=form)
        assert "我的工作台" in reply.text

    @staticmethod
    def _token(page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found
        return found[1]

    def add_department(self, code: str) -> bool:
        """True when the office acknowledged it."""
        page = self.client.get("/centre/departments/add/").text
        form = {"csrfmiddlewaretoken": self._token(page), "code": code, "name": f"部门{code}"}
        reply = self.client.post("/centre/departments/add/", data=form)
        return reply.status_code == 200 and f"部门{code}" in reply.text

    def departments(self) -> str:
        return "".join(self.client.get(f"/centre/departments/?page={n}").text for n in range(1, 4))


def test_the_exam_goes_on_and_every_acknowledged_act_is_whole(office_database: str, tmp_path: Path) -> None:
    made = assay(office_database, tmp_path, "create-account", USER, "首位管理员", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    hall = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    office = programs.office(office_database, tmp_path)
    hall.start()
    office.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as client:
            client.publish(pack(candidates=1))
        candidate = Browser(hall.url).start()
        acknowledged: list[str] = []
        stop = threading.Event()

        officer = Officer(office.url)

        def work() -> None:
            for number in range(500):
                if stop.is_set():
                    return
                try:
                    if officer.add_department(f"K{number:03d}"):
                        acknowledged.append(f"部门K{number:03d}")
                except (httpx.HTTPError, AssertionError):
                    return

        thread = threading.Thread(target=work)
        thread.start()
        stop.wait(2.5)
        office.kill()
        assert candidate.save("100", "B").status_code == 200  # the hall does not need the office
        stop.set()
        thread.join(30)
        office.start()
        assert acknowledged
        shown = Officer(office.url).departments()
        assert [name for name in acknowledged if name not in shown] == []
        assert candidate.state()["answers"] == {"100": [1, "B"]}
    finally:
        office.stop()
        hall.stop()
    checked = assay(office_database, tmp_path, "ledger", "verify")
    assert checked.returncode == 0, checked.stdout
