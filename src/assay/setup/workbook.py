"""The workbook itself: the template, the present state, and reading one back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from assay.centre.models import Account, Centre
from assay.kernel.clock import today
from assay.kernel.tables import Heading, Problem, read_book
from assay.setup import basis
from assay.setup.accounts import ACCOUNT_COLUMNS, CENTRE_COLUMNS
from assay.setup.acts import RowValues
from assay.setup.columns import Col
from assay.setup.sheets import SHEETS, Sheet

_NOTES = (
    "一、各工作表第 1 行是表头，请勿改动；从第 2 行起每行一条。不需要的工作表可留空。",
    "二、工作表按先后互相引用：部门、专业、等级、职业、标准在前，认定范围、人员、证卡、账号在后。",
    "三、带 * 的列必填。多个值之间用“、”隔开；结构化内容用“；”隔开，写法见各表示例。",
    "四、可以反复导入：已有的按编号或名称更新，不会重复；有任何一处问题，全部不导入。",
    "五、规则依据：本校另有文件的填“本校文件”，写明文件名称，并在“条款号”表填各项规则在其中的条款号，不填的按国家规定或内置规则显示；"
    "没有的填“国家规定”。",
    "六、账号表的初始密码请留空：系统为每个新账号随机生成，导入后只显示一次，请当场打印，当面发给本人。",
)


def write(*, with_data: bool) -> bytes:
    """The template, or with the present state filled in."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    as_typed = book.add_format({"num_format": "@"})
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 100)
    for line, text in enumerate(_NOTES):
        notes.write_string(line, 0, text)
    for title, columns, rows in _tables(with_data):
        sheet = book.add_worksheet(title)
        for column, one in enumerate(columns):
            sheet.write_string(0, column, f"{one.title}{'*' if one.required else ''}", bold)
        for line, values in enumerate(rows, start=1):
            for column, value in enumerate(values):
                sheet.write_string(line, column, value)
        sheet.set_column(0, len(columns), 16)
        if title == basis.CLAUSES:
            sheet.set_column(0, 0, 60)
            sheet.set_column(1, 1, 24, as_typed)
        sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _tables(with_data: bool) -> Iterator[tuple[str, Sequence[Col], Iterator[list[str]]]]:
    centre = Centre.objects.all() if with_data else Centre.objects.none()
    yield "中心", CENTRE_COLUMNS, ([c.write(getattr(row, c.field)) for c in CENTRE_COLUMNS] for row in centre)
    yield basis.DOCUMENT, basis.DOCUMENT_COLUMNS, basis.document_rows() if with_data else iter(())
    yield basis.CLAUSES, basis.CLAUSE_COLUMNS, basis.clause_rows(with_data=with_data)
    for sheet in SHEETS:
        rows = _rows(sheet) if with_data else sheet.model._default_manager.none()
        yield sheet.title, sheet.columns, ([_cell(row, c) for c in sheet.columns] for row in rows)
    yield "账号", ACCOUNT_COLUMNS, _accounts(with_data)


def _rows(sheet: Sheet) -> QuerySet[Any]:
    """With what they refer to, and what that is called by: a standard's level by its standard and level."""
    many = [column.field for column in sheet.columns if column.many]
    one = [c.field for c in sheet.columns if c.looked_up and not c.many]
    deeper = ["standard_level__standard", "standard_level__level"] if "standard_level" in one else []
    rows = sheet.model._default_manager.select_related(*one, *deeper) if one else sheet.model._default_manager.all()
    return rows.prefetch_related(*many).order_by("pk")


def _cell(row: Any, column: Col) -> str:
    value = getattr(row, column.field)
    return column.write(value.all() if column.many else value)


def _accounts(with_data: bool) -> Iterator[list[str]]:
    """Accounts without their passwords: those are nobody's to read."""
    accounts = (
        Account.objects.filter(kind="staff")
        .select_related("department", "member")
        .prefetch_related("appointments__post")
    )
    day = today()
    for account in accounts if with_data else []:
        posts = "、".join(a.post.code for a in account.appointments.all() if a.in_force(day))
        member = getattr(account, "member", None)
        name = account.department.name if account.department else ""
        yield [account.username, account.name, name, posts, "", "是", member.id_number if member else ""]


def read(file: str, content: bytes) -> tuple[dict[str, list[RowValues]], list[Problem]]:
    """Rows by sheet title, and what could not be read at all."""
    found: dict[str, list[RowValues]] = {}
    problems: list[Problem] = []
    headings = {
        title: [Heading(c.title, c.title, c.required, c.former) for c in columns]
        for title, columns, _ in _tables(with_data=False)
    }
    for table in read_book(file, content, headings):
        if table.sheet:
            found[table.sheet] = [(row.number, row.values) for row in table.rows]
        problems += [p for p in table.problems if "只有表头" not in p.message and "是空的" not in p.message]
    if not found and not problems:
        problems.append(Problem(file, "", 0, "", "没有找到任何可用的工作表，请使用本系统的模板"))
    return found, problems
