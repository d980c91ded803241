"""Tables as people hand them in: what Excel has lost is named, what nobody meant is passed over, what is hidden is asked about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from assay.kernel.tables import Heading, Table, as_date, date_problem, read_book, read_sheets, read_tables

HEADINGS = (
    Heading("name", "姓名", required=True), Heading("number", "学号", required=True), Heading("on", "入学年月"), Heading("class", "班级"),
)  # fmt: skip
HEAD = ["姓名", "学号", "入学年月", "班级"]
ONE = ["赵一", "001", "2024-09-01", "一班"]


def book(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> Workbook:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return made


def content(made: Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(made: Workbook | bytes, file: str = "表.xlsx") -> list[Table]:
    return read_tables(file, made if isinstance(made, bytes) else content(made), HEADINGS)


def said(tables: list[Table]) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.message) for table in tables for p in table.problems]


def one(value: Any, column: int = 1) -> list[tuple[int, str, str]]:
    """The problems of a row in which a cell holds this."""
    row = [*ONE[:column], value, *ONE[column + 1 :]]
    return said(read(book(("名册", [HEAD, row]))))


@pytest.mark.parametrize("number", [410105200805050100, 4.1010520080505e17, 1234567890123456])
def test_a_number_that_excel_has_cut_off_is_named(number: float) -> None:
    assert one(number) == [(2, "学号", "按数字保存，末尾几位已丢失：请把该列设为文本后重新填写")]


@pytest.mark.parametrize("number", [20240101, 202401010123456, 12])
def test_a_number_that_excel_keeps_whole_is_read(number: int) -> None:
    (table,) = read(book(("名册", [HEAD, ["赵一", number, "", ""]])))
    assert (table.problems, table.rows[0].text("number")) == ([], str(number))


def test_what_excel_wrote_into_a_text_as_a_power_of_ten_is_named() -> None:
    ((_, column, message),) = said(read("姓名,学号\n赵一,4.10105E+17\n".encode("gb18030"), "名册.csv"))
    assert (column, "末尾几位已丢失" in message) == ("学号", True)


def test_zeros_that_only_the_format_shows_are_part_of_the_number() -> None:
    made = book(("名册", [HEAD, ["赵一", 12, "", ""], ["钱二", 1234567, "", ""], ["孙三", 12, "", ""]]))
    sheet = made["名册"]
    sheet["B2"].number_format, sheet["B3"].number_format, sheet["B4"].number_format = "000000", "000000", "0"
    (table,) = read(made)
    assert [row.text("number") for row in table.rows] == ["000012", "1234567", "12"]


def test_errors_and_truth_values_are_named_at_their_cells() -> None:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    sheet = made.add_worksheet("名册")
    sheet.write_row(0, 0, [*HEAD, "备注"])
    sheet.write_row(1, 0, ONE)
    sheet.write_boolean(1, 3, True)
    made.close()
    broken = buffer.getvalue()
    assert said(read(broken)) == [(2, "班级", "单元格是逻辑值 TRUE，请改成应有的文字")]
    other = book(("名册", [[*HEAD, "备注"], ["赵一", "001", "", "#N/A", "#REF!"]]))
    other["名册"]["D2"].data_type = other["名册"]["E2"].data_type = "e"
    assert said(read(other)) == [(2, "班级", "单元格是错误值 #N/A，请改成应有的内容")]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2023-09-01 00:00:00", date(2023, 9, 1)), ("2023/9/1 0:00", date(2023, 9, 1)), ("2023-09-01T08:30:00", date(2023, 9, 1)),
        (2024.09, date(2024, 9, 1)), (2024.11, date(2024, 11, 1)), (202707.0, date(2027, 7, 1)), ("2024.1", date(2024, 1, 1)),
        ("2024.10", date(2024, 10, 1)),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_come_out_of_tables(value: Any, day: date) -> None:
    assert as_date(value) == day


def test_a_number_that_is_january_or_october_is_neither() -> None:
    with pytest.raises(ValueError, match=r"2024\.1"):
        as_date(2024.10)
    assert date_problem(2024.10).endswith("请把该列设为文本，填成 2024-01 或 2024-10")
    assert "不是日期" in date_problem("去年")
    (table,) = read("姓名,学号,入学年月\n赵一,001,2024.1\n".encode(), "名册.csv")
    assert "1 月还是 10 月" in date_problem(table.rows[0].values["on"])


def test_empty_sheets_and_sheets_of_something_else_are_passed_over_with_a_note() -> None:
    tables = read(
        book(
            ("名册", [HEAD, ONE]), ("Sheet2", []), ("统计", [["班级", "姓名", "人数"], ["一班", "", 1]]), ("Sheet3", [["电话", "备注"]]),
            ("二班", [HEAD, ["钱二", "002", "", ""]]), ("说明", [["随便写"]]),
        )
    )  # fmt: skip
    assert said(tables) == []
    assert [row.text("name") for table in tables for row in table.rows] == ["赵一", "钱二"]
    assert [(n.sheet, n.message) for table in tables for n in table.notes] == [
        (name, "没有所需的表头，没有读取这张工作表") for name in ("统计", "Sheet3")
    ]


def test_a_sheet_that_is_meant_and_lacks_a_column_is_a_problem_beside_others_too() -> None:
    found = said(read(book(("名册", [HEAD, ONE]), ("二班", [["姓名", "班级"], ["钱二", "二班"]]))))
    assert found == [(1, "学号", "缺少这一列，请使用模板的表头")]


def test_books_without_anything_say_so_once() -> None:
    assert said(read(book(("名册", []), ("Sheet2", [])))) == [(0, "", "工作表是空的，请按模板填写")]


def test_rows_that_add_up_are_passed_over_with_a_note() -> None:
    rows = [
        ["序号", *HEAD],
        [1, *ONE],
        ["合计", "1人", "", "", ""],
        ["", "总计：", "", "", ""],
        ["", "共 1 人", "", "", ""],
    ]
    (table,) = read(book(("名册", rows)))
    assert (said([table]), len(table.rows)) == ([], 1)
    assert [(n.row, n.message) for n in table.notes] == [
        (3, "“合计”是合计，没有作为一行读取"), (4, "“总计：”是合计，没有作为一行读取"), (5, "“共 1 人”是合计，没有作为一行读取"),
    ]  # fmt: skip


def test_who_is_called_like_a_total_is_a_row_all_the_same() -> None:
    (table,) = read(book(("名册", [HEAD, ["共和", "003", "", ""], ["总计", "004", "2024-09", "一班"]])))
    assert len(table.rows) == 2


def test_a_hidden_sheet_of_people_is_asked_about_and_one_of_lists_is_not() -> None:
    made = book(("名册", [HEAD, ONE]), ("旧表", [HEAD, ["钱二", "002", "", ""]]), ("选项", [["汉族"], ["回族"]]))
    made["旧表"].sheet_state, made["选项"].sheet_state = "hidden", "veryHidden"
    ((row, column, message),) = said(read(made))
    assert (row, column) == (0, "")
    assert message.startswith("这张工作表是隐藏的")


@pytest.mark.parametrize("filtered", [False, True])
def test_hidden_and_filtered_rows_are_asked_about(filtered: bool) -> None:
    made = book(("名册", [["报名表"], HEAD, ONE, ["钱二", "002", "", ""], ["孙三", "003", "", ""]]))
    sheet = made["名册"]
    sheet.row_dimensions[1].hidden = sheet.row_dimensions[4].hidden = sheet.row_dimensions[9].hidden = True
    if filtered:
        sheet.auto_filter.ref = "A2:D5"
    ((_, _, message),) = said(read(made))
    assert message.startswith("第 4 行（共 1 行）被隐藏或筛选掉了")


def test_what_is_hidden_is_found_whatever_the_order_of_the_sheets() -> None:
    made = book(("后来", [HEAD, ["钱二", "002", "", ""]]), ("名册", [HEAD, ONE, ["孙三", "003", "", ""]]))
    made["名册"].row_dimensions[3].hidden = True
    made.move_sheet("名册", -1)
    assert [(p.sheet, p.row) for table in read(made) for p in table.problems] == [("名册", 0)]


def test_hidden_sheets_and_rows_of_other_books_are_asked_about_as_well() -> None:
    made = book(("名册", [HEAD, ONE]), ("旧表", [HEAD, ONE]))
    made["旧表"].sheet_state = "hidden"
    made["名册"].row_dimensions[2].hidden = True
    wanted = {"名册": HEADINGS, "旧表": HEADINGS}
    both = [p.sheet for table in read_book("表.xlsx", content(made), wanted) for p in table.problems]
    assert both == ["名册", "旧表"]
    assert [p.sheet for p in read_sheets("表.xlsx", content(made))[1]] == ["名册", "旧表"]


@pytest.mark.parametrize("blank", [" ", "", "　\n"])
@pytest.mark.parametrize("place", ["B1048576", "XFD3", "C200000"])
def test_blanks_far_away_are_nothing(blank: str, place: str) -> None:
    made = book(("名册", [HEAD, ONE]))
    made["名册"][place] = blank
    buffer = io.BytesIO()
    other = xlsxwriter.Workbook(buffer)
    sheet = other.add_worksheet("名册")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ONE)
    sheet.write_formula(place, '=""', None, blank) if not blank else sheet.write_string(place, blank)
    other.close()
    for one_of_both in (content(made), buffer.getvalue()):
        (table,) = read(one_of_both)
        assert (said([table]), len(table.rows)) == ([], 1)


def test_beside_far_blanks_what_is_written_far_away_is_still_named() -> None:
    made = book(("名册", [HEAD, ONE]))
    made["名册"]["B1048576"], made["名册"]["B1048575"] = " ", "x"
    ((_, _, message),) = said(read(made))
    assert message.startswith("单元格 B1048575 里有内容")


def test_blank_rows_below_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.kernel.tables.MOST_ROWS", 5)
    rows = [HEAD, ONE, *[["", " ", "", ""]] * 50]
    (table,) = read(book(("名册", rows)))
    assert (said([table]), len(table.rows)) == ([], 1)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be-marked"])
def test_text_is_read_with_whatever_stands_between_its_cells(sign: str, encoding: str) -> None:
    text = "\r\n".join(sign.join(row) for row in (["一班", "", "", ""], HEAD, ["赵一", "001", '"2024-09"', '"a,b;c"']))
    given = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-marked" else text.encode(encoding)
    (table,) = read(given, "名册.csv")
    assert said([table]) == []
    assert [list(row.values.values()) for row in table.rows] == [["赵一", "001", "2024-09", "a,b;c"]]


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"<html><body><table><tr><td>", "网页"), (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "网页"), (b"<table border=1>", "网页"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML"),
    ],
)  # fmt: skip
def test_pages_that_only_go_by_the_name_of_a_workbook_are_refused_in_words(begin: bytes, kind: str) -> None:
    ((_, _, message),) = said(read(begin + "姓名".encode(), "名册.xls"))
    assert kind in message
    assert "另存为 .xlsx" in message


OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="名册">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
TEXT_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def open_document(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", OPEN.format(rows))
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def test_a_book_of_open_document_is_read() -> None:
    lines = ["".join(TEXT_CELL.format("", cell) for cell in row) for row in (HEAD, ONE)]
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    below = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    (table,) = read(open_document(rows + below), "名册.ods")
    assert said([table]) == []
    assert [row.text("name") for row in table.rows] == ["赵一"]


def test_an_open_document_that_repeats_a_cell_without_end_takes_no_more_than_it_may() -> None:
    cell = TEXT_CELL.format(' table:number-columns-repeated="16384"', "x")
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    ((_, _, message),) = said(read(open_document(rows), "a.ods"))
    assert "另存为 .xlsx" in message
