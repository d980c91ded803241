"""The workbook itself: the template, the present state, what is proposed besides, and reading one back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from assay.centre.models import Account, Centre, ParameterValue, Post
from assay.centre.parameters import PARAMETERS
from assay.kernel.clock import today
from assay.kernel.tables import Heading, Problem, Row, Table, as_text, read_book
from assay.setup import basis, duty_lines
from assay.setup.accounts import ACCOUNT_COLUMNS, CENTRE_COLUMNS
from assay.setup.called import Names
from assay.setup.columns import Col
from assay.setup.duty_lines import RowValues
from assay.setup.sheets import SHEETS, Sheet
from assay.setup.wording import HOW, MARKED, REMARKS
from assay.setup.writing import Book

PERSONS = frozenset({"人员", "证卡", "账号"})
"""Sheets that say who somebody is."""
_JOINED = "标准/等级"
"""A column of workbooks of before: a standard and the code of its level in one cell."""


def columns_of() -> dict[str, Sequence[Col]]:
    """The sheets in their order, with the columns that are written."""
    found: dict[str, Sequence[Col]] = {
        "中心": CENTRE_COLUMNS, basis.DOCUMENT: basis.DOCUMENT_COLUMNS, basis.CLAUSES: basis.CLAUSE_COLUMNS,
    }  # fmt: skip
    for sheet in SHEETS:
        found[sheet.title] = [column for column in sheet.columns if column.title != duty_lines.CODES]
        if sheet.title == "岗位":
            found[duty_lines.SHEET] = duty_lines.COLUMNS
    return {**found, "账号": ACCOUNT_COLUMNS}


def write(
    *,
    with_data: bool,
    besides: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    without: Collection[str] = (),
    notes: Sequence[str] = (),
) -> bytes:
    """The template, or with the present state filled in; `besides`: further lines, as somebody would write them; `without`: sheets that
    stay empty."""
    columns = columns_of()
    book, names = Book(columns), Names()
    for title, shown in columns.items():
        there = _there(title, shown, names) if with_data and title not in without else _to_fill_in(title)
        book.sheet(title, [*there, *_lines(shown, (besides or {}).get(title, ()))])
    return book.content(notes)


def _to_fill_in(title: str) -> Iterator[list[Any]]:
    """What stands in the template already: of the clauses only their numbers are anybody's to write."""
    return basis.clause_rows(with_data=False) if title == basis.CLAUSES else iter(())


def _lines(columns: Sequence[Col], lines: Sequence[Mapping[str, Any]]) -> Iterator[list[Any]]:
    for line in lines:
        yield [line.get(column.title, "") for column in columns]


def _there(title: str, columns: Sequence[Col], names: Names) -> Iterator[list[Any]]:
    """What there is of a sheet."""
    sheet = next((one for one in SHEETS if one.title == title), None)
    if title == "中心":
        rows: Any = Centre.objects.all()
    elif title == "账号":
        rows = _accounts()
    elif title == basis.DOCUMENT:
        yield from basis.document_rows()
        return
    elif title == basis.CLAUSES:
        yield from basis.clause_rows(with_data=True)
        return
    elif title == duty_lines.SHEET:
        held = [(post, code) for post in Post.objects.order_by("pk") for code in post.duties]
        yield from ([names.of(duty_lines.POST, post), columns[1].write(code)] for post, code in held)
        return
    else:
        assert sheet is not None
        rows = _parameters() if sheet.title == "参数" else _rows(sheet)
    yield from ([_cell(row, column, names) for column in columns] for row in rows)


def _parameters() -> list[ParameterValue]:
    """All there are, also those that are as they usually are."""
    own = {row.key: row for row in ParameterValue.objects.all()}
    return [own.get(key) or ParameterValue(key=key, value=one.default) for key, one in PARAMETERS.items()]


def _rows(sheet: Sheet) -> QuerySet[Any]:
    """With what they refer to, and what that is called by: a standard's level by its standard and level."""
    many = [column.field for column in sheet.columns if column.many]
    one = [c.field for c in sheet.columns if c.looked_up and not c.many and c.of is None]
    deeper = ["standard_level__standard", "standard_level__level"] if any(c.of for c in sheet.columns) else []
    rows = sheet.model._default_manager.all()
    rows = rows.select_related(*one, *deeper) if one or deeper else rows
    return rows.prefetch_related(*many).order_by("pk")


def _cell(row: Any, column: Col, names: Names) -> Any:
    value = column.value(row)
    if column.called is None:
        return column.write(value)
    if column.many:
        rows = value if isinstance(value, list) else value.all()
        return "、".join(names.of(column.called, one) for one in rows)
    return names.of(column.called, value)


class _AccountLine:
    """An account without its password: that is nobody's to read."""

    password = ""
    must_change = True

    def __init__(self, account: Account) -> None:
        day = today()
        self.username, self.name, self.department = account.username, account.name, account.department
        self.posts = [one.post for one in account.appointments.all() if one.in_force(day)]
        self.member = getattr(account, "member", None)


def _accounts() -> Iterator[_AccountLine]:
    accounts = Account.objects.filter(kind="staff").select_related("department", "member")
    return map(_AccountLine, accounts.prefetch_related("appointments__post"))


def read(file: str, content: bytes) -> tuple[dict[str, list[RowValues]], list[Problem]]:
    """Rows by sheet title, and what could not be read at all."""
    found: dict[str, list[RowValues]] = {}
    problems: list[Problem] = []
    columns = columns_of()
    for table in read_book(file, content, {title: _headings(title, of) for title, of in columns.items()}):
        if table.sheet:
            rows, marked = _without_examples(table)
            found[table.sheet] = [(row.number, row.values) for row in rows]
            problems += marked
        problems += [p for p in _lacking(table) if "只有表头" not in p.message and "是空的" not in p.message]
    if not found and not problems:
        problems.append(Problem(file, "", 0, "", "没有找到任何可用的工作表，请使用本系统的模板"))
    return found, problems


def _headings(title: str, columns: Sequence[Col]) -> list[Heading]:
    read_columns = [column for column in columns if not column.shown_only]
    headings = [Heading(REMARKS, REMARKS), *(Heading(c.title, c.title, c.required, c.former) for c in read_columns)]
    if title == "岗位":
        headings.append(Heading(duty_lines.CODES, duty_lines.CODES))
    if _at_a_level(columns):
        headings.append(Heading(_JOINED, _JOINED))
    return headings


def _at_a_level(columns: Sequence[Col]) -> bool:
    return any(column.of is not None and column.called is not None for column in columns)


def _without_examples(table: Table) -> tuple[list[Row], list[Problem]]:
    """The rows that are meant, and those of which nobody can tell: marked as an example, and written over."""
    meant, problems = [], []
    for row in table.rows:
        marked = as_text(row.values.pop(REMARKS, "")) == MARKED
        if not marked:
            _split(row)
            if any(as_text(value) for value in row.values.values()):
                meant.append(row)
        elif any(as_text(value) != _example(table.sheet, key) for key, value in row.values.items()):
            said = f"这一行还标着“{MARKED}”，内容却已改动：要导入的，请清空“{REMARKS}”一格；不要的，请删除这一行"
            problems.append(table.problem(row.number, REMARKS, said))
    return meant, problems


def _example(sheet: str, column: str) -> str:
    return HOW[sheet].get(column, ("", ""))[1]


def _split(row: Row) -> None:
    """A standard's level as workbooks of before had it."""
    joined = as_text(row.values.pop(_JOINED, ""))
    if joined:
        standard, _, level = joined.rpartition("/")
        row.values |= {"标准": standard.strip(), "等级": level.strip()}


def _lacking(table: Table) -> list[Problem]:
    """Its problems; columns that a workbook of before had in one are not missed."""
    if _JOINED not in table.columns:
        return table.problems
    return [p for p in table.problems if not ("缺少这一列" in p.message and p.column in ("标准", "等级"))]
