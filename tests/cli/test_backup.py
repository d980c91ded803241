"""A backup is whole and opens only with the secrets, which are not in it; what is missing or spoilt is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

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
