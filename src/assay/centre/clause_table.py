"""Where the clauses stand in the school's own document, as a table: what each is about, and its number there. For the page of the basis,
and for a sheet of the set-up workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assay.kernel.basis import LONGEST_NUMBER, subject
from assay.kernel.clauses import PLAN
from assay.kernel.sheet_file import SheetFile
from assay.kernel.tables import Heading, Problem, as_text, read_tables

ABOUT, NUMBER = "规则内容", "条款号"
SUBJECTS: Mapping[str, str] = {subject(clause): clause for clause in PLAN}
"""What people call a clause by → the clause."""
Wrong = tuple[int, str, str]
"""The row, the column and what is wrong there."""


def written(numbers: Mapping[str, str]) -> bytes:
    """To be filled in by Excel and taken back."""
    sheet = SheetFile("条款号", (ABOUT, NUMBER), typed=(NUMBER,))
    for called, clause in SUBJECTS.items():
        sheet.row(called, numbers.get(clause, ""))
    return sheet.content()


def read(file: str, content: bytes) -> tuple[dict[str, str], list[Problem]]:
    """The numbers that were filled in, and everything that is wrong with the file."""
    numbers: dict[str, str] = {}
    problems: list[Problem] = []
    for table in read_tables(file, content, [Heading(title, title, required=True) for title in (ABOUT, NUMBER)]):
        problems += table.problems
        rows = [(row.number, row.values) for row in table.rows]
        found, wrong = numbers_of(rows)
        numbers |= found
        problems += [table.problem(*one) for one in wrong]
    return numbers, problems


def numbers_of(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[dict[str, str], list[Wrong]]:
    """Clause → number, of rows as they are seen, and what is wrong with which; what is left empty is not among them."""
    numbers: dict[str, str] = {}
    wrong: list[Wrong] = []
    at: dict[str, int] = {}
    for row, values in rows:
        called, number = as_text(values.get(ABOUT, "")), as_text(values.get(NUMBER, ""))
        if called not in SUBJECTS:
            wrong.append((row, ABOUT, f"没有“{called}”这项规则，请照下载的表填写，不要改动这一列"))
        elif called in at:
            wrong.append((row, ABOUT, f"“{called}”在第 {at[called]} 行已经有了，请只留一行"))
        elif isinstance(values.get(NUMBER), date):
            wrong.append((row, NUMBER, "被 Excel 当成了日期，请把这一列设为文本后重新填写条款号"))
        elif len(number) > LONGEST_NUMBER:
            wrong.append((row, NUMBER, f"条款号最多 {LONGEST_NUMBER} 个字，现有 {len(number)} 个"))
        elif number:
            numbers[SUBJECTS[called]] = number
        at.setdefault(called, row)
    return numbers, wrong
