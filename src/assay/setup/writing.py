"""The look of the set-up workbook: lists in the cells, comments at the headings, an example in each empty sheet, and how it all goes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from assay.kernel.sheet_file import shown_width
from assay.setup.columns import Col
from assay.setup.wording import HOW, MARKED, NOTES, REMARKS, WHAT

LAST_ROW = 3000
LISTS = "说明-选项"
EXPLAINED = "说明"
BY_COLUMN = "说明-各列写法"
NARROWEST, WIDEST = 9, 42
_DAY = "yyyy-mm-dd"


class Book:
    """A workbook, sheet by sheet. `headings` say which columns each sheet has: lists point from one to another."""

    def __init__(self, headings: dict[str, Sequence[Col]]) -> None:
        self._headings = headings
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        kinds: dict[str, dict[str, Any]] = {
            "head": {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "vcenter"},
            "needed": {"bold": True, "bg_color": "#CFE0F5", "border": 1, "text_wrap": True, "valign": "vcenter"},
            "aside": {"bold": True, "bg_color": "#EEEEEE", "font_color": "#666666", "border": 1, "valign": "vcenter"},
            "example": {"italic": True, "font_color": "#7A7A7A", "bg_color": "#F7F7F2", "num_format": "@"},
            "text": {"num_format": "@"},
            "day": {"num_format": _DAY},
            "grey": {"font_color": "#666666"},
            "title": {"bold": True, "font_size": 14},
            "wrapped": {"text_wrap": True, "valign": "top", "border": 1},
        }
        self._formats: dict[str, Format] = {name: self._book.add_format(one) for name, one in kinds.items()}
        self._explained = self._book.add_worksheet(EXPLAINED)
        self._by_column = self._book.add_worksheet(BY_COLUMN)
        self._listed: list[tuple[str, ...]] = []
        self._lists: Worksheet | None = None

    def sheet(self, title: str, rows: Iterable[Sequence[Any]]) -> None:
        """Its headings, its rows, or an example where it has none."""
        columns = self._headings[title]
        sheet = self._book.add_worksheet(title)
        self._heads(sheet, title, columns)
        widths = [shown_width(column.title) + 3 for column in columns]
        filled = 1
        for filled, values in enumerate(rows, start=2):
            for at, value in enumerate(values):
                self._cell(sheet, filled - 1, at + 1, value, columns[at])
                widths[at] = max(widths[at], shown_width(str(value)))
        if filled == 1:
            widths = [
                max(width, shown_width(self._example(sheet, title, columns, at))) for at, width in enumerate(widths)
            ]
        sheet.set_column(0, 0, 13, self._formats["grey"])
        for at, width in enumerate(widths):
            plain = (
                self._formats["text"]
                if columns[at].title.endswith(("证号", "编码", "代码", "编号", "电话", "条款号"))
                else None
            )
            sheet.set_column(at + 1, at + 1, min(max(width + 1, NARROWEST), WIDEST), plain)
            self._list(sheet, at + 1, columns[at])
        sheet.freeze_panes(1, 2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST_ROW}"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _heads(self, sheet: Worksheet, title: str, columns: Sequence[Col]) -> None:
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, REMARKS, self._formats["aside"])
        sheet.write_comment(0, 0, f"本列可写备注，不导入；标着“{MARKED}”的行跳过。", {"x_scale": 1.5, "font_size": 10})
        for at, column in enumerate(columns, start=1):
            look = "aside" if column.shown_only else "needed" if column.required else "head"
            sheet.write_string(0, at, f"{column.title}{'*' if column.required else ''}", self._formats[look])
            said = self._said(title, column)
            size = {"x_scale": 2, "y_scale": 1.3, "font_size": 10}
            sheet.write_comment(0, at, said, size)

    def _said(self, title: str, column: Col) -> str:
        how, example = HOW[title][column.title]
        must = "必填。" if column.required else ""
        words = f"可填：{'、'.join(column.words)}。" if column.words and len(column.words) <= 8 else ""
        return f"{must}{how}。{words}{f'例：{example}' if example else ''}"

    def _example(self, sheet: Worksheet, title: str, columns: Sequence[Col], at: int) -> str:
        """One cell of the example row; with the first, the mark before it."""
        if at == 0:
            sheet.write_string(1, 0, MARKED, self._formats["example"])
        said = HOW[title][columns[at].title][1]
        sheet.write_string(1, at + 1, said, self._formats["example"])
        return said

    def _cell(self, sheet: Worksheet, row: int, at: int, value: Any, column: Col) -> None:
        look = self._formats["grey"] if column.shown_only else None
        if isinstance(value, int | Decimal):
            sheet.write_number(row, at, value, look)
        elif isinstance(value, date):
            sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), self._formats["day"])
        elif value not in ("", None):
            sheet.write_string(row, at, str(value), look)

    def _list(self, sheet: Worksheet, at: int, column: Col) -> None:
        """A drop-down: of fixed words no others are taken; where others may stand, several ones too, it only proposes."""
        if column.words:
            rule = {
                "source": self._on_a_sheet(column.words),
                "error_title": "请从列表中选择",
                "error_message": "请从下拉列表中选择。",
            }
        elif column.called is not None:
            rule = {"source": self._from(column.called.sheet, column.called.column), "show_error": False}
        elif column.suggested is not None:
            rule = {"source": self._on_a_sheet(tuple(column.suggested())), "show_error": False}
        else:
            return
        if column.called is not None and column.words:
            rule["show_error"] = False
        sheet.data_validation(1, at, LAST_ROW, at, {"validate": "list", **rule})

    def _from(self, sheet: str, column: str) -> str:
        """The cells of another sheet: what is written there stands in the list at once."""
        titles = [one.title for one in self._headings[sheet]]
        letter = xl_col_to_name(titles.index(column) + 1, col_abs=True)
        return f"='{sheet}'!{letter}$2:{letter}${LAST_ROW + 1}"

    def _on_a_sheet(self, words: tuple[str, ...]) -> Any:
        if len(",".join(words)) < 200 and not any("," in word for word in words):
            return list(words)
        if words not in self._listed:
            self._listed.append(words)
        letter = xl_col_to_name(self._listed.index(words), col_abs=True)
        return f"='{LISTS}'!{letter}$1:{letter}${len(words)}"

    def content(self, notes: Sequence[str] = ()) -> bytes:
        """The file. `notes`: what is to be read of this one, before how it is filled in."""
        self._explain(notes)
        lists = self._book.add_worksheet(LISTS)
        for at, words in enumerate(self._listed):
            lists.write_column(0, at, words)
        lists.hide()
        self._book.close()
        return self._buffer.getvalue()

    def _explain(self, notes: Sequence[str]) -> None:
        sheet = self._explained
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 96)
        sheet.write_string(0, 0, "建校工作簿填写说明", self._formats["title"])
        line = 2
        for text in (*notes, *NOTES):
            sheet.merge_range(line, 0, line, 1, text, self._formats["wrapped"])
            sheet.set_row(line, 16 * (1 + shown_width(text) // 108))
            line += 1
        sheet.write_row(line + 1, 0, ["工作表", "填什么"], self._formats["head"])
        for at, title in enumerate(self._headings, start=line + 2):
            sheet.write_string(at, 0, title, self._formats["wrapped"])
            sheet.write_string(at, 1, WHAT[title], self._formats["wrapped"])
            sheet.set_row(at, 16 * (1 + shown_width(WHAT[title]) // 94))
        self._explain_columns()

    def _explain_columns(self) -> None:
        sheet = self._by_column
        sheet.write_row(0, 0, ["工作表", "列", "必填", "写法", "示例"], self._formats["head"])
        for at, width in enumerate((12, 18, 7, 60, 36)):
            sheet.set_column(at, at, width)
        line = 0
        for title, columns in self._headings.items():
            for column in columns:
                line += 1
                how, example = HOW[title][column.title]
                words = f"（可填 {'、'.join(column.words)}）" if column.words and len(column.words) <= 8 else ""
                needed = "只供对照" if column.shown_only else "必填" if column.required else ""
                cells = (title, column.title, needed, how + words, example)
                for at, text in enumerate(cells):
                    sheet.write_string(line, at, text, self._formats["wrapped"])
                sheet.set_row(line, 16 * max(1 + shown_width(how + words) // 58, 1 + shown_width(example) // 34))
        sheet.freeze_panes(1, 0)
        for one in (self._explained, sheet):
            one.set_landscape()
            one.set_paper(9)
            one.fit_to_pages(1, 0)
