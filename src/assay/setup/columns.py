"""Columns of the set-up workbook: how a cell becomes a value and back. Whatever is one of several is said by its Chinese word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from assay.kernel.tables import as_date, as_decimal, as_text, date_problem
from assay.setup.called import Called

Reader = Callable[[Any], Any]
Writer = Callable[[Any], Any]


@dataclass(frozen=True)
class Col:
    """A column: its title, the model field, how it is read (ValueError with a Chinese message) and written."""

    title: str
    field: str
    read: Reader
    write: Writer = lambda value: "" if value is None else str(value)
    required: bool = False
    many: bool = False
    called: Called | None = None
    """What is read is a row, called so: the same words mean the same one all through a sheet."""
    words: tuple[str, ...] = ()
    """What may stand in the cell, where only these words are understood."""
    suggested: Callable[[], Sequence[str]] | None = None
    """Words that the cell proposes, where others are understood too."""
    of: Callable[[Any], Any] | None = None
    """Where a row has the value, if not in the field."""
    shown_only: bool = False
    """Written for whoever fills the sheet in, never read."""
    default: str = ""
    """What an empty cell of a new row means."""
    former: tuple[str, ...] = ()
    """Titles that the column had in workbooks of before."""

    @property
    def looked_up(self) -> bool:
        return self.called is not None

    def value(self, row: Any) -> Any:
        return self.of(row) if self.of is not None else getattr(row, self.field)


def text(
    title: str, field: str, *, required: bool = False, suggested: Callable[[], Sequence[str]] | None = None
) -> Col:
    return Col(title, field, as_text, required=required, suggested=suggested)


def _as_number(value: Any) -> Any:
    return "" if value is None else value


def whole(title: str, field: str, *, default: int | None = None, required: bool = False) -> Col:
    def read(value: Any) -> int | None:
        try:
            number = as_decimal(value)
        except ValueError as wrong:
            raise ValueError(f"“{as_text(value)}”应为整数") from wrong
        if number is None:
            return default
        if number != int(number) or number < 0:
            raise ValueError(f"“{as_text(value)}”应为整数")
        return int(number)

    return Col(title, field, read, _as_number, required, default="" if default is None else str(default))


def decimal(title: str, field: str, *, required: bool = False) -> Col:
    def read(value: Any) -> Decimal | None:
        try:
            return as_decimal(value)
        except ValueError as wrong:
            raise ValueError(f"“{as_text(value)}”应为数字") from wrong

    return Col(title, field, read, _as_number, required)


def day(title: str, field: str, *, required: bool = False) -> Col:
    def read(value: Any) -> Any:
        try:
            return as_date(value)
        except ValueError as wrong:
            raise ValueError(date_problem(value)) from wrong

    return Col(title, field, read, _as_number, required=required)


def yes(title: str, field: str, *, default: bool = True) -> Col:
    meant = "是" if default else "否"

    def read(value: Any) -> bool:
        said = as_text(value) or meant
        if said not in ("是", "否"):
            raise ValueError(f"“{said}”不认识，应填 是 或 否")
        return said == "是"

    return Col(title, field, read, lambda value: "是" if value else "否", words=("是", "否"), default=meant)


def choice(title: str, field: str, choices: Mapping[str, str], *, default: str | None = None) -> Col:
    """`choices`: what is written → what is kept. `default`: the word that an empty cell stands for; without one it must be filled."""
    back = {kept: said for said, kept in choices.items()}

    def read(value: Any) -> str:
        said = as_text(value) or (default or "")
        if not said and default is not None:
            return ""
        if said not in choices:
            raise ValueError(f"“{said}”不认识，可填 {'、'.join(choices)}")
        return choices[said]

    return Col(
        title, field, read, lambda value: back.get(value, str(value)), required=default is None, words=tuple(choices),
        default=default or "",
    )  # fmt: skip


def notation(
    title: str, field: str, read: Callable[[str], Any], write: Callable[[Any], str], *, required: bool = False
) -> Col:
    return Col(title, field, lambda value: read(as_text(value)), lambda value: write(value) if value else "", required)


def shown(title: str, of: Callable[[Any], str]) -> Col:
    """Beside what is filled in, for whoever fills it in."""
    return Col(title, "", lambda value: None, of=of, shown_only=True)


def refer(title: str, field: str, called: Called, *, required: bool = True, of: str = "") -> Col:
    """A reference to another row; `of`: the way to it from the sheet's own row."""

    def read(value: Any) -> Any:
        said = as_text(value)
        return called.find(said) if said else None

    return Col(
        title, field, read, required=required, called=called, of=attrgetter(of) if of else None
    )  # fmt: skip


def refer_many(title: str, field: str, called: Called, *, required: bool = False) -> Col:
    """References separated by 、."""

    def read(value: Any) -> list[Any]:
        pieces = as_text(value).replace("，", "、").replace(",", "、").split("、")
        said = list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
        missing = [one for one in said if not called.known(one)]
        if missing:
            raise ValueError(called.unknown("、".join(missing)))
        return [called.find(one) for one in said]

    return Col(title, field, read, required=required, many=True, called=called)
