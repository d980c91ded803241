"""A roster as departments keep it: with other sheets, totals and numbers that Excel changed. What was passed over is said, what was
lost is one problem at its cell."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from openpyxl import load_workbook

from assay.applications.acts.importing import import_roster
from assay.applications.models import Person
from tests import factories as f
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return School()


def test_a_number_that_excel_cut_off_is_one_problem_at_its_cell(school: School) -> None:
    found = school.problems(school.line(1, 证件号码=410105200603150019))
    assert found == [(2, "证件号码", "按数字保存，末尾几位已丢失：请把该列设为文本后重新填写")]
    text = "\n".join(",".join(map(str, row)) for row in (HEAD, school.line(1, 证件号码="4.10105E+17")))
    (problem,) = school.read(text.encode(), file="名册.csv").problems
    assert "末尾几位已丢失" in problem.message


def test_a_number_that_is_january_or_october_is_asked_about(school: School) -> None:
    ((row, column, message),) = school.problems(school.line(1, 入学年月=2024.10))
    assert (row, column) == (2, "入学年月")
    assert "填成 2024-01 或 2024-10" in message


def test_a_student_number_is_kept_with_the_zeros_that_its_format_shows(school: School) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, school.line(1))
    sheet.write_number(1, HEAD.index("学号"), 12, book.add_format({"num_format": "000000"}))
    book.close()
    roster = school.read(buffer.getvalue())
    assert roster.problems == []
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    assert Person.objects.get().student_no == "000012"


def test_other_sheets_and_totals_are_passed_over_and_named_and_people_without_photos_with_their_sheet(
    school: School,
) -> None:
    content = workbook(
        ("名册", [HEAD, school.line(1), ["合计", "1人"]]), ("Sheet2", []), ("统计", [["院系", "人数"], ["汽车工程系", 2]]),
        ("二班", [HEAD, school.line(2)]),
    )  # fmt: skip
    roster = school.read(content)
    assert roster.problems == []
    assert [row.person.name for row in roster.rows] == [f.name(1), f.name(2)]
    assert roster.notes[:2] == [
        "名册.xlsx「统计」：没有所需的表头，没有读取这张工作表", "名册.xlsx「名册」第 3 行：“合计”是合计，没有作为一行读取",
    ]  # fmt: skip
    assert "2 人没有照片（「名册」第 2 行、「二班」第 2 行）" in roster.notes[2]


def test_people_who_are_hidden_are_not_imported_unasked(school: School) -> None:
    made = load_workbook(
        io.BytesIO(workbook(("名册", [HEAD, school.line(1), school.line(2)]), ("旧表", [HEAD, school.line(3)])))
    )
    made["名册"].row_dimensions[3].hidden = True
    made["旧表"].sheet_state = "hidden"
    buffer = io.BytesIO()
    made.save(buffer)
    found = [(p.sheet, p.message[:12]) for p in school.read(buffer.getvalue()).problems]
    assert found == [("名册", "第 3 行（共 1 行）"), ("旧表", "这张工作表是隐藏的：其中")]
