"""What the service writes is for nobody else on its machine, and what lay open before is closed at the start."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testbed import programs

from assay.bridge.client import HallClient
from assay.front import private_folder
from assay.hall.store.opening import file_of
from tests.hall.candidate import Browser
from tests.hall.packs import pack

SECRET = "tests-hall-secret"


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """As of a shell: others may read what nobody forbids."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def assay(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    environment = {**kept, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json")}
    command = [sys.executable, "-m", "assay.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


def test_everything_that_runs_writes_for_itself_alone(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assay(var, "create-account", "first", "首位管理员", "--password", "faults-password-1")
    style = var / "static" / "school.css"
    style.parent.mkdir(exist_ok=True)
    style.write_text("body { color: black }")
    office = programs.office(f"sqlite:///{var / 'office.sqlite3'}", var)
    hall = programs.hall(str(var / "hall.sqlite3"), SECRET)
    province = programs.standin(var / "standin.sqlite3", "token")
    assay(var, "duties")
    running = (office, hall, province)
    try:
        for program in running:
            program.start()
        with HallClient(hall.url, SECRET.encode()) as client:
            client.publish(pack())
        assert Browser(hall.url).start().save("100", "B").status_code == 200
        assert httpx.get(f"{office.url}/sign-in/", trust_env=False).status_code == 200
        served = httpx.get(f"{office.url}/static/school.css", trust_env=False)
        assert (served.status_code, served.text) == (200, "body { color: black }")
        made = {path.name for path in var.rglob("*")}
        assert {"office.sqlite3", "hall.sqlite3", "hall.sqlite3-wal", "standin.sqlite3", "secrets.json"} <= made
        assert open_to_others(var) == []
    finally:
        for program in running:
            program.stop()


def test_what_lay_open_is_closed_at_the_start_and_programs_stay_programs(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "files" / "ab").mkdir(parents=True)
    for name, mode in (("files/ab/photo", 0o644), ("backup.sql", 0o666), ("nightly.sh", 0o755)):
        (var / name).write_text(name)
        (var / name).chmod(mode)
    outside = tmp_path / "outside"
    outside.write_text("no business of ours")
    (var / "link").symlink_to(outside)
    assay(var, "duties")
    assert [path for path in open_to_others(var) if not path.endswith("/link")] == []
    assert stat.S_IMODE((var / "nightly.sh").stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_what_could_not_be_closed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anothers").write_text("x")

    def forbidden(path: Path, mode: int) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "chmod", forbidden)
    (said,) = private_folder.close_to_others(tmp_path)
    assert "anothers" in said
    assert "无法收紧" in said


def test_a_folder_that_holds_the_program_is_left_alone_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(path: Path, mode: int) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(Path, "chmod", never)
    (said,) = private_folder.close_to_others(private_folder.PROGRAM.parent)
    assert "单独的目录" in said
    assert "单独的目录" in private_folder.close_to_others(Path("/"))[0]


def hall_over(store: Path) -> None:
    """A hall that nothing but its own command started, once it answers."""
    hall = programs.hall(str(store), SECRET)
    hall.start()
    hall.stop()


def left_open(folder: Path) -> Path:
    """A hall's store and something beside it as an earlier version, or a hand, left them."""
    store = folder / "hall.sqlite3"
    hall_over(store)
    (folder / "hall.env").write_text("ASSAY_HALL_SECRET=…")
    for path in (*folder.iterdir(), folder):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return store


def test_a_hall_on_its_own_closes_what_lay_open_around_its_store(tmp_path: Path) -> None:
    folder = tmp_path / "srv" / "hall"
    folder.mkdir(parents=True)
    hall_over(left_open(folder))
    assert open_to_others(folder) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_in_a_folder_that_is_everybodys_a_hall_closes_its_store_alone_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "everybodys"
    folder.mkdir()
    store = left_open(folder)
    folder.chmod(0o1777)
    hall_over(store)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o1777
    assert {Path(path).name for path in open_to_others(folder)} == {"everybodys", "hall.env"}
    (said,) = private_folder.close_around(store)
    assert str(folder) in said
    assert "单独的目录" in said


def test_a_folder_with_things_of_another_owner_is_not_the_halls_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = left_open(tmp_path)
    monkeypatch.setattr(private_folder, "_owner", lambda path, own: own + (path.name == "hall.env"))
    (said,) = private_folder.close_around(store)
    assert "单独的目录" in said
    assert {Path(path).name for path in open_to_others(tmp_path)} == {tmp_path.name, "hall.env"}


def test_a_store_on_a_server_has_no_folder() -> None:
    assert file_of("postgresql://hall@db/hall") == ""
    assert file_of("sqlite:////srv/hall/hall.sqlite3") == "/srv/hall/hall.sqlite3"
