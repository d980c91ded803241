"""Opening a workbook from outside, as a process of its own: `python opening.py < book`, the sheets to standard output.

A workbook of two cells may say that it has 17 thousand million, and what reads it then ends with the process that it runs in. So
this one may take so much memory and time and no more, and nothing but the upload that started it is lost with it. What can be
told beforehand is: a cell far away from the others is named.

It imports nothing of the product, for it is started for every workbook.
"""

from __future__ import annotations

import html
import io
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

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
MOST_USUAL = 10_000
"""Blanks below are taken away where a sheet is too large with them."""
MOST_COLUMNS = 1_000
MOST_CELLS = 5_000_000
"""Of the rectangle that holds everything filled, for that is what is read."""
_PIECE = 1024 * 1024
_LONGEST_TAG = 400
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*?(?<!/)>')
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*>\s*<f')
_ERROR = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d+)"[^<>]*>\s*<(?:\w+:)?v>([^<]*)<')
_STYLED = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\bs="(\d+)")[^<>]*?\br="([A-Z]{1,3})(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="(\d+)"')
_WHOLE_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*?(?:/>|(?<!/)>(.*?)</(?:\w+:)?c>)', re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^<>]*)?>([^<]*)<")
_SHARED = re.compile(rb"<(?:\w+:)?si(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^<>]*?\bid="([^"<>]*)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\s(?=[^<>]*\bnumFmtId="(\d+)")[^<>]*\bformatCode="([^"]*)"')
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb'<(?:\w+:)?xf\s[^<>]*\bnumFmtId="(\d+)"')
_ZEROS = re.compile(rb"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,20})")
"""A format that fills a number with zeros from the left, as of a student number or a postcode."""
_NAMED_AT_MOST = 200
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class Unfit(Exception):
    """Why a workbook is not opened, in Chinese."""


class Opened(msgspec.Struct):
    """A sheet as it is. Dates are ("d", ISO text) among the cells; `merged` and `formulas` are (row, column), from 0, `errors` the same
    with what Excel shows there (of an .xlsx alone, as the rows that are hidden or filtered out)."""

    name: str
    cells: list[list[Any]]
    merged: list[tuple[int, int]]
    formulas: list[tuple[int, int]]
    errors: list[tuple[int, int, str]] = []
    hidden_rows: list[int] = []
    hidden: bool = False


class _Seen(msgspec.Struct):
    """What the text of a sheet says of its cells that is lost in reading it. `zeros`: how many digits a number is filled up to."""

    formulas: list[tuple[int, int]] = []
    errors: list[tuple[int, int, str]] = []
    hidden_rows: list[int] = []
    zeros: dict[tuple[int, int], int] = {}


class Outcome(msgspec.Struct):
    sheets: list[Opened] = []
    unfit: str = ""


def opened(content: bytes) -> Outcome:
    """Every sheet of a workbook, or why not."""
    try:
        seen: list[_Seen] = []
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                anew = _measure(archive)
                content = _with(archive, anew) if anew else content
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                seen = _looked_through(archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return Outcome([_sheet(book, n, seen[n] if n < len(seen) else _Seen()) for n in range(len(book.sheet_names))])
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


def _measure(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unfit when the archive is too large, no workbook, or a sheet is larger than it may be. What there is of sheets in which cells far
    away hold nothing but blanks, without those."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise Unfit("文件解开后过大，请另存为新的 Excel 文件再试")
    names = archive.namelist()
    if "mimetype" in names and archive.open("mimetype").read(len(_ODS)) == _ODS:
        return {}
    if "xl/workbook.xml" not in names:
        raise Unfit("不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx")
    anew: dict[str, bytes] = {}
    for member in members:
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            try:
                with archive.open(member) as stream:
                    _measure_sheet(stream)
            except Unfit:
                text = _without_far_blanks(archive.read(member), archive)
                _measure_sheet(io.BytesIO(text))
                anew[member.filename] = text
    return anew


def _measure_sheet(stream: IO[bytes]) -> None:
    right, low = (0, ""), (0, "")
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


def _without_far_blanks(text: bytes, archive: zipfile.ZipFile) -> bytes:
    """The text of a sheet without cells beyond the usual that hold nothing but blanks, as a key that was hit far below leaves them."""
    if len(text) > LARGEST_UNPACKED:
        return text
    blank = _blank_strings(archive)

    def kept(cell: re.Match[bytes]) -> bytes:
        if int(cell[2]) <= MOST_USUAL and index(cell[1].decode()) < MOST_COLUMNS:
            return cell[0]
        value = _VALUE.search(cell[3] or b"")
        said = value[1] if value else b""
        shared = b't="s"' in cell[0].partition(b">")[0]
        return b"" if (said in blank if shared else _is_blank(said)) else cell[0]

    return _WHOLE_CELL.sub(kept, text)


def _blank_strings(archive: zipfile.ZipFile) -> set[bytes]:
    """The numbers of shared texts in which nothing stands."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return set()
    texts = _SHARED.finditer(archive.read("xl/sharedStrings.xml"))
    return {
        str(number).encode() for number, text in enumerate(texts) if _is_blank(b"".join(_VALUE.findall(text[1] or b"")))
    }


def _is_blank(text: bytes) -> bool:
    return not html.unescape(text.decode(errors="replace")).strip()


def _with(archive: zipfile.ZipFile, anew: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        for info in archive.infolist():
            other.writestr(info.filename, anew.get(info.filename) or archive.read(info))
    return buffer.getvalue()


def _far(name: str) -> str:
    return f"单元格 {name} 里有内容，离表格太远（最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列）。{_how(name)}"


def _how(name: str) -> str:
    return f"多半是误留的：在 Excel 的名称框输入 {name} 回车，删除它所在的行和列，保存后重新上传"


def _looked_through(archive: zipfile.ZipFile) -> list[_Seen]:
    """Each sheet in the order of the book; only .xlsx says so."""
    zeros = _zeros(archive)
    return [_seen_in(archive.read(member), zeros) if member else _Seen() for member in _members(archive)]


def _members(archive: zipfile.ZipFile) -> list[str]:
    """Where each sheet of the book lies: the order of sheets is not that of their numbers. '' where it cannot be told."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    targets: dict[str, str] = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        said = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', relation))
        if len(said) == 2:
            target = said[b"Target"].decode(errors="replace")
            targets[said[b"Id"].decode()] = target[1:] if target.startswith("/") else f"xl/{target}"
    found = [targets.get(number.decode(), "") for number in _SHEET.findall(archive.read("xl/workbook.xml"))]
    return [member if member in names else "" for member in found]


def _zeros(archive: zipfile.ZipFile) -> dict[bytes, int]:
    """The styles that fill up numbers with zeros, with how many digits there are then."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    text = archive.read("xl/styles.xml")
    formats = {
        number: len(zeros[1]) for number, code in _FORMAT.findall(text) if (zeros := _ZEROS.fullmatch(code)) is not None
    }
    styles = _STYLES.search(text)
    if not formats or styles is None:
        return {}
    of_styles = enumerate(_STYLE.findall(styles[0]))
    return {str(style).encode(): formats[number] for style, number in of_styles if number in formats}


def _seen_in(text: bytes, zeros: Mapping[bytes, int]) -> _Seen:
    formulas = [(int(row) - 1, index(letters.decode())) for letters, row in _FORMULA.findall(text)[:_NAMED_AT_MOST]]
    seen = _Seen(formulas=formulas)
    if b't="e"' in text:
        seen.errors = [
            (int(cell[2]) - 1, index(cell[1].decode()), cell[3].decode(errors="replace"))
            for cell in islice(_ERROR.finditer(text), _NAMED_AT_MOST)
        ]
    if b"hidden=" in text:
        seen.hidden_rows = [int(row) - 1 for row in _HIDDEN_ROW.findall(text)]
    if zeros:
        seen.zeros = {
            (int(row) - 1, index(letters.decode())): zeros[style]
            for style, letters, row in _STYLED.findall(text)
            if style in zeros
        }
    return seen


def _sheet(book: CalamineWorkbook, number: int, seen: _Seen) -> Opened:
    sheet = book.get_sheet_by_index(number)
    cells = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), digits in seen.zeros.items():
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = _filled(cells[row][column], digits)
    merged = [(top, left) for (top, left), _ in sheet.merged_cell_ranges or []]
    hidden = book.sheets_metadata[number].visible != SheetVisibleEnum.Visible
    name = book.sheet_names[number]
    return Opened(name, cells, merged, seen.formulas, seen.errors, seen.hidden_rows, hidden)


def _filled(cell: Any, digits: int) -> Any:
    """A whole number as its format shows it."""
    whole = isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1e15 and cell == int(cell)
    return f"{int(cell):0{digits}d}" if whole else cell


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
