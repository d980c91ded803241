"""Opening a workbook from outside, as a process of its own: `python opening.py < book`, the sheets to standard output.

A workbook of two cells may say that it has 17 thousand million, and what reads it then ends with the process that it runs in. So
this one may take so much memory and time and no more, and nothing but the upload that started it is lost with it. What can be
told beforehand is: a cell far away from the others is named.

It imports nothing of the product, for it is started for every workbook.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

BROKEN = (
    CalamineError, ValueError, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error,
    KeyError,
)  # fmt: skip
"""What reading a damaged workbook may raise."""
MEMORY = 1024 * 1024 * 1024
SECONDS = 30
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_ROWS = 100_000
LAST_ROW = MOST_ROWS + 100
"""With headings and a title above the rows."""
MOST_COLUMNS = 1_000
MOST_CELLS = 5_000_000
"""Of the rectangle that holds everything filled, for that is what is read."""
_PIECE = 1024 * 1024
_LONGEST_TAG = 400
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*?(?<!/)>')
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*>\s*<f')
_FORMULAS_NAMED = 200


class Unfit(Exception):
    """Why a workbook is not opened, in Chinese."""


class Opened(msgspec.Struct):
    """A sheet as it is. Dates are ("d", ISO text) among the cells; `merged` and `formulas` are (row, column), from 0."""

    name: str
    cells: list[list[Any]]
    merged: list[tuple[int, int]]
    formulas: list[tuple[int, int]]


class Outcome(msgspec.Struct):
    sheets: list[Opened] = []
    unfit: str = ""


def opened(content: bytes) -> Outcome:
    """Every sheet of a workbook, or why not."""
    try:
        formulas: list[list[tuple[int, int]]] = []
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _measure(archive)
                formulas = list(_formulas(archive))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return Outcome([_sheet(book, n, formulas) for n in range(len(book.sheet_names))])
    except Unfit as unfit:
        return Outcome(unfit=str(unfit))
    except MemoryError:
        return Outcome(unfit=too_large())
    except BROKEN:
        return Outcome(
            unfit="不是可读的 Excel 文件，可能已损坏、加了密码，或只是改了扩展名：请用 Excel 打开后另存为 .xlsx 再上传"
        )


def too_large() -> str:
    return "文件过大或内容异常，读不出。请用 Excel 打开，只把需要的内容复制到模板里，另存为 .xlsx 再上传"


def _measure(archive: zipfile.ZipFile) -> None:
    """Unfit when the archive is too large, no .xlsx, or a sheet is larger than it may be."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise Unfit("文件解开后过大，请另存为新的 Excel 文件再试")
    if "xl/workbook.xml" not in archive.namelist():
        raise Unfit("不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx")
    for member in members:
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            _measure_sheet(archive, member)


def _measure_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    right, low = (0, ""), (0, "")
    with archive.open(member) as stream:
        rest, read = b"", 0
        while piece := stream.read(_PIECE):
            read += len(piece)
            if read > LARGEST_UNPACKED:
                raise Unfit("文件解开后过大，请另存为新的 Excel 文件再试")
            text = rest + piece
            for letters, row in _CELL.findall(text):
                name = f"{letters.decode()}{row.decode()}"
                column, number = index(letters.decode()) + 1, int(row)
                if column > MOST_COLUMNS or number > LAST_ROW:
                    raise Unfit(_far(name))
                right, low = max(right, (column, name)), max(low, (number, name))
            rest = text[-_LONGEST_TAG:]
    if right[0] * low[0] > MOST_CELLS:
        raise Unfit(f"内容从左上角一直到 {right[1]} 和 {low[1]}，范围过大。{_how(right[1])}")


def _far(name: str) -> str:
    return f"单元格 {name} 里有内容，离表格太远（最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列）。{_how(name)}"


def _how(name: str) -> str:
    return f"多半是误留的：在 Excel 的名称框输入 {name} 回车，删除它所在的行和列，保存后重新上传"


def _formulas(archive: zipfile.ZipFile) -> Iterator[list[tuple[int, int]]]:
    """Of each sheet in order the cells with formulas; only .xlsx says so."""
    members, number = set(archive.namelist()), 1
    while (member := f"xl/worksheets/sheet{number}.xml") in members:
        hits = _FORMULA.findall(archive.read(member))[:_FORMULAS_NAMED]
        yield [(int(row) - 1, index(letters.decode())) for letters, row in hits]
        number += 1


def _sheet(book: CalamineWorkbook, number: int, formulas: list[list[tuple[int, int]]]) -> Opened:
    sheet = book.get_sheet_by_index(number)
    cells = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [(top, left) for (top, left), _ in sheet.merged_cell_ranges or []]
    return Opened(book.sheet_names[number], cells, merged, formulas[number] if number < len(formulas) else [])


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime | date):
        return ("d", cell.isoformat())
    return cell if isinstance(cell, str | int | float) else str(cell)


def index(letters: str) -> int:
    """The number of a column: A is 0."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(msgspec.msgpack.encode(opened(sys.stdin.buffer.read())))
