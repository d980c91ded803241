"""Cells of a sound workbook changed to what people leave in them."""

from __future__ import annotations

import io
import random
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import MergedCell

ODD: tuple[Any, ...] = (
    "", " ", "　", "-", "无", "N/A", "#N/A", "#DIV/0!", "=1/0", "=A1", "'001", "０１２", "甲" * 40, "乙" * 5000, "王\n五", "古丽·买买提",
    "\u200b", "\u202e甲", "\ufeff", "👩‍🔧", "𠀀𪚥", "<b>甲</b>", "{{ 7*7 }}", "'; drop table x; --", "../../x", "2024.10", "2024年13月",
    "1e400", "-1", "NaN", "Infinity", "½", "٣", "True", True, False, 0, -1, 1, 3.5, 2024.1, 1e18, 1.10105e17, 1e300, -0.0, 10**15,
    date(1899, 12, 31), date(9999, 12, 31), datetime(2024, 2, 29, 23, 59, 59), time(8, 30), None,
)  # fmt: skip
LAST_ROW = 1_048_576


def bent_table(content: bytes, chance: random.Random) -> bytes:
    """A workbook with some cells, rows, columns or headings other than they were."""
    book = load_workbook(io.BytesIO(content))
    for _ in range(chance.randint(1, 8)):
        _bend(book, chance)
    if chance.random() < 0.1:
        book.create_sheet(chance.choice(["Sheet2", "统计", "中心"]))["A1"] = chance.choice(["合计", "姓名", ""])
    if chance.random() < 0.1:
        chance.choice(book.worksheets).cell(LAST_ROW, 1, chance.choice(["", "合计"]))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_few_accounts(content: bytes) -> bytes:
    """A set-up workbook of which most accounts are left out: each costs the hash of a password."""
    book = load_workbook(io.BytesIO(content))
    book["账号"].delete_rows(5, book["账号"].max_row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _bend(book: Any, chance: random.Random) -> None:
    sheet = chance.choice(book.worksheets)
    row, column = chance.randint(1, min(sheet.max_row + 2, 60)), chance.randint(1, sheet.max_column + 1)
    kind = chance.random()
    if kind < 0.7:
        cell = sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.value = chance.choice(ODD)
    elif kind < 0.78:
        _copy(sheet, row, chance.randint(2, sheet.max_row + 2))
    elif kind < 0.84 and not sheet.merged_cells.ranges:
        sheet.delete_rows(row)
    elif kind < 0.9 and not sheet.merged_cells.ranges:
        sheet.insert_rows(row)
    elif kind < 0.94:
        sheet.sheet_state = (
            "hidden" if len([s for s in book.worksheets if s.sheet_state == "visible"]) > 1 else "visible"
        )
    else:
        sheet.row_dimensions[row].hidden = True


def _copy(sheet: Any, source: int, to: int) -> None:
    for column in range(1, sheet.max_column + 1):
        cell = sheet.cell(to, column)
        if not isinstance(cell, MergedCell):
            cell.value = sheet.cell(source, column).value
