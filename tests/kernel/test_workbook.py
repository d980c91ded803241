"""Workbooks from outside: what would take all memory is refused in words, and nothing but that upload notices."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from assay.kernel import opening, workbook
from assay.kernel.tables import Heading, as_date, read_sheets, read_tables

NAME = [Heading("name", "姓名", required=True), Heading("on", "日期")]


def book(cells: dict[str, Any]) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    for place, value in cells.items():
        sheet[place] = value
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its members written anew."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            new.writestr(info.filename, change(text) if info.filename == member else text)
    return buffer.getvalue()


def refusals(content: bytes) -> list[str]:
    both = [p.message for table in read_tables("表.xlsx", content, NAME) for p in table.problems]
    assert both == [p.message for p in read_sheets("表.xlsx", content)[1]]
    return both


@pytest.mark.parametrize("place", ["XFD1048576", "Q1048576", "AMK2"])
def test_a_stray_cell_far_away_is_named_with_what_to_do(place: str) -> None:
    (said,) = refusals(book({"A1": "姓名", "A2": "赵一", place: "x"}))
    assert said.startswith(f"单元格 {place} 里有内容，离表格太远")
    assert f"名称框输入 {place} 回车" in said


def test_a_rectangle_that_is_too_large_is_refused_by_its_last_cell() -> None:
    (said,) = refusals(book({"A1": "姓名", "ALL9": "x", "B90000": "y"}))
    assert "ALL9 和 B90000，范围过大" in said


def test_an_empty_cell_that_is_only_coloured_disturbs_nobody() -> None:
    content = changed(
        book({"A1": "姓名", "A2": "赵一"}), "xl/worksheets/sheet1.xml",
        lambda text: text.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0" /></row></sheetData>'),
    )  # fmt: skip
    (table,) = read_tables("表.xlsx", content, NAME)
    assert [row.text("name") for row in table.rows] == ["赵一"]


def test_a_book_that_unpacks_to_more_than_it_may_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    blown = changed(
        book({"A1": "姓名"}), "xl/worksheets/sheet1.xml", lambda text: text + b" " * (opening.LARGEST_UNPACKED + 1)
    )
    assert len(blown) < 1024 * 1024
    assert refusals(blown) == ["文件解开后过大，请另存为新的 Excel 文件再试"]


def test_other_packages_are_no_workbooks() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("content.xml", "<office/>")
    assert refusals(buffer.getvalue()) == ["不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx"]


@pytest.mark.parametrize(
    "end", ["import os; os.abort()", "import time; time.sleep(60)", "print('no outcome')", "x = bytearray(1 << 40)"]
)
def test_whatever_becomes_of_the_process_that_reads_only_this_upload_is_lost(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "opening.py"
    program.write_text(end)
    monkeypatch.setattr(workbook, "_PROGRAM", str(program))
    monkeypatch.setattr(workbook, "_WAIT_S", 2)
    assert refusals(book({"A1": "姓名"})) == [opening.too_large()]
    monkeypatch.undo()
    assert refusals(book({"A1": "姓名", "A2": "赵一"})) == []


def test_the_process_may_take_so_much_memory_and_no_more(tmp_path: Path) -> None:
    source = Path(opening.__file__).read_text(encoding="utf-8")
    assert "RLIMIT_AS" in source
    greedy = source.replace("sys.stdout.buffer.write(", "x = bytearray(MEMORY)\n    sys.stdout.buffer.write(")
    program = tmp_path / "opening.py"
    program.write_text(greedy, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "_PROGRAM", str(program))
        assert refusals(book({"A1": "姓名"})) == [opening.too_large()]


def test_while_one_is_being_read_the_next_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_PATIENCE_S", 0.1)
    with workbook._ONE:
        (said,) = refusals(book({"A1": "姓名"}))
    assert "再上传一次" in said


def test_what_a_cell_holds_comes_through_as_it_is() -> None:
    cells = {
        "A1": "姓名",
        "B1": "日期",
        "A2": "赵一",
        "B2": date(2024, 9, 1),
        "C2": 1.5,
        "D2": True,
        "A3": 7,
        "B3": datetime(2024, 9, 1, 8, 30),
    }
    (table,) = read_tables("表.xlsx", book(cells), NAME)
    assert [(row.number, row.text("name"), as_date(row.values["on"])) for row in table.rows] == [
        (2, "赵一", date(2024, 9, 1)), (3, "7", date(2024, 9, 1)),
    ]  # fmt: skip
    (sheet,), problems = read_sheets("表.xlsx", book(cells))
    assert problems == []
    assert sheet.cells[1][2:4] == [1.5, True]


def test_a_line_of_text_with_thousands_of_columns_is_refused_by_its_number() -> None:
    content = ("姓名\n赵一\n" + "," * 5_000 + "\n").encode()
    (table,) = read_tables("表.csv", content, NAME)
    assert table.problems[0].message.startswith("第 3 行处内容过多")
