"""A workbook in the national form, row by row: ranges are filled down, every problem is kept with its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from unicodedata import normalize

from assay.interchange.national import cells, headings
from assay.interchange.national.headings import LEVELS, Columns
from assay.interchange.national.totals import Place, ReadPoint, ReadRange, total_problems
from assay.items.specification import LONGEST_NAMES, PointRow
from assay.kernel.tables import Problem, Sheet, as_text

_ASIDE = re.compile(
    r"(填表|审表|制表|审核)(人|日期)|(注|备注|说明)\s*:|合计$|第.{0,6}页"
    r"|(职业|职业名称|工种|等级|鉴定方式|鉴定点数)\s*(:|$)|.*鉴定要素细目表$"
)
_STATED = re.compile(r"鉴定点数\s*(?:\(?个\)?)?\s*:?\s*(\d+)")
_LETTER = re.compile(r"[A-Z](-[A-Z]){0,2}")
T = TypeVar("T")
_SAID = re.compile(r"(职业|等级)(?:名称)?\s*[:\s]\s*([^\s:]+)")


def title_block(sheets: Sequence[Sheet]) -> dict[str, str]:
    """What the rows above the headings say of 职业 and 等级."""
    said: dict[str, str] = {}
    for sheet in sheets:
        columns = headings.find(sheet.cells)
        for given in sheet.cells[: columns.first] if columns else ():
            line = normalize("NFKC", " ".join(as_text(c) for c in given if as_text(c)))
            for name, value in _SAID.findall(line):
                said.setdefault(name, value)
    return said


def is_national(sheet: Sheet) -> bool:
    return headings.find(sheet.cells) is not None


def read(file: str, sheets: Sequence[Sheet]) -> tuple[list[PointRow], list[Problem]]:
    """The rows of all sheets as one table, and every problem in the order of the cells."""
    book = _Book(file)
    for number, sheet in enumerate(sheets):
        columns = headings.find(sheet.cells)
        if columns is not None:
            _Reader(book, number, sheet, columns).read()
        elif any(as_text(c) for row in sheet.cells for c in row):
            said = "没有认出细目表的表头；不是细目表的工作表请删去，或把它的名称改成以“说明”开头"
            book.wrong(Place(number, sheet.name, 0), "", said)
    for place, column, message in total_problems(book.ranges, book.points, book.stated):
        book.wrong(place, column, message)
    return book.rows(), [problem for _, problem in sorted(book.problems, key=lambda p: p[0])]


@dataclass
class _Book:
    file: str
    ranges: list[ReadRange] = field(default_factory=list)
    by_code: dict[str, ReadRange] = field(default_factory=dict)
    points: list[ReadPoint] = field(default_factory=list)
    stated: list[tuple[Place, int]] = field(default_factory=list)
    problems: list[tuple[tuple[int, int], Problem]] = field(default_factory=list)

    def wrong(self, place: Place, column: str, message: str) -> None:
        problem = Problem(self.file, place.sheet, place.row, column, message)
        self.problems.append(((place.number, place.row), problem))

    def rows(self) -> list[PointRow]:
        ranges = [PointRow(r.code, r.parent.code if r.parent else "", "range", r.name, r.weight) for r in self.ranges]
        return [*ranges, *(PointRow(p.code, p.range.code, "point", p.name, None, p.importance) for p in self.points)]


class _Reader:
    """One sheet. `open`: at each level the range that the rows stand in."""

    def __init__(self, book: _Book, number: int, sheet: Sheet, columns: Columns) -> None:
        self.book, self.number, self.sheet, self.columns = book, number, sheet, columns
        self.open: list[ReadRange | None] = [None] * len(columns.levels)
        self.own_points = 0

    def read(self) -> None:
        if self._lacks_columns():
            return
        self._formulas()
        before = len(self.book.points)
        for row in range(self.columns.last + 1, len(self.sheet.cells)):
            given = self.sheet.cells[row]
            if any(as_text(c) for c in given) and not headings.is_heading(given) and not self._aside(given):
                self._row(row, given)
        self._stated(len(self.book.points) - before)

    def _place(self, row: int) -> Place:
        return Place(self.number, self.sheet.name, row + 1)

    def _lacks_columns(self) -> bool:
        groups = [(n, level, ("name", "code", "weight")) for n, level in enumerate(self.columns.levels)]
        lacking = [
            self.columns.title(group, kind)
            for group, found, kinds in [*groups, (len(groups), self.columns.points, ("code", "name", "importance"))]
            for kind in kinds
            if kind not in found
        ]
        for title in lacking:
            self.book.wrong(self._place(self.columns.last), title, "缺少这一列，请按国家题库形式的表头补上")
        return bool(lacking)

    def _formulas(self) -> None:
        used = {
            c: (n, kind)
            for n, group in enumerate([*self.columns.levels, self.columns.points])
            for kind, c in group.items()
        }
        for row, column in self.sheet.formulas:
            if row > self.columns.last + 1 and column in used:
                message = "单元格是公式，请复制后用“选择性粘贴—数值”改成内容"
                self.book.wrong(self._place(row - 1), self.columns.title(*used[column]), message)

    def _aside(self, given: Sequence[Any]) -> bool:
        """Who filled in and checked the table, a title block on a new page: no row of the table, as no range has its letter there."""
        first = next(as_text(c) for c in given if as_text(c))
        lettered = any(_LETTER.fullmatch(as_text(self._cell(given, group, "code"))) for group in self.columns.levels)
        return not lettered and _ASIDE.match(normalize("NFKC", first)) is not None

    def _stated(self, points: int) -> None:
        """The number of points in the title block. A sheet states its own number, or that of the whole table."""
        for row, given in enumerate(self.sheet.cells[: self.columns.first]):
            said = normalize("NFKC", " ".join(as_text(c) for c in given if as_text(c)))
            found = _STATED.search(said)
            if found and int(found[1]) != points:
                self.book.stated.append((self._place(row), int(found[1])))

    @staticmethod
    def _cell(given: Sequence[Any], group: dict[str, int], kind: str) -> Any:
        at = group.get(kind)
        value = given[at] if at is not None and at < len(given) else ""
        return "" if as_text(value) == "" else value

    def _row(self, row: int, given: Sequence[Any]) -> None:
        for level in range(len(self.columns.levels)):
            if not self._range(row, level, given):
                return
        self._point(row, given)

    def _range(self, row: int, level: int, given: Sequence[Any]) -> bool:
        """Bring one level up to date; False when it is unknown what the rest of the row belongs to."""
        group, now = self.columns.levels[level], self.open[level]
        values = {kind: self._cell(given, group, kind) for kind in ("name", "code", "ratio", "weight")}
        if not any(v != "" for v in values.values()):
            return True
        above = self.open[level - 1] if level else None
        if level and above is None:
            self.book.wrong(
                self._place(row),
                self.columns.title(level - 1, "code"),
                f"{LEVELS[level]}范围之上没有{LEVELS[level - 1]}范围",
            )
            return False
        code = self._letter(row, level, values, above)
        same_name = values["code"] == "" and cells.text(values["name"]) in ("", now.name if now else None)
        if now is not None and (same_name or (code and code == now.letter)):
            self._again(row, level, now, values)
            return True
        full = f"{above.code}-{code or '？'}" if above else code or "？"
        known = self.book.by_code.get(full)
        self.open[level:] = [None] * (len(self.open) - level)
        if known is not None:
            self._again(row, level, known, values)
        self.open[level] = known or self._begin(row, level, above, full, values)
        return True

    def _letter(self, row: int, level: int, values: dict[str, Any], above: ReadRange | None) -> str:
        """The letter of a range; '' when there is none or it is unreadable."""
        if values["code"] == "":
            return ""
        reading = self._checked(
            row, level, "code", lambda: cells.range_letter(values["code"], above.code if above else "")
        )
        return reading or ""

    def _begin(self, row: int, level: int, above: ReadRange | None, full: str, values: dict[str, Any]) -> ReadRange:
        name = cells.text(values["name"])
        if values["code"] == "":
            self.book.wrong(self._place(row), self.columns.title(level, "code"), f"“{name}”没有代码，请填一个大写字母")
        self._name(row, level, name, "range")
        weight = self._checked(row, level, "weight", lambda: cells.weight(values["weight"]))
        made = ReadRange(
            full, full.rpartition("-")[2].strip("？"), name, above, self._place(row), self.columns.title(level, "weight"),
            self.columns.title(level, "ratio"), weight,
            self._checked(row, level, "ratio", lambda: cells.ratio(values["ratio"])),
        )  # fmt: skip
        if above is not None:
            above.children.append(made)
        self.book.ranges.append(made)
        if "？" not in full:
            self.book.by_code[full] = made
        return made

    def _again(self, row: int, level: int, known: ReadRange, values: dict[str, Any]) -> None:
        """A range whose cells are repeated: below its first row, on a new page, on the next sheet."""
        name = cells.text(values["name"])
        if name and name != known.name:
            said = f"代码 {known.code} 在{known.place.said()}是“{known.name}”，这里是“{name}”，请改正代码或名称"
            self.book.wrong(self._place(row), self.columns.title(level, "code"), said)
        if values["weight"] != "":
            weight = self._checked(row, level, "weight", lambda: cells.weight(values["weight"]))
            if None not in (weight, known.weight) and weight != known.weight:
                said = f"比重 {weight} 与{known.place.said()}的 {known.weight} 不同，请改成一致"
                self.book.wrong(self._place(row), self.columns.title(level, "weight"), said)

    def _point(self, row: int, given: Sequence[Any]) -> None:
        group = len(self.columns.levels)
        values = {kind: self._cell(given, self.columns.points, kind) for kind in ("code", "name", "importance")}
        if not any(v != "" for v in values.values()):
            return
        within = next((r for r in reversed(self.open) if r is not None), None)
        if within is None:
            self.book.wrong(
                self._place(row), self.columns.title(0, "code"), "鉴定点之上没有鉴定范围，请填范围的代码和名称"
            )
            return
        if values["code"] == "":
            self.book.wrong(self._place(row), self.columns.title(group, "code"), "没有代码，请填三位数字，如 001")
            code = None
        else:
            code = self._checked(row, group, "code", lambda: cells.point_number(values["code"], within.code))
        name = cells.text(values["name"])
        self._name(row, group, name, "point")
        importance = self._checked(row, group, "importance", lambda: cells.importance(values["importance"]))
        if code is not None:
            self._number(row, within, code)
        made = ReadPoint(f"{within.code}-{code}", name, importance or "", within)
        within.points.append(made)
        self.book.points.append(made)

    def _number(self, row: int, within: ReadRange, code: str) -> None:
        column = self.columns.title(len(self.columns.levels), "code")
        first = within.numbers.setdefault(code, self._place(row))
        if first != self._place(row):
            self.book.wrong(self._place(row), column, f"代码 {code} 与{first.said()}重复")
        elif len(within.numbers) == 1 and code != "001":
            self.book.wrong(self._place(row), column, f"代码 {code}：每个末级范围的鉴定点从 001 编起，请核对是否漏行")

    def _name(self, row: int, group: int, name: str, kind: str) -> None:
        longest = LONGEST_NAMES[kind]
        if not name:
            self.book.wrong(self._place(row), self.columns.title(group, "name"), "没有名称，请填写")
        elif len(name) > longest:
            self.book.wrong(
                self._place(row), self.columns.title(group, "name"), f"名称有 {len(name)} 字，最多 {longest} 字"
            )

    def _checked(self, row: int, group: int, kind: str, reading: Callable[[], T]) -> T | None:
        """What a cell says; a problem and None when it cannot be read."""
        try:
            return reading()
        except ValueError as wrong:
            self.book.wrong(self._place(row), self.columns.title(group, kind), str(wrong))
            return None
