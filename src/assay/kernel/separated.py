"""Tables in plain text, as Excel and other programs save them: cells parted by commas, semicolons or tabs, in whichever encoding."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from typing import Any

from assay.kernel.opening import MOST_CELLS, MOST_COLUMNS

MONTH_LOST = re.compile(r"(?:19|20)\d\d\.1")
"""A number that was typed as a month: of 2024.10 Excel keeps 2024.1, also where it saves it as text."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|meta|table|body|style)\b", re.IGNORECASE)


def no_table(content: bytes) -> str | None:
    """Why this text holds no cells that can be read, in Chinese: what school systems hand out under the name of a workbook."""
    if _HTML.match(content.lstrip(b"\xef\xbb\xbf \t\r\n")):
        return "这是网页（HTML），只是名字叫 .xls，不是真正的 Excel 文件：请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in content[:2000]:
        return "这是旧的 XML 表格，不是真正的 Excel 文件：请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
    return None


def separated_cells(content: bytes) -> list[list[Any]] | str:
    """The cells, or why they cannot be read. UTF-16 with its mark, UTF-8 (with or without) or GB 18030; told apart by whether UTF-8
    decodes. Between the cells stand commas, semicolons or tabs."""
    other = no_table(content)
    if other:
        return other
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
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
        for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)):
            cells += len(row)
            if len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                return f"第 {len(rows) + 1} 行处内容过多（最多 {MOST_COLUMNS} 列、{MOST_CELLS} 格），请只保留需要的列"
            rows.append([float(cell) if MONTH_LOST.fullmatch(cell.strip()) else cell for cell in row])
    except csv.Error:
        return "CSV 格式不对，请用 Excel 另存为 .xlsx"
    return rows


def _delimiter(text: str) -> str:
    """What stands between the cells: what parts the first line that anything parts most often."""
    for line in itertools.islice(text.splitlines(), 20):
        most = max(",;\t", key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))
        if most in line:
            return most
    return ","
