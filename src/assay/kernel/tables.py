"""Reading a table that somebody filled in: Excel or CSV, with every problem named by file, sheet, row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from assay.kernel import workbook
from assay.kernel.opening import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Opened
from assay.kernel.texts import text_problem

LARGEST_FILE = 30 * 1024 * 1024
_TOO_LARGE = f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件"
_EXCEL = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_LEFT_OUT = ("说明", "填表")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file. `row` and `column` as the user sees them (row 1 is the heading); 0 and '' when the
    whole sheet or file is meant. `item`: its number or name where a file has items but no rows."""

    file: str
    sheet: str
    row: int
    column: str
    message: str
    item: str = ""

    def __str__(self) -> str:
        place = f"{self.file}"
        if self.sheet:
            place += f"「{self.sheet}」"
        if self.row:
            place += f"第 {self.row} 行"
        if self.column:
            place += f"“{self.column}”列"
        if self.item:
            place += f"题 {self.item}"
        return f"{place}：{self.message}"

    def as_json(self) -> dict[str, Any]:
        said = {
            "file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column, "message": self.message,
        }  # fmt: skip
        return {**said, "item": self.item} if self.item else said


@dataclass(frozen=True)
class Heading:
    """A column that is looked for: its key, its title in the template, other titles it goes by."""

    key: str
    title: str
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass
class Row:
    """A filled row: `number` as the user sees it; values by heading key, texts trimmed, '' when empty."""

    number: int
    values: dict[str, Any]

    def text(self, key: str) -> str:
        return as_text(self.values.get(key, ""))


@dataclass
class Table:
    """What was read. With problems the rows are what could be read all the same."""

    file: str
    sheet: str
    titles: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    heading_row: int = 0
    """The row of the headings as the user sees it; a title may stand above it. 0: none found."""
    columns: dict[str, int] = field(default_factory=dict)
    """Where each heading that was found stands: 0 is the first column."""
    unknown: list[str] = field(default_factory=list)
    """Titles in the row of headings that mean none of them."""

    def problem(self, row: int, key: str, message: str) -> Problem:
        """A problem at a row and column of this table (not yet added)."""
        return Problem(self.file, self.sheet, row, self.titles.get(key, key), message)


def read_tables(file: str, content: bytes, headings: Sequence[Heading], *, looked_at: bool = True) -> list[Table]:
    """Every sheet as a Table; sheets whose name starts with 说明 or 填表 are left out. What stands in the cells is looked at
    (`texts`), unless the reader does it (`looked_at`)."""
    if len(content) > LARGEST_FILE:
        return [_failed(file, _TOO_LARGE)]
    excel = content.startswith(_EXCEL)
    tables = _read_excel(file, content, headings) if excel else [_read_csv(file, content, headings)]
    for table in tables:
        table.problems += _odd_texts(table) if looked_at else []
    return tables


def read_book(file: str, content: bytes, headings: Mapping[str, Sequence[Heading]]) -> list[Table]:
    """The sheets of a workbook that are looked for, by their names, each with headings of its own; others are left out."""
    if len(content) > LARGEST_FILE:
        return [_failed(file, _TOO_LARGE)]
    if not content.startswith(_EXCEL):
        return [_failed(file, "不是 Excel 工作簿，请使用本系统的模板")]
    book = workbook.opened(content)
    if isinstance(book, str):
        return [_failed(file, book)]
    tables = [_read_sheet(file, found, headings[found.name]) for found in book if found.name in headings]
    for table in tables:
        table.problems += _odd_texts(table)
    return tables


def _failed(file: str, message: str, sheet: str = "") -> Table:
    return Table(file, sheet, problems=[Problem(file, sheet, 0, "", message)])


@dataclass(frozen=True)
class Sheet:
    """A sheet cell by cell, for tables whose headings are not one row of titles. `formulas`: (row as the user sees it, column
    index)."""

    name: str
    cells: list[list[Any]]
    formulas: list[tuple[int, int]] = field(default_factory=list)


def read_sheets(file: str, content: bytes) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of a workbook, or the one of a CSV file, as they are; those whose name starts with 说明 or 填表 are left out."""
    if len(content) > LARGEST_FILE:
        return [], _failed(file, _TOO_LARGE).problems
    if not content.startswith(_EXCEL):
        cells = _csv_cells(content)
        return ([Sheet("", cells)], []) if isinstance(cells, list) else ([], _failed(file, cells).problems)
    book = workbook.opened(content)
    if isinstance(book, str):
        return [], _failed(file, book).problems
    sheets = [
        Sheet(found.name, found.cells, [(row + 1, column) for row, column in found.formulas])
        for found in book
        if not found.name.startswith(_LEFT_OUT)
    ]
    return sheets, [problem for sheet in sheets for problem in _odd_cells(file, sheet)]


def _odd_cells(file: str, sheet: Sheet) -> list[Problem]:
    return [
        Problem(file, sheet.name, number, letter(column), wrong)
        for number, row in enumerate(sheet.cells, start=1)
        for column, value in enumerate(row)
        if isinstance(value, str) and (wrong := text_problem(value, markup=True))
    ]


def _read_excel(file: str, content: bytes, headings: Sequence[Heading]) -> list[Table]:
    book = workbook.opened(content)
    if isinstance(book, str):
        return [_failed(file, book)]
    tables = [_read_sheet(file, found, headings) for found in book if not found.name.startswith(_LEFT_OUT)]
    return tables or [_failed(file, "文件里没有工作表")]


def _read_sheet(file: str, found: Opened, headings: Sequence[Heading]) -> Table:
    cells = found.cells
    table = _fill(Table(file, found.name), cells, headings)
    body = table.heading_row
    for top, left in found.merged:
        if top >= body:
            message = "有合并单元格，请取消合并，每行都填完整"
            table.problems.append(Problem(file, found.name, top + 1, letter(left), message))
    for row, column in found.formulas:
        heads = cells[body - 1] if 0 < body <= len(cells) else []
        title = as_text(heads[column]) if column < len(heads) else letter(column)
        said = "单元格是公式，请复制后用“选择性粘贴—数值”改成内容"
        table.problems.append(Problem(file, found.name, row + 1, title or letter(column), said))
    return table


def letter(index: int) -> str:
    """The name of a column: 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _odd_texts(table: Table) -> list[Problem]:
    """Cells of rows in which something is written that is not seen as it is."""
    return [
        table.problem(row.number, key, wrong)
        for row in table.rows
        for key, value in row.values.items()
        if isinstance(value, str) and (wrong := text_problem(value))
    ]


def _read_csv(file: str, content: bytes, headings: Sequence[Heading]) -> Table:
    cells = _csv_cells(content)
    return _fill(Table(file, ""), cells, headings) if isinstance(cells, list) else _failed(file, cells)


def _csv_cells(content: bytes) -> list[list[Any]] | str:
    """The cells, or why they cannot be read. UTF-8 (with or without mark) or GB 18030; told apart by whether UTF-8 decodes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return "文字编码读不出，请用 Excel 另存为 .xlsx"
    if "\x00" in text:
        return "不是表格文件，请用模板填写后上传 .xlsx 或 .csv"
    rows: list[list[Any]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text)):
            cells += len(row)
            if len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                return f"第 {len(rows) + 1} 行处内容过多（最多 {MOST_COLUMNS} 列、{MOST_CELLS} 格），请只保留需要的列"
            rows.append(list(row))
    except csv.Error:
        return "CSV 格式不对，请用 Excel 另存为 .xlsx"
    return rows


def _fill(table: Table, cells: list[list[Any]], headings: Sequence[Heading]) -> Table:
    first = _heading_row(cells, headings)
    if first is None:
        table.problems.append(Problem(table.file, table.sheet, 0, "", "工作表是空的，请按模板填写"))
        return table
    table.heading_row = first + 1
    columns = table.columns = _columns(table, cells[first], headings)
    titles = [as_text(title) for title in cells[first]]
    table.unknown = [title for at, title in enumerate(titles) if title and at not in columns.values()]
    if len(cells) - first - 1 > MOST_ROWS:
        table.problems.append(Problem(table.file, table.sheet, 0, "", f"超过 {MOST_ROWS} 行，请分成几个文件"))
        return table
    for number, row in enumerate(cells[first + 1 :], start=first + 2):
        values = {key: _trimmed(row[at]) if at < len(row) else "" for key, at in columns.items()}
        if any(as_text(v) for v in values.values()):
            table.rows.append(Row(number, values))
    if not table.rows and not table.problems:
        table.problems.append(Problem(table.file, table.sheet, 0, "", "只有表头，没有内容"))
    return table


def _heading_row(cells: list[list[Any]], headings: Sequence[Heading]) -> int | None:
    """The row among the first ten that names most headings; else the first that is not empty."""
    titles = {_plain(t) for h in headings for t in (h.title, *h.aliases)}
    filled = [n for n, row in enumerate(cells) if any(as_text(c) for c in row)]
    if not filled:
        return None
    return max(
        [n for n in filled if n < filled[0] + 10],
        key=lambda n: (sum(_plain(as_text(c)) in titles for c in cells[n]), -n),
    )


def _columns(table: Table, titles: list[Any], headings: Sequence[Heading]) -> dict[str, int]:
    """Where each heading stands; a missing required one is a problem."""
    given = {_plain(as_text(t)): n for n, t in reversed(list(enumerate(titles)))}
    columns: dict[str, int] = {}
    for heading in headings:
        table.titles[heading.key] = heading.title
        at = next((given[_plain(t)] for t in (heading.title, *heading.aliases) if _plain(t) in given), None)
        if at is not None:
            columns[heading.key] = at
            table.titles[heading.key] = as_text(titles[at])
        elif heading.required:
            table.problems.append(Problem(table.file, table.sheet, 1, heading.title, "缺少这一列，请使用模板的表头"))
    return columns


def _plain(title: str) -> str:
    return re.sub(r"[\s*＊（()）：:]", "", normalize("NFKC", title)).lower()


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without .0, dates as 2026-03-15."""
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()


_DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:[-/.月]?\s*(\d{1,2})\s*日?|月)?")


def as_date(value: Any) -> date | None:
    """A date from a date cell or a clear text (2026-03-15, 2026年3月15日, 20260315, 2026.3 = the first); ValueError
    when it cannot be read; None when empty."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = normalize("NFKC", as_text(value))
    if not text:
        return None
    if re.fullmatch(r"\d{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    found = _DATE.fullmatch(text)
    if not found or (re.fullmatch(r"\d{5,7}", text) and len(text) != 6):
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), int(found[3] or 1))


def as_decimal(value: Any) -> Decimal | None:
    """A number; ValueError when it is none; None when empty."""
    text = normalize("NFKC", as_text(value))
    if not text:
        return None
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError(text)
    return Decimal(text)
