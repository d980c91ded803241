"""The command line keeps its contract: JSON, exit status, nothing written on --check."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.applications.rosters import workbook

ASSAY = str(Path(sys.executable).parent / "assay")
HEAD = ["鉴定点代码", "题型", "难度", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
GOOD = ["A-A-001", "单项选择题", 3, "站务员交接班时首先应当（　）。", "核对备品", "离岗", "关灯", "闲聊", "A", ""]


class Shell:
    def __init__(self, var: Path) -> None:
        self.var = var
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        self.said = ""
        self.environment = {**kept, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json")}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ASSAY, *arguments], env=self.environment, capture_output=True, text=True, timeout=300)

    def file(self, name: str, *rows: list[object]) -> str:
        path = self.var / name
        path.write_bytes(workbook(("试题", [HEAD, *rows])))
        return str(path)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo's school, with a few candidates who sit tomorrow."""
    made = Shell(tmp_path_factory.mktemp("cli"))
    done = made("demo", "--exam-day", "--candidates", "6")
    assert done.returncode == 0, done.stderr
    made.said = done.stdout
    return made


def test_the_exam_day_is_prepared_and_the_command_that_starts_it_is_printed(shell: Shell) -> None:
    def counted(sql: str) -> int:
        with closing(sqlite3.connect(shell.var / "office.sqlite3")) as there:
            return int(there.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    tomorrow = date.today() + timedelta(days=1)
    (started,) = re.findall(r"ASSAY_VAR=(\S+) ASSAY_REHEARSAL_CLOCK=(\S+)T07:15\+08:00 \S*assay serve", shell.said)
    assert started[0] == str(shell.var)
    assert abs(date.fromisoformat(started[1]) - tomorrow) <= timedelta(days=1)
    assert counted("arrangement_ticket") == 6
    assert counted("bank_paper WHERE state = 'sealed'") >= 2
    assert counted("exam_publication") == 0
    assert counted("exam_readinesscheck") == counted("arrangement_sessionroom") > 0


def test_a_good_file_of_items_is_checked_without_being_written_then_imported_once(shell: Shell) -> None:
    file = shell.file("good.xlsx", GOOD)
    arguments = ("bank", "import", file, "--job", "城市轨道交通站务员", "--json")
    checked = shell(*arguments, "--check")
    assert checked.returncode == 0, checked.stdout
    said = json.loads(checked.stdout)
    assert (said["items"], said["written"], said["problems"]) == (1, 0, [])
    written = json.loads(shell(*arguments).stdout)
    assert written["written"] == 1
    again = shell(*arguments)
    assert again.returncode == 1
    assert json.loads(again.stdout)["problems"][0]["row"] == 2


def test_bad_items_are_named_by_file_sheet_row_and_column(shell: Shell) -> None:
    bad = [*GOOD[:8], "Z", ""]
    done = shell("bank", "import", shell.file("bad.xlsx", bad), "--job", "4-02-01-07", "--check", "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    assert {(p["file"], p["sheet"], p["row"]) for p in problems} == {("bad.xlsx", "试题", 2)}
    assert "答案" in [p["column"] for p in problems]
    assert all(p["message"] for p in problems)


def test_a_roster_without_an_open_batch_says_so_as_json(shell: Shell) -> None:
    done = shell("roster", "import", shell.file("roster.xlsx", GOOD), "--check", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["rows"] == 0
    assert "批次" in said["problems"][0]["message"]


@pytest.mark.parametrize(
    "arguments",
    [("bank", "import"), ("roster", "import", "/no/such/file"), ("rehearse", "--seats", "many"), ("nothing",)],
)
def test_wrong_usage_ends_with_two(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell(*arguments).returncode == 2


def test_the_ledger_verifies_and_the_duties_are_read_from_the_code(shell: Shell) -> None:
    assert shell("ledger", "verify").returncode == 0
    table = shell("duties").stdout
    assert "上报认定计划" in table or "filing.file" in table
    assert "E5" in table


def test_the_ledgers_coverage_is_a_list_of_columns_with_whether_they_are_official_and_why(shell: Shell) -> None:
    done = shell("ledger", "coverage", "--json")
    assert done.returncode == 0
    listed = json.loads(done.stdout)
    assert all(set(one) == {"column", "official", "reason"} for one in listed)
    assert all(one["official"] in (True, False) and one["reason"] for one in listed)
    by_column = {one["column"]: one for one in listed}
    assert len(by_column) == len(listed)
    for column in (
        "kernel_outboxmessage.payload",
        "certificates_certificate.occupation_code",
        "centre_account.password",
    ):
        assert by_column[column]["official"], column
    assert not by_column["centre_account.last_login"]["official"]
    shown = shell("ledger", "coverage").stdout
    assert all(f"{one['column']}：{one['reason']}" in shown for one in listed)


def test_a_first_start_that_is_done_is_not_done_again(shell: Shell) -> None:
    before = (shell.var / "office.sqlite3").stat().st_mtime_ns
    assert shell("demo").returncode == 0
    assert (shell.var / "office.sqlite3").stat().st_mtime_ns == before


def test_a_rehearsal_needs_an_empty_database(shell: Shell) -> None:
    done = shell("rehearse", "--candidates", "5", "--database", f"sqlite:///{shell.var / 'office.sqlite3'}")
    assert done.returncode == 2


def test_what_serve_prints_leads_people_in_everywhere_and_tells_no_secret(shell: Shell) -> None:
    """The stand-in's address and where its token stands, and a head of every department, are nowhere else to be found."""
    code = (
        "from assay.cli.office import prepare; prepare();"
        "from assay.cli.serving import _greet; _greet('127.0.0.1', 8000, 8001, '127.0.0.1:8002', True, 'http')"
    )
    done = subprocess.run([sys.executable, "-c", code], env=shell.environment, capture_output=True, text=True)
    secrets = shell.var / "secrets.json"
    assert f"http://127.0.0.1:8002/   访问密码：见密钥文件 {secrets} 中的 province 一项" in done.stdout, done.stderr
    assert json.loads(secrets.read_text())["province"] not in done.stdout + done.stderr
    assert done.stdout.count("系负责人") == 5


def test_the_stand_in_is_reached_from_this_machine_alone_unless_told_otherwise(shell: Shell) -> None:
    code = (
        "from assay.cli.office import prepare; prepare(); from assay.cli.serving import programs;"
        "run = lambda **more: programs(host='0.0.0.0', port=8000, hall_port=8001, standin=True, standin_port=8002, **more);"
        "print([p.environment['ASSAY_STANDIN_HOST'] for p in (run()[-1], run(standin_host='0.0.0.0')[-1])])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=shell.environment, capture_output=True, text=True)
    assert done.stdout.strip() == "['127.0.0.1', '0.0.0.0']", done.stderr


def test_every_key_is_changed_and_what_was_written_before_stays_readable(shell: Shell) -> None:
    look = (
        "from assay.cli.office import prepare; prepare();"
        "from assay.applications.models import Person; from assay.certificates import credential;"
        "from assay.corps.models import Member;"
        "import json; print(json.dumps([sorted(m.id_number for m in Member.objects.all()), list(credential.public_keys())]))"
    )
    run = lambda: subprocess.run([sys.executable, "-c", look], env=shell.environment, capture_output=True, text=True)  # noqa: E731
    before, keys = json.loads(run().stdout)
    assert before
    assert keys == ["1"]
    for name in ("django", "identity", "content", "ledger_seal", "ledger_signing", "certificate"):
        assert "第 2 号" in shell("keys", "rotate", name).stdout
    after, keys = json.loads(run().stdout)
    assert after == before
    assert keys == ["1", "2"]
    assert shell("ledger", "checkpoint").returncode == 0
    assert shell("ledger", "verify").returncode == 0
    listed = shell("keys", "list").stdout
    assert listed.count("第 2 号") == 5
    assert shell("keys", "rotate", "hall").returncode == 2


def test_a_lost_and_a_foreign_secrets_file_are_told_before_anything_is_read(shell: Shell) -> None:
    right = (shell.var / "secrets.json").read_text()
    foreign = json.loads(right)
    foreign["identity"] = foreign["content"]
    try:
        (shell.var / "secrets.json").write_text(json.dumps(foreign))
        told = shell("ledger", "verify")
        assert told.returncode == 1
        assert "个人信息加密第 1 号密钥不是原来的" in told.stderr
        (shell.var / "secrets.json").unlink()
        told = shell("serve")
        assert told.returncode == 1
        assert "请把备份的密钥文件放回" in told.stderr
        assert f"没有密钥文件 {shell.var / 'secrets.json'}" in told.stderr
        assert not (shell.var / "secrets.json").exists(), "none is left that would be taken for the right one"
    finally:
        (shell.var / "secrets.json").write_text(right)
    assert shell("ledger", "verify").returncode == 0
