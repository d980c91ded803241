"""Excel files that are handed out: read back, numbers are numbers, days are days, and what only looks like a number is text."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from assay.kernel.sheet_file import SheetFile, sheet_title, shown_width


def read_back(*rows: tuple[Any, ...], headings: tuple[str, ...] = ("准考证号", "姓名", "理论")) -> Any:
    file = SheetFile("示例", headings)
    for row in rows:
        file.row(*row)
    return openpyxl.load_workbook(io.BytesIO(file.content())).active


@pytest.mark.parametrize(
    ("given", "stored", "number_format"),
    [
        (Decimal("85.0"), 85, "0.0"),
        (60, 60, "General"),
        (date(2026, 10, 8), datetime(2026, 10, 8), "yyyy-mm-dd"),
        (datetime(2026, 10, 8, 1, 2, 3, tzinfo=UTC), datetime(2026, 10, 8, 9, 2, 3), "yyyy-mm-dd hh:mm:ss"),
        ("264100000123", "264100000123", "@"),
        ("410105200803150011", "410105200803150011", "@"),
        ("410***********0011", "410***********0011", "@"),
        ("缺考", "缺考", "General"),
        (True, "是", "General"),
        (None, None, "General"),
        ("=1+1", "=1+1", "General"),
    ],
)
def test_a_cell_is_what_it_was_given_as(given: Any, stored: Any, number_format: str) -> None:
    cell = read_back((given,)).cell(2, 1)
    assert (cell.value, cell.number_format) == (stored, number_format)
    assert cell.data_type != "f"


def test_the_sheet_can_be_filtered_and_printed_as_it_comes() -> None:
    sheet = read_back(("1", "示例", Decimal("80.5")))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C2")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddHeader.center.text == "示例"


def test_a_column_is_as_wide_as_its_han_signs() -> None:
    sheet = read_back(("1", "汽车维修检验工四级", Decimal(1)))
    assert sheet.column_dimensions["B"].width >= shown_width("汽车维修检验工四级") == 18
    assert shown_width("ab\n汉字一") == 6


def test_a_title_that_excel_does_not_take_is_written_otherwise() -> None:
    assert sheet_title("2026/第一批:[成绩]?*") == "2026-第一批--成绩---"
    assert len(sheet_title("很" * 60)) == 31
    assert sheet_title("''") == "表"
