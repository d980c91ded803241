"""A specification (鉴定要素细目表) as an Excel table: offered, filled in, read back."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter

from assay.bank.acts import PointRow, drawing_problems, specification_problems
from assay.bank.models import Range, Specification
from assay.kernel.tables import Heading, Problem, Row, Table, as_decimal, read_tables

HEADINGS = (
    Heading("code", "代码", required=True),
    Heading("parent", "上级代码", aliases=("上级",)),
    Heading("kind", "类别", required=True),
    Heading("name", "名称", required=True),
    Heading("weight", "比重（%）", aliases=("比重", "权重")),
    Heading("importance", "重要程度"),
    Heading("draw", "抽考题数", aliases=("抽考", "选考题数")),
)
KINDS = {"范围": "range", "鉴定范围": "range", "鉴定点": "point", "点": "point"}
MOST_DRAWN = 20
EXAMPLE = (
    ("A", "", "范围", "基本要求", "25", ""),
    ("A-A", "A", "范围", "职业道德", "5", ""),
    ("A-A-001", "A-A", "鉴定点", "职业守则", "", "X"),
    ("A-B", "A", "范围", "基础知识", "20", ""),
    ("A-B-001", "A-B", "鉴定点", "安全生产知识", "", "Y"),
    ("B", "", "范围", "相关知识要求", "75", ""),
    ("B-A", "B", "范围", "作业准备", "75", ""),
    ("B-A-001", "B-A", "鉴定点", "工具的选用", "", "X"),
)


def write(specification: Specification | None) -> bytes:
    """The present table, or an example to write over."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("细目表")
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading.title, bold)
    for line, values in enumerate(EXAMPLE if specification is None else _rows(specification), start=1):
        for column, value in enumerate(values):
            sheet.write_string(line, column, value)
    sheet.set_column(0, 2, 12)
    sheet.set_column(3, 3, 40)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _rows(specification: Specification) -> list[tuple[str, ...]]:
    ranges = [
        (r.code, r.code.rpartition("-")[0], "范围", r.name, f"{r.weight.normalize():f}", "", _drawn(specification, r))
        for r in specification.ranges.order_by("code")
    ]
    points = [
        (p.code, p.range.code, "鉴定点", p.name, "", p.importance, "")
        for p in specification.points.select_related("range").order_by("code")
    ]
    return sorted([*ranges, *points])


def _drawn(specification: Specification, found: Range) -> str:
    return str(found.draw) if specification.part == "skill" else ""


def read(file: str, content: bytes, part: str = "theory") -> tuple[list[PointRow], list[Problem]]:
    """The rows, and every problem with its place; problems of the whole (weights, parents) have no row."""
    rows: list[PointRow] = []
    problems: list[Problem] = []
    for table in read_tables(file, content, HEADINGS):
        problems += table.problems
        for row in table.rows:
            found = _row(table, row, problems)
            if found is not None:
                rows.append(found)
    if not problems:
        said = specification_problems(rows) + (drawing_problems(rows) if part == "skill" else [])
        problems += [Problem(file, "", 0, "", text) for text in said]
    return rows, problems


def _row(table: Table, row: Row, problems: list[Problem]) -> PointRow | None:
    kind = KINDS.get(row.text("kind"))
    if kind is None:
        problems.append(table.problem(row.number, "kind", f"“{row.text('kind')}”不认识，可填 范围 或 鉴定点"))
        return None
    weight: Decimal | None = None
    if kind == "range":
        try:
            weight = as_decimal(row.values.get("weight"))
        except ValueError:
            weight = None
        if weight is None:
            problems.append(table.problem(row.number, "weight", f"范围须填比重，“{row.text('weight')}”不是数字"))
            return None
    drawn = row.text("draw").removesuffix(".0") or "1"
    if not drawn.isdecimal() or not 1 <= int(drawn) <= MOST_DRAWN:
        problems.append(table.problem(row.number, "draw", f"抽考题数“{drawn}”应为 1 至 {MOST_DRAWN} 的整数"))
        return None
    return PointRow(
        row.text("code"), row.text("parent"), kind, row.text("name"), weight, row.text("importance"), int(drawn)
    )
