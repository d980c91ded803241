"""Where the columns of the national form stand. Its headings take one to three rows: 鉴定范围 · 一级/二级/三级 · 名称, 代码, …;
the groups are told apart by their titles, or by their order where the titles do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from assay.kernel.tables import as_text, letter

LEVELS = ("一级", "二级", "三级")
POINTS = "鉴定点"
FARTHEST = 30
"""Rows above the headings at most: what is lower is no title block."""
_WORDS = (
    ("代码", "code"),
    ("编码", "code"),
    ("比例", "ratio"),
    ("比重", "weight"),
    ("权重", "weight"),
    ("重要程度", "importance"),
)
_NAMES = ("鉴定点", "鉴定内容", "鉴定点内容")
_BESIDE = ("备注", "页码", "序号")
_GROUP = re.compile(r"(?=.)(鉴定|考核)?(范围|点)?([一二三]级)?(鉴定|考核)?(范围)?")


@dataclass(frozen=True)
class Columns:
    """`first` and `last`: the heading rows (0 is the first row of the sheet); by level and for the points: kind → column."""

    first: int
    last: int
    levels: tuple[dict[str, int], ...]
    points: dict[str, int]

    def title(self, group: int, kind: str) -> str:
        """How a column is called in a problem: the same title stands in every group, so its group and letter are said."""
        columns = self.points if group == len(self.levels) else self.levels[group]
        name = POINTS if group == len(self.levels) else LEVELS[group]
        place = f"（{letter(columns[kind])} 列）" if kind in columns else ""
        return f"{name}{TITLES[kind]}{place}"


TITLES = {"name": "名称", "code": "代码", "ratio": "重要程度比例", "weight": "鉴定比重", "importance": "重要程度"}


def plain(value: Any) -> str:
    return re.sub(r"[\s*()%:]", "", normalize("NFKC", as_text(value)))


def kind_of(title: str) -> str:
    """code, ratio, weight, importance, name, beside; '' when a title is none of the form's."""
    if title in _BESIDE:
        return "beside"
    if title.endswith("名称") or title in _NAMES:
        return "name"
    return next((kind for word, kind in _WORDS if word in title), "")


def find(cells: Sequence[Sequence[Any]]) -> Columns | None:
    """The columns; None when a sheet is not in the national form (our own table names one column 名称, this one each group's)."""
    kinds = [[kind_of(plain(c)) for c in row] for row in cells[:FARTHEST]]
    fitting = [n for n, row in enumerate(kinds) if row.count("name") >= 2 and row.count("code") >= 2]
    if not fitting:
        return None
    last = max(fitting, key=lambda n: (sum(map(bool, kinds[n])), -n))
    first = last
    while first and is_heading(cells[first - 1]):
        first -= 1
    groups = _groups(cells[first : last + 1])
    return Columns(first, last, tuple(groups[:-1]), groups[-1])


def is_heading(row: Sequence[Any]) -> bool:
    """Whether a row says nothing but titles of the form: a heading, or the heading again on a new page."""
    titles = [plain(c) for c in row if as_text(c)]
    return bool(titles) and all(kind_of(t) or _GROUP.fullmatch(t) for t in titles)


def _groups(rows: Sequence[Sequence[Any]]) -> list[dict[str, int]]:
    """Columns of each group, the points' last."""
    width = max(map(len, rows))
    titles = [_own(rows, column) for column in range(width)]
    above = [_above(rows[:-1], column) for column in range(width)]
    known = [(column, kind_of(title)) for column, title in enumerate(titles) if kind_of(title) not in ("", "beside")]
    said = [_group(above[column] + titles[column]) for column, _ in known]
    if None in said or len(LEVELS) not in said:
        return _by_order(known)
    depth = max((n for n in said if n is not None and n < len(LEVELS)), default=0) + 1
    groups: list[dict[str, int]] = [{} for _ in range(depth + 1)]
    for (column, kind), group in zip(known, said, strict=True):
        assert group is not None
        groups[min(group, len(groups) - 1)].setdefault(kind, column)
    return groups


def _own(rows: Sequence[Sequence[Any]], column: int) -> str:
    """The lowest title of a column; a title that is merged downwards stands in a row above."""
    stack = [plain(row[column]) for row in rows if column < len(row)]
    return next((title for title in reversed(stack) if kind_of(title)), "")


def _above(rows: Sequence[Sequence[Any]], column: int) -> str:
    """The titles above a column; one that is merged sideways stands at the left of what it covers."""
    found = ""
    for row in rows:
        found += next((plain(c) for c in reversed(row[: column + 1]) if as_text(c)), "")
    return found


def _group(title: str) -> int | None:
    if POINTS in title:
        return len(LEVELS)
    return next((n for n, level in enumerate(LEVELS) if level in title), None)


def _by_order(known: Sequence[tuple[int, str]]) -> list[dict[str, int]]:
    """A kind that comes again begins the next group."""
    groups: list[dict[str, int]] = [{}]
    for column, kind in known:
        if kind in groups[-1]:
            groups.append({})
        groups[-1][kind] = column
    return groups if len(groups) <= len(LEVELS) + 1 else [*groups[: len(LEVELS)], groups[-1]]
