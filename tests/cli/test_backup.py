"""A backup is whole and opens only with the secrets, which are not in it; what is missing or spoilt is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from testbed import migrated, programs

from assay.bridge.client import HallClient
from tests.hall.packs import pack

SECRET = "tests-hall-secret"
KEEP = """
from assay.cli.office import setup
setup()
from assay.kernel import files
print(files.keep(b"%PDF-1.7 a diploma").sha256)
"""


class School:
    """One data folder and its secrets file, which lies elsewhere."""

    def __init__(self, var: Path, secrets: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        self.var, self.environment = var, {**kept, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(secrets)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, *command]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, timeout=120)

    def assay(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "assay.cli.main", *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backup")


@pytest.fixture(scope="module")
def school(folder: Path) -> School:
    made = School(folder / "var", folder / "secrets.json")
    migrated.into(made.var / "office.sqlite3")
    assert made.assay("create-account", "first", "首位管理员", "--password", "faults-password-1").returncode == 0
    assert len(made.run("-c", KEEP).stdout.strip()) == 64
    return made


@pytest.fixture(scope="module")
def copy(school: School, folder: Path) -> Path:
    """Made while the hall is at work."""
    hall = programs.hall(str(school.var / "hall.sqlite3"), SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack())
        done = school.assay("backup", str(folder / "copy"))
        assert done.returncode == 0, done.stderr
        assert "另行备份，分开保管" in done.stdout
    finally:
        hall.stop()
    return folder / "copy"


def test_the_copy_holds_everything_but_the_secrets_and_can_be_put_back(
    school: School, copy: Path, folder: Path
) -> None:
    lies = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    assert b"a diploma" not in lies
    secrets = json.loads((folder / "secrets.json").read_text()).values()
    assert not any(str(value).encode() in lies for value in secrets)
    assert all(path.stat().st_mode & 0o077 == 0 for path in copy.rglob("*"))
    again = School(folder / "again", folder / "secrets.json")
    done = again.assay("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert again.assay("ledger", "verify").returncode == 0
    hall = programs.hall(str(again.var / "hall.sqlite3"), SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            assert office.collect("p1").pack_id == "p1"
    finally:
        hall.stop()
    refused = again.assay("restore", str(copy))
    assert refused.returncode == 1
    assert "已有" in refused.stderr


def test_what_is_missing_or_spoilt_is_named(school: School, copy: Path, folder: Path) -> None:
    spoilt = folder / "spoilt"
    shutil.copytree(copy, spoilt)
    assert school.assay("restore", "--check", str(spoilt)).returncode == 0
    (kept,) = (spoilt / "files").glob("??/*")
    kept.write_bytes(kept.read_bytes()[:-1])
    (spoilt / "hall.sqlite3").unlink()
    done = school.assay("restore", "--check", str(spoilt))
    assert done.returncode == 1
    assert "hall.sqlite3 不见了" in done.stderr
    assert f"{kept.name} 被改动或不完整" in done.stderr
    assert "后面一部分已丢失" in done.stderr
    (spoilt / "backup.json").unlink()
    assert "备份没有做完" in school.assay("restore", "--check", str(spoilt)).stderr


def test_with_other_secrets_it_does_not_open_and_the_check_says_so(copy: Path, folder: Path) -> None:
    stranger = School(folder / "strange", folder / "others.json")
    assert stranger.run("-c", "from assay.cli.office import setup; setup()").returncode == 0
    done = stranger.assay("restore", "--check", str(copy))
    assert done.returncode == 1
    assert "没有备份所用的个人信息加密第 1 号密钥" in done.stderr
    assert "另一套密钥" in done.stderr
    assert not (folder / "strange" / "office.sqlite3").exists()


def test_without_the_secrets_of_then_nothing_is_put_back_and_none_are_made(copy: Path, folder: Path) -> None:
    bare = School(folder / "bare", folder / "bare" / "secrets.json")
    refused = bare.assay("restore", str(copy))
    assert refused.returncode == 1
    assert f"没有密钥文件 {folder / 'bare' / 'secrets.json'}" in refused.stderr
    assert not (folder / "bare").exists()


def test_a_backup_goes_into_a_new_folder_outside_the_data(school: School, copy: Path) -> None:
    assert "不是空目录" in school.assay("backup", str(copy)).stderr
    assert "不能放在数据目录里" in school.assay("backup", str(school.var / "copy")).stderr


OUTSIDE = "a stranger's key"
Prepared = Callable[[dict[str, Any]], None]


def prepared(copy: Path, medium: Path, change: Prepared) -> Path:
    """The backup as somebody hands it back who had it in hand."""
    shutil.copytree(copy, medium)
    said = json.loads((medium / "backup.json").read_text())
    change(said)
    (medium / "backup.json").write_text(json.dumps(said))
    return medium


def unsigned(said: dict[str, Any]) -> None:
    """As earlier versions wrote it."""
    del said["authenticated"]


def all_below(place: Path) -> set[str]:
    return {str(path.relative_to(place)) for path in place.rglob("*")}


@pytest.mark.parametrize(
    "name",
    [
        "../.ssh/authorized_keys",
        "files/../../.ssh/authorized_keys",
        "/{outside}",
        "secrets.json",
        "static/own.js",
        "files/ab/short",
        f"files/ab/{'cd' * 32}",
        f"files/AB/{'AB' * 32}",
        f"./files/ab/{'ab' * 32}",
        "office.sqlite3-wal",
    ],
)
def test_only_what_a_backup_holds_is_put_back_whoever_vouches_for_it(
    copy: Path, folder: Path, tmp_path: Path, name: str
) -> None:
    entry = name.replace("/{outside}", str(tmp_path / "outside"))

    def change(said: dict[str, Any]) -> None:
        unsigned(said)
        said["files"] = {entry: sha256(OUTSIDE.encode()).hexdigest(), **said["files"]}

    medium = prepared(copy, tmp_path / "in" / "medium", change)
    lies = medium / entry
    lies.parent.mkdir(parents=True, exist_ok=True)
    lies.write_text(OUTSIDE)
    again = School(tmp_path / "place" / "var", folder / "secrets.json")
    for options in (("--check",), ()):
        done = again.assay("restore", "--unsigned", *options, str(medium))
        assert done.returncode == 1, done.stdout
        assert f'"{entry}" 不是备份里会有的文件' in done.stderr
        assert "备份完整" not in done.stdout
    assert not all_below(tmp_path / "place") - {"var"}


@pytest.mark.parametrize("place", ["office.sqlite3", "files"])
def test_what_lies_behind_a_link_is_not_put_back(copy: Path, folder: Path, tmp_path: Path, place: str) -> None:
    medium = tmp_path / "medium"
    shutil.copytree(copy, medium)
    (medium / place).rename(tmp_path / "elsewhere")
    (medium / place).symlink_to(tmp_path / "elsewhere")
    again = School(tmp_path / "var", folder / "secrets.json")
    done = again.assay("restore", str(medium))
    assert done.returncode == 1
    assert "是链接" in done.stderr
    assert place in done.stderr
    assert not all_below(tmp_path / "var")


def test_a_list_that_another_hand_changed_is_not_ours_and_nothing_is_put_back(
    copy: Path, folder: Path, tmp_path: Path
) -> None:
    def change(said: dict[str, Any]) -> None:
        said["files"]["hall.sqlite3"] = sha256(OUTSIDE.encode()).hexdigest()

    medium = prepared(copy, tmp_path / "medium", change)
    (medium / "hall.sqlite3").write_text(OUTSIDE)
    again = School(tmp_path / "var", folder / "secrets.json")
    for options in ((), ("--unsigned",), ("--check",)):
        done = again.assay("restore", *options, str(medium))
        assert done.returncode == 1, done.stdout
        assert "backup.json 的校验码不符" in done.stderr
    assert not all_below(tmp_path / "var")


def test_a_backup_of_a_former_version_is_taken_only_by_who_says_so(copy: Path, folder: Path, tmp_path: Path) -> None:
    medium = prepared(copy, tmp_path / "medium", unsigned)
    again = School(tmp_path / "var", folder / "secrets.json")
    refused = again.assay("restore", str(medium))
    assert refused.returncode == 1
    assert "未经认证" in refused.stderr
    assert "--unsigned" in refused.stderr
    assert not all_below(tmp_path / "var")
    done = again.assay("restore", "--unsigned", str(medium))
    assert done.returncode == 0, done.stderr
    assert "未经认证" in done.stderr
    assert again.assay("ledger", "verify").returncode == 0


def test_a_backup_from_before_a_new_key_is_still_known(copy: Path, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "secrets.json", tmp_path / "secrets.json")
    rotate = "from datetime import date; from assay.kernel import secrets; secrets.store().rotate('ledger_seal', date(2026, 1, 1))"
    again = School(tmp_path / "var", tmp_path / "secrets.json")
    assert again.run("-c", rotate).returncode == 0
    done = again.assay("restore", "--check", str(copy))
    assert done.returncode == 0, done.stderr


def test_a_draft_among_the_kept_files_does_not_come_into_the_backup(school: School, folder: Path) -> None:
    (kept,) = (school.var / "files").glob("??/*")
    draft = kept.with_name("x" * len(kept.name))
    draft.write_text("half")
    try:
        assert school.assay("backup", str(folder / "beside-a-draft")).returncode == 0
    finally:
        draft.unlink()
    assert not list((folder / "beside-a-draft").rglob(draft.name))
    assert school.assay("restore", "--check", str(folder / "beside-a-draft")).returncode == 0
