"""`assay bank import`: every format, every problem at once, nothing written until told to take the sound items."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from assay.bank.models import Item, Specification
from assay.bank.specifications import acts
from assay.cli.imports import BankImport, import_bank
from assay.items.specification import PointRow
from tests import factories as f
from tests.applications.rosters import workbook
from tests.bank.interchange import fuzzing, made

pytestmark = pytest.mark.django_db
HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"]


@pytest.fixture
def specification() -> Specification:
    row = f.scope_row()
    rows = [PointRow("A", "", "range", "基本", Decimal(100))]
    rows += [PointRow(code, "A", "point", name, None, "X") for code, name in made.POINTS.items()]
    return acts.install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
    )


def told(capsys: pytest.CaptureFixture[str], file: Path, **options: object) -> tuple[int, dict]:
    how = {
        "job": None,
        "level": "4",
        "images": None,
        "point": "",
        "good_ones": False,
        "approved": False,
        "check": False,
    }
    status = import_bank(str(file), BankImport(**{**how, **options}), as_json=True)  # type: ignore[arg-type]
    return status, json.loads(capsys.readouterr().out)


def test_a_hundred_bad_rows_are_all_named_and_nothing_is_taken_until_told(
    specification: Specification, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [["单选", f"第 {n} 题问的是什么（　）", "甲", "乙", "丙", "丁", "Z" if n < 100 else "A"] for n in range(300)]
    file = tmp_path / "题.xlsx"
    file.write_bytes(workbook(("试题", [HEAD, *rows])))
    status, said = told(capsys, file)
    assert (status, said["items"], said["written"], len(said["problems"])) == (1, 300, 0, 100)
    assert all(p["file"] == "题.xlsx" and p["row"] and p["message"] for p in said["problems"])
    assert Item.objects.count() == 0
    status, said = told(capsys, file, good_ones=True, point="A-A-001")
    assert (status, said["written"], len(said["problems"])) == (1, 200, 100)
    assert set(Item.objects.values_list("state", flat=True)) == {"draft"}


def test_a_corrected_file_goes_in_without_duplicates(
    specification: Specification, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "题.xlsx"
    bad = ["单选", "乙题问的是什么（　）", "甲", "乙", "丙", "丁", ""]
    good = ["单选", "甲题问的是什么（　）", "甲", "乙", "丙", "丁", "B"]
    file.write_bytes(workbook(("试题", [HEAD, good, bad])))
    told(capsys, file, good_ones=True)
    file.write_bytes(workbook(("试题", [HEAD, good, [*bad[:-1], "C"]])))
    _, said = told(capsys, file, good_ones=True)
    assert (said["written"], [p["row"] for p in said["problems"]]) == (1, [2])
    assert Item.objects.count() == 2


@pytest.mark.parametrize(("name", "content"), fuzzing.seeds())
def test_every_format_is_taken(
    specification: Specification, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    status, said = told(capsys, file, check=True)
    if name == "题库.xlsx":  # the workbook alone, without the pictures that it names
        assert (status, ["没有图片" in p["message"] for p in said["problems"]]) == (1, [True])
        return
    assert (status, said["problems"]) == (0, [])
    assert said["items"] >= 1
    assert Item.objects.count() == 0


def test_an_unknown_point_is_refused(
    specification: Specification, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "题.txt"
    file.write_text("问\nA. 甲\nB. 乙\nANSWER: B\n")
    status, said = told(capsys, file, point="Z-9")
    assert status == 1
    assert "Z-9" in said["problems"][0]["message"]
