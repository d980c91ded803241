"""An office whose secrets are lost, another's or spoilt: no command goes on, nor does the site; each says in a sentence which file is
missing or wrong, and leaves database and file as they were."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import click
import pytest
from testbed import migrated

from assay.cli.main import assay
from tests.cli.test_backup import School

ITEMS = "items.csv"
COMMANDS: dict[str, list[str]] = {
    "backup": ["{folder}/new"],
    "bank import": ["{folder}/items.csv", "--job", "4-12-01-01"],
    "create-account": ["second", "第二人", "--password", "faults-password-2"],
    "demo": [],
    "duties": [],
    "files encrypt": [],
    "gateway run": ["--once"],
    "keys list": [],
    "keys rotate": ["identity"],
    "ledger checkpoint": [],
    "ledger coverage": [],
    "ledger verify": [],
    "migrate": [],
    "reset-second-factor": ["first", "--reason", "手机丢失"],
    "restore": ["{folder}/copy"],
    "roster import": ["{folder}/items.csv"],
    "serve": ["--port", "0", "--hall-port", "0"],
    "standin": ["--port", "0"],
}
OF_ITS_OWN = {"rehearse", "verify"}
"""One plays with secrets and a database that it makes for itself and throws away, the other checks certificates with neither."""
SITE = "the site"
CASES = [
    *((command, how) for command in (*COMMANDS, SITE) for how in ("missing", "foreign")),
    *((command, how) for command in ("ledger verify", "restore", SITE) for how in ("no JSON", "no key")),
]
"""A file that is none is told where all of them read it."""


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        yield from commands(command, f"{before}{name} ") if isinstance(command, click.Group) else [f"{before}{name}"]


def test_every_command_is_tried() -> None:
    assert set(commands(assay)) == set(COMMANDS) | OF_ITS_OWN


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="module")
def school(folder: Path) -> School:
    made = School(folder / "var", folder / "secrets.json")
    migrated.into(made.var / "office.sqlite3")
    assert made.assay("create-account", "first", "首位管理员", "--password", "faults-password-1").returncode == 0
    assert made.assay("backup", str(folder / "copy")).returncode == 0
    (folder / ITEMS).write_text("题型,题干\n")
    return made


def spoil(file: Path, how: str, right: str) -> None:
    values = json.loads(right)
    values["identity"] = values["content"]
    spoilt = {"foreign": json.dumps(values), "no JSON": right[:40], "no key": json.dumps({**values, "django": 7})}
    file.unlink(missing_ok=True)
    if how in spoilt:
        file.write_text(spoilt[how])


def started(school: School, command: str, folder: Path) -> subprocess.Popen[str]:
    whole = [
        "-m",
        "assay.cli.main",
        *command.split(),
        *(one.format(folder=folder) for one in COMMANDS.get(command, [])),
    ]
    if command == SITE:
        whole = ["-m", "assay.office"]
    return subprocess.Popen(
        [sys.executable, *whole], env={**school.environment, "ASSAY_OFFICE_PORT": "0"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(("command", "how"), CASES)
def test_it_refuses_in_a_sentence_that_names_the_file(school: School, folder: Path, command: str, how: str) -> None:
    file, database = folder / "secrets.json", school.var / "office.sqlite3"
    right, before = file.read_text(), sha256(database.read_bytes()).digest()
    try:
        spoil(file, how, right)
        lies = file.read_text() if file.exists() else None
        with started(school, command, folder) as process:
            try:
                said, wrong = process.communicate(timeout=60)
            finally:
                process.kill()
        assert (file.read_text() if file.exists() else None) == lies
    finally:
        file.write_text(right)
    assert process.returncode == 1, (said, wrong)
    assert str(file) in wrong
    assert "密钥" in wrong
    assert "Traceback" not in wrong
    assert sha256(database.read_bytes()).digest() == before
