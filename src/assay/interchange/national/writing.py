"""A table in the national form as a workbook, ready to print: title block, two-row headings, ranges merged over their points."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from assay.interchange.national.cells import ratio_text
from assay.interchange.national.headings import LEVELS, POINTS
from assay.items.specification import PointRow

RANGE_TITLES = ("名称", "代码", "重要程度比例", "鉴定比重（%）")
POINT_TITLES = ("代码", "名称", "重要程度", "备注")
WIDTHS = (14, 5, 12, 8)
BODY = 4
"""Rows above the table: title, title block, two rows of headings."""


@dataclass(frozen=True)
class TitleBlock:
    occupation: str
    level: str
    manner: str = "理论知识"


def write(rows: Sequence[PointRow], block: TitleBlock) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("鉴定要素细目表")
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format(
            {
                "bold": True,
                "bg_color": "#E8EEF7",
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        "cell": book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
    }
    _headings(sheet, formats, block, sum(r.kind == "point" for r in rows))
    _body(sheet, formats["cell"], rows)
    sheet.freeze_panes(BODY, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    book.close()
    return buffer.getvalue()


def _headings(sheet: Any, formats: dict[str, Any], block: TitleBlock, points: int) -> None:
    width = len(LEVELS) * len(RANGE_TITLES)
    sheet.merge_range(0, 0, 0, width + 3, "鉴定要素细目表", formats["title"])
    said = (f"职业：{block.occupation}", f"等级：{block.level}", f"鉴定方式：{block.manner}", f"鉴定点数：{points}")
    for group, text in enumerate(said):
        sheet.write_string(1, group * len(RANGE_TITLES), text)
    for group, name in enumerate([*(f"鉴定范围{level}" for level in LEVELS), POINTS]):
        left = group * len(RANGE_TITLES)
        sheet.merge_range(2, left, 2, left + 3, name, formats["head"])
        for column, title in enumerate(POINT_TITLES if name == POINTS else RANGE_TITLES):
            sheet.write_string(3, left + column, title, formats["head"])
        for column, size in enumerate((6, 36, 8, 10) if name == POINTS else WIDTHS):
            sheet.set_column(left + column, left + column, size)


def _body(sheet: Any, form: Any, rows: Sequence[PointRow]) -> None:
    lines = list(_lines(rows))
    ranges = {r.code: r for r in rows if r.kind == "range"}
    for level in range(len(LEVELS)):
        left, top = level * len(RANGE_TITLES), 0
        while top < len(lines):
            code = lines[top][0][level]
            end = top
            # A cell is merged over the rows of its range, not over two ranges without a level of their own.
            while code and end + 1 < len(lines) and lines[end + 1][0][level] == code:
                end += 1
            _range(sheet, form, (BODY + top, BODY + end, left), ranges.get(code), _ratio(rows, code))
            top = end + 1
    left = len(LEVELS) * len(RANGE_TITLES)
    for line, (_, point) in enumerate(lines, start=BODY):
        texts = (point.code.rpartition("-")[2], point.name, point.importance, "") if point else ("",) * 4
        for column, text in enumerate(texts):
            sheet.write_string(line, left + column, text, form)


def _range(sheet: Any, form: Any, place: tuple[int, int, int], found: PointRow | None, ratio: str) -> None:
    top, bottom, left = place
    weight = float(found.weight or 0) if found else ""
    values = (found.name, found.code.rpartition("-")[2], ratio, weight) if found else ("",) * 4
    for column, value in enumerate(values, start=left):
        if bottom > top:
            sheet.merge_range(top, column, bottom, column, value, form)
        elif isinstance(value, float):
            sheet.write_number(top, column, value, form)
        else:
            sheet.write_string(top, column, value, form)


def _lines(rows: Sequence[PointRow]) -> Iterator[tuple[tuple[str, ...], PointRow | None]]:
    """One for each point, and for each range that has nothing beneath: the codes of its ranges by level ('' where there is none)."""
    parents = {r.parent for r in rows}
    lines = sorted((r for r in rows if r.kind == "point" or r.code not in parents), key=lambda r: r.code)
    for row in lines:
        within = row.parent if row.kind == "point" else row.code
        parts = within.split("-")
        codes = tuple("-".join(parts[: n + 1]) if n < len(parts) else "" for n in range(len(LEVELS)))
        yield codes, row if row.kind == "point" else None


def _ratio(rows: Sequence[PointRow], code: str) -> str:
    kinds = Counter(r.importance for r in rows if r.kind == "point" and r.code.startswith(f"{code}-"))
    return ratio_text((kinds["X"], kinds["Y"], kinds["Z"]))
