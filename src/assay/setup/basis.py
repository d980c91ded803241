"""The two sheets of the basis of the rules: the document, and where in it each clause stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assay.centre.acts.basis import Given
from assay.centre.basis import now
from assay.centre.clause_table import ABOUT, NUMBER, SUBJECTS, numbers_of
from assay.kernel.basis import KINDS, Kind
from assay.setup import columns as c

DOCUMENT, CLAUSES = "规则依据", "条款号"
"""Titles of the sheets."""
DOCUMENT_COLUMNS = (
    c.choice("依据", "kind", {title: str(kind) for kind, title in KINDS.items()}),
    c.text("文件名称", "title"),
    c.text("文号", "document_no"),
    c.day("施行日期", "since"),
)
CLAUSE_COLUMNS = (c.text(ABOUT, "about", required=True), c.text(NUMBER, "number"))
Rows = Sequence[tuple[int, Mapping[str, Any]]]
Wrong = Callable[[str, int, str, str], None]
"""Takes the sheet, the row, the column and what is wrong there."""


def document_rows() -> Iterator[list[str]]:
    """What is in force."""
    row = now()
    yield [column.write(getattr(row, column.field)) for column in DOCUMENT_COLUMNS]


def clause_rows(*, with_data: bool) -> Iterator[list[str]]:
    """Every rule with its number, also in the template: there is nothing to fill in else."""
    numbers = now().numbers if with_data else {}
    for called, clause in SUBJECTS.items():
        yield [called, numbers.get(clause, "")]


def given(values: Mapping[str, Any] | None, rows: Rows, wrong: Wrong) -> Given | None:
    """What the two sheets say, `values` being the line of the document; None where they say nothing. A workbook without the sheet of the
    clauses leaves the numbers as they are."""
    numbers, faults = numbers_of(rows)
    for fault in faults:
        wrong(CLAUSES, *fault)
    if numbers and (values is None or values["kind"] != Kind.OWN):
        own = KINDS[Kind.OWN]
        wrong(CLAUSES, 0, NUMBER, f"填了条款号的，请在“{DOCUMENT}”工作表的“依据”列填“{own}”，并写明文件名称")
        return None
    if values is None:
        return None
    standing = now()
    if not rows and values["kind"] == standing.kind == Kind.OWN:
        numbers = standing.numbers
    return Given(values["kind"], values.get("title", ""), values.get("document_no", ""), values.get("since"), numbers)
