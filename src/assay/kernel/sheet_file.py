"""Tables handed out as Excel: a sheet that can be added up, filtered and printed as it comes.

Numbers are numbers and days are days; whatever is text stays text, also a number that only names somebody (identity, ticket), and
nothing that somebody wrote runs as a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from xlsxwriter.format import Format

from assay.kernel.clock import SHANGHAI

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
NARROWEST, WIDEST = 6, 60
ARROW = 3
"""So much wider is a heading for the arrow of its filter."""
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_NUMBERED = re.compile(r"[0-9A-Za-z*-]{1,40}")
_LONGEST_TITLE, _LONGEST_HEADER = 31, 80


class SheetFile:
    """An Excel file of one sheet, written row by row. `typed`: headings of columns that people fill in: what they type stays as it is,
    3.10 no number and 3-2 no day."""

    def __init__(self, title: str, headings: Sequence[str], *, typed: Sequence[str] = ()) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._book.add_worksheet(sheet_title(title))
        self._head = self._book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "valign": "vcenter"})
        self._formats: dict[str, Format] = {}
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._title, self._rows = title, 1
        self._widths = [shown_width(heading) + ARROW for heading in headings]
        self._typed = {column for column, heading in enumerate(headings) if heading in typed}
        for column, heading in enumerate(headings):
            self._sheet.write_string(0, column, heading, self._head)

    def row(self, *cells: Any) -> None:
        for column, value in enumerate(cells):
            width = self._write(column, value)
            if column < len(self._widths):
                self._widths[column] = max(self._widths[column], width)
        self._rows += 1

    def _write(self, column: int, value: Any) -> int:
        """How wide the cell is."""
        number, sheet = self._rows, self._sheet
        if isinstance(value, bool):
            value = "是" if value else "否"
        if isinstance(value, int | float | Decimal):
            sheet.write_number(number, column, value, self._places_of(value))
            return len(str(value))
        if isinstance(value, datetime):
            kind = f"{MOMENT}.000" if value.microsecond else MOMENT
            sheet.write_datetime(number, column, value.astimezone(SHANGHAI).replace(tzinfo=None), self._format(kind))
            return len(MOMENT)
        if isinstance(value, date):
            sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), self._format(DAY))
            return len(DAY)
        text = "" if value is None else str(value)
        if text:
            sheet.write_string(number, column, text, self._format_of(text))
        return shown_width(text)

    def _places_of(self, value: float | Decimal) -> Format | None:
        """85.0 stays 85.0, as in the table on the page."""
        if not isinstance(value, Decimal) or (places := -int(value.as_tuple().exponent)) <= 0:
            return None
        return self._format(f"0.{'0' * places}")

    def _format(self, of_number: str) -> Format:
        if of_number not in self._formats:
            self._formats[of_number] = self._book.add_format({"num_format": of_number})
        return self._formats[of_number]

    def _format_of(self, text: str) -> Format | None:
        """A number that names somebody stays text when it is typed over; what is longer than a column goes on below."""
        if _NUMBERED.fullmatch(text):
            return self._format("@")
        return self._wrapped if shown_width(text) > WIDEST else None

    def content(self) -> bytes:
        """The file, with its head in sight on the screen and on every printed page."""
        sheet, last = self._sheet, len(self._widths) - 1
        for column, width in enumerate(self._widths):
            look = self._format("@") if column in self._typed else None
            sheet.set_column(column, column, min(max(width + 1, NARROWEST), WIDEST), look)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self._rows - 1, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._rows}"})
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&C{self._title[:_LONGEST_HEADER].replace('&', '&&')}")
        sheet.set_footer("&C第 &P 页 共 &N 页")
        self._book.close()
        return self._buffer.getvalue()


def sheet_title(title: str) -> str:
    """What Excel takes as the name of a sheet."""
    return _NOT_IN_A_TITLE.sub("-", title)[:_LONGEST_TITLE].strip("'") or "表"


def shown_width(text: str) -> int:
    """In columns of a digit's width: a Han sign takes two. Of several lines the longest."""
    return max(
        (sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n")), default=0
    )


def xlsx_response(content: bytes, name: str) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response
