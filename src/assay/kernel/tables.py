"""Reading a table that somebody filled in: Excel or CSV, with every problem named by file, sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from assay.kernel import workbook
from assay.kernel.opening import MOST_ROWS, Opened
from assay.kernel.separated import MONTH_LOST, separated_cells
from assay.kernel.texts import text_problem

LARGEST_FILE = 30 * 1024 * 1024
_TOO_LARGE = f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件"
_EXCEL = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
BOOKS = ".xlsx,.xlsm,.xls,.et,.ods"
UPLOADED = f"{BOOKS},.csv"
"""What a chooser of files offers as tables: all of these are read."""
_LEFT_OUT = ("说明", "填表")
_OTHER_SHEETS = re.compile("统计|合计|汇总|说明|填表|代码|字典|样表|示例")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|累计|总人数|总分)(?:人数)?(?:[:：(（].*|\d.*)?|共\d+[人名题条行]")
_CELLS_OF_A_TOTAL = 3
_LOST = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,3}")
_EXACT = 10**15
"""From here on Excel keeps fewer digits than were typed."""
_ROWS_NAMED = 20
_SOME_COLUMNS = 2
"""A sheet with so many of the columns is meant, though what it needs is missing."""


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
    notes: list[Problem] = field(default_factory=list)
    """What was passed over, with its place: rows of totals, and at the first table other sheets."""
    lacking: int = 0
    """How many required headings were not found."""

    def problem(self, row: int, key: str, message: str) -> Problem:
        """A problem at a row and column of this table (not yet added)."""
        return Problem(self.file, self.sheet, row, self.titles.get(key, key), message)


def read_tables(file: str, content: bytes, headings: Sequence[Heading], *, looked_at: bool = True) -> list[Table]:
    """Every sheet as a Table; sheets whose name starts with 说明 or 填表 are left out, and beside a sheet that can be read those that
    are empty or plainly none of it. What stands in the cells is looked at (`texts`), unless the reader does it (`looked_at`)."""
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
    for table, found in zip(tables, (found for found in book if found.name in headings), strict=True):
        table.problems += [*_odd_texts(table), *_hidden(file, found)]
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
        cells = separated_cells(content)
        return ([Sheet("", cells)], []) if isinstance(cells, list) else ([], _failed(file, cells).problems)
    book = workbook.opened(content)
    if isinstance(book, str):
        return [], _failed(file, book).problems
    sheets = [
        Sheet(found.name, found.cells, [(row + 1, column) for row, column in found.formulas])
        for found in book
        if not found.name.startswith(_LEFT_OUT)
    ]
    problems = [problem for found in book if not found.name.startswith(_LEFT_OUT) for problem in _hidden(file, found)]
    return sheets, [*problems, *(problem for sheet in sheets for problem in _odd_cells(file, sheet))]


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
    sheets = [found for found in book if not found.name.startswith(_LEFT_OUT)]
    tables = [_read_sheet(file, found, headings) for found in sheets]
    needed = sum(heading.required for heading in headings)
    fit = [table.heading_row > 0 and not table.lacking for table in tables]
    kept: list[Table] = []
    notes: list[Problem] = []
    for found, table in zip(sheets, tables, strict=True):
        empty = table.heading_row == 0
        strange = table.lacking == needed and len(table.columns) < _SOME_COLUMNS
        other = strange or (table.lacking > 0 and _OTHER_SHEETS.search(found.name) is not None)
        if found.hidden and (empty or other):
            continue  # lists for the cells of the others
        if any(fit) and empty:
            continue
        if any(fit) and other:
            notes.append(Problem(file, found.name, 0, "", "没有所需的表头，没有读取这张工作表"))
            continue
        table.problems += _hidden(file, found, table.heading_row)
        kept.append(table)
    if kept:
        kept[0].notes[:0] = notes
    filled = [table for table in kept if table.rows or table.lacking]
    return (
        filled
        or [table for table in kept if table.heading_row]
        or kept[:1]
        or [_failed(file, "工作表是空的，请按模板填写" if sheets else "文件里没有工作表")]
    )


def _hidden(file: str, found: Opened, below: int = 0) -> list[Problem]:
    """What somebody hid or filtered out is neither taken in nor left out unasked. `below`: the row of the headings, from 1."""
    if found.hidden:
        if not any(as_text(cell) for row in found.cells for cell in row):
            return []
        said = "这张工作表是隐藏的：其中的内容要导入，请取消隐藏；不要的，请删除这张工作表，再重新上传"
        return [Problem(file, found.name, 0, "", said)]
    filled = [
        row + 1 for row in found.hidden_rows
        if below <= row < len(found.cells) and any(as_text(cell) for cell in found.cells[row])
    ]  # fmt: skip
    if not filled:
        return []
    some = "、".join(map(str, filled[:_ROWS_NAMED])) + ("……" if len(filled) > _ROWS_NAMED else "")
    said = f"第 {some} 行（共 {len(filled)} 行）被隐藏或筛选掉了：要导入，请取消筛选和隐藏；不要的，请删除这些行，再重新上传"
    return [Problem(file, found.name, 0, "", said)]


def _read_sheet(file: str, found: Opened, headings: Sequence[Heading]) -> Table:
    cells = found.cells
    table = _fill(Table(file, found.name), cells, headings)
    body = table.heading_row
    for top, left in found.merged:
        if top >= body:
            message = "有合并单元格，请取消合并，每行都填完整"
            table.problems.append(Problem(file, found.name, top + 1, letter(left), message))
    heads = [as_text(cell) for cell in cells[body - 1]] if 0 < body <= len(cells) else []

    def wrong(row: int, column: int, said: str) -> None:
        title = heads[column] if column < len(heads) else ""
        table.problems.append(Problem(file, found.name, row + 1, title or letter(column), said))

    for row, column in found.formulas:
        wrong(row, column, "单元格是公式，请复制后用“选择性粘贴—数值”改成内容")
    for row, column, shown in found.errors:
        if row >= body and column in table.columns.values() and (row, column) not in found.formulas:
            wrong(row, column, f"单元格是错误值 {shown}，请改成应有的内容")
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
    """Cells of rows in which something is written that is not seen as it is, or of which Excel has lost a part."""
    return [
        table.problem(row.number, key, wrong)
        for row in table.rows
        for key, value in row.values.items()
        if (wrong := _odd(value))
    ]


def _odd(value: Any) -> str | None:
    match value:
        case bool():
            return f"单元格是逻辑值 {str(value).upper()}，请改成应有的文字"
        case float() | int() if abs(value) >= _EXACT:
            return "按数字保存，末尾几位已丢失：请把该列设为文本后重新填写"
        case str() if _LOST.fullmatch(value):
            return f"“{value}”是 Excel 按数字保存的，末尾几位已丢失：请把该列设为文本后重新填写"
        case str():
            return text_problem(value)
    return None


def _read_csv(file: str, content: bytes, headings: Sequence[Heading]) -> Table:
    cells = separated_cells(content)
    return _fill(Table(file, ""), cells, headings) if isinstance(cells, list) else _failed(file, cells)


def _fill(table: Table, cells: list[list[Any]], headings: Sequence[Heading]) -> Table:
    first = _heading_row(cells, headings)
    if first is None:
        table.problems.append(Problem(table.file, table.sheet, 0, "", "工作表是空的，请按模板填写"))
        return table
    table.heading_row = first + 1
    columns = table.columns = _columns(table, cells[first], headings)
    titles = [as_text(title) for title in cells[first]]
    table.unknown = [title for at, title in enumerate(titles) if title and at not in columns.values()]
    while cells and not any(as_text(cell) for cell in cells[-1]):
        cells.pop()
    if len(cells) - first - 1 > MOST_ROWS:
        table.problems.append(Problem(table.file, table.sheet, 0, "", f"超过 {MOST_ROWS} 行，请分成几个文件"))
        return table
    for number, row in enumerate(cells[first + 1 :], start=first + 2):
        values = {key: _trimmed(row[at]) if at < len(row) else "" for key, at in columns.items()}
        if not any(as_text(v) for v in values.values()):
            continue
        if _is_total(row, values, headings):
            said = f"“{next(as_text(cell) for cell in row if as_text(cell))}”是合计，没有作为一行读取"
            table.notes.append(Problem(table.file, table.sheet, number, "", said))
        else:
            table.rows.append(Row(number, values))
    if not table.rows and not table.problems:
        table.problems.append(Problem(table.file, table.sheet, 0, "", "只有表头，没有内容"))
    return table


def _is_total(row: list[Any], values: Mapping[str, Any], headings: Sequence[Heading]) -> bool:
    """Whether a row adds the others up: it says so first, and has hardly anything else of what a row must have."""
    filled = [as_text(cell) for cell in row if as_text(cell)]
    if len(filled) > _CELLS_OF_A_TOTAL or not _TOTAL.fullmatch(re.sub(r"\s", "", filled[0])):
        return False
    needed = [as_text(values.get(heading.key, "")) for heading in headings if heading.required]
    return 2 * sum(not said or said == filled[0] for said in needed) >= len(needed)


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
            table.lacking += 1
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
_TIME = re.compile(r"(?<=\d)(?:\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")


def as_date(value: Any) -> date | None:
    """A date from a date cell or a clear text (2026-03-15, 2026年3月15日, 20260315, 2026.3 = the first, 2026-03-15 00:00:00);
    ValueError when it cannot be read; None when empty."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _TIME.sub("", normalize("NFKC", as_text(value)))
    if not text:
        return None
    if isinstance(value, float) and MONTH_LOST.fullmatch(text):
        raise ValueError(text)
    if re.fullmatch(r"\d{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    found = _DATE.fullmatch(text)
    if not found or (re.fullmatch(r"\d{5,7}", text) and len(text) != 6):
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), int(found[3] or 1))


def date_problem(value: Any) -> str:
    """Why `as_date` cannot read this, in Chinese."""
    text = as_text(value)
    if isinstance(value, float) and MONTH_LOST.fullmatch(text):
        year = text[:4]
        return f"“{text}”是按数字保存的，分不清是 1 月还是 10 月：请把该列设为文本，填成 {year}-01 或 {year}-10"
    return f"“{text}”不是日期，请填成 2023-09-01 的样子"


def as_decimal(value: Any) -> Decimal | None:
    """A number; ValueError when it is none; None when empty."""
    text = normalize("NFKC", as_text(value))
    if not text:
        return None
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError(text)
    return Decimal(text)
