"""A specification (鉴定要素细目表) as an Excel table: offered, filled in, read back; in our own form or in the national one."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter

from assay.bank.models import Specification
from assay.bank.specifications.acts import CLAUSE
from assay.catalogue.parts import Part
from assay.interchange.national import reading as national
from assay.interchange.national import writing
from assay.items.specification import PointRow, drawing_problems, specification_problems
from assay.kernel.refusals import Refused
from assay.kernel.tables import Heading, Problem, Row, Table, as_decimal, read_sheets, read_tables

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
NATIONAL_EXAMPLE = (
    PointRow("A", "", "range", "基本要求", Decimal(25)),
    PointRow("A-A", "A", "range", "职业道德", Decimal(5)),
    PointRow("A-A-A", "A-A", "range", "职业道德基本知识", Decimal(3)),
    PointRow("A-A-A-001", "A-A-A", "point", "职业道德的内涵", None, "X"),
    PointRow("A-A-A-002", "A-A-A", "point", "职业道德的特征", None, "Y"),
    PointRow("A-A-B", "A-A", "range", "职业守则", Decimal(2)),
    PointRow("A-A-B-001", "A-A-B", "point", "遵守操作规程", None, "X"),
    PointRow("A-B", "A", "range", "基础知识", Decimal(20)),
    PointRow("A-B-A", "A-B", "range", "安全生产知识", Decimal(20)),
    PointRow("A-B-A-001", "A-B-A", "point", "安全用电常识", None, "X"),
    PointRow("A-B-A-002", "A-B-A", "point", "环境保护知识", None, "Z"),
    PointRow("B", "", "range", "相关知识要求", Decimal(75)),
    PointRow("B-A", "B", "range", "作业准备", Decimal(75)),
    PointRow("B-A-A", "B-A", "range", "工具准备", Decimal(75)),
    PointRow("B-A-A-001", "B-A-A", "point", "工具的选用", None, "X"),
)


def write(specification: Specification | None) -> bytes:
    """The present table, or an example to write over."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("细目表")
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading.title, bold)
    for line, values in enumerate(EXAMPLE if specification is None else map(_texts, rows_of(specification)), start=1):
        for column, value in enumerate(values):
            sheet.write_string(line, column, value)
    sheet.set_column(0, 2, 12)
    sheet.set_column(3, 3, 40)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def write_national(specification: Specification | None) -> bytes:
    """In the national form: the present table, or an example to write over. Refused when the table does not fit the form, which
    is found by reading it back."""
    if specification is None:
        return writing.write(NATIONAL_EXAMPLE, writing.TitleBlock("（职业名称）", "（等级）"))
    rows = rows_of(specification)
    name = specification.job or specification.occupation.name
    content = writing.write(rows, writing.TitleBlock(name, str(specification.level), specification.get_part_display()))
    _, problems = read(specification.title, content)
    if problems:
        said = "；".join(dict.fromkeys(p.message for p in problems[:5]))
        raise Refused(f"“{specification}”不合国家题库形式，导不出来：{said}", CLAUSE)
    return content


def rows_of(specification: Specification) -> list[PointRow]:
    """The table as it is in the bank, a range before what is in it."""
    ranges = [
        PointRow(r.code, r.code.rpartition("-")[0], "range", r.name, r.weight, draw=r.draw)
        for r in specification.ranges.all()
    ]
    points = [
        PointRow(p.code, p.range.code, "point", p.name, None, p.importance)
        for p in specification.points.select_related("range")
    ]
    return sorted([*ranges, *points], key=lambda row: row.code)


def _texts(row: PointRow) -> tuple[str, ...]:
    kind = "范围" if row.kind == "range" else "鉴定点"
    weight = f"{row.weight.normalize():f}" if row.weight is not None else ""
    drawn = str(row.draw) if row.kind == "range" else ""
    return row.code, row.parent, kind, row.name, weight, row.importance, drawn


def read(file: str, content: bytes, part: str = Part.THEORY) -> tuple[list[PointRow], list[Problem]]:
    """The rows, and every problem with its place; problems of the whole (weights, parents) have no row in our own form."""
    sheets, problems = read_sheets(file, content)
    if any(national.is_national(sheet) for sheet in sheets):
        rows, found = national.read(file, sheets)
        problems += found
    else:
        rows, problems = _read_own(file, content)
    if not problems:
        said = specification_problems(rows) + (drawing_problems(rows) if part == Part.SKILL else [])
        problems = [Problem(file, "", 0, "", text) for text in said]
    return rows, problems


def doubts(file: str, content: bytes, specification: Specification) -> list[str]:
    """Where the title block of a table in the national form names another occupation or level than the specification is for:
    names are written in many ways, so this is for a person to look at."""
    said = national.title_block(read_sheets(file, content)[0])
    found = []
    for name, meant in (
        ("职业", [specification.occupation.name, specification.job]),
        ("等级", [specification.level.title, *specification.level.title.split("/")]),
    ):
        given = said.get(name, "")
        if given and not any(known and (known in given or given in known) for known in meant):
            found.append(f"表头写的{name}是“{given}”，这里是“{meant[0]}”，请确认没有传错文件")
    return found


def _read_own(file: str, content: bytes) -> tuple[list[PointRow], list[Problem]]:
    rows: list[PointRow] = []
    problems: list[Problem] = []
    for table in read_tables(file, content, HEADINGS):
        problems += table.problems
        for row in table.rows:
            found = _row(table, row, problems)
            if found is not None:
                rows.append(found)
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
