"""Columns of the set-up workbook: how a cell becomes a value and back. References are by what people call a thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from assay.catalogue.models import Level, Major, Occupation, ScopeRow, Standard, StandardLevel
from assay.centre.models import Department, Post
from assay.corps.models import Member
from assay.kernel import given
from assay.kernel.identity import RESIDENT, normalise
from assay.kernel.sealing import blind_index
from assay.kernel.tables import as_date, as_decimal, as_text, date_problem

Reader = Callable[[Any], Any]
Writer = Callable[[Any], str]


@dataclass(frozen=True)
class Col:
    """A column: its title, the model field, how it is read (ValueError with a Chinese message) and written."""

    title: str
    field: str
    read: Reader
    write: Writer = lambda value: "" if value is None else str(value)
    required: bool = False
    many: bool = False
    looked_up: bool = False
    """What is read is a row: the same words mean the same one all through a sheet."""
    former: tuple[str, ...] = ()
    """Titles that the column had in workbooks of before."""


def text(title: str, field: str, *, required: bool = False) -> Col:
    return Col(title, field, as_text, required=required)


def whole(title: str, field: str, *, default: int | None = None) -> Col:
    def read(value: Any) -> int | None:
        number = as_decimal(value)
        if number is None:
            return default
        if number != int(number) or number < 0:
            raise ValueError(f"“{as_text(value)}”应为整数")
        return int(number)

    return Col(title, field, read)


def decimal(title: str, field: str) -> Col:
    def read(value: Any) -> Any:
        try:
            return as_decimal(value)
        except ValueError as wrong:
            raise ValueError(f"“{as_text(value)}”应为数字") from wrong

    return Col(title, field, read)


def day(title: str, field: str, *, required: bool = False) -> Col:
    def read(value: Any) -> Any:
        try:
            return as_date(value)
        except ValueError as wrong:
            raise ValueError(date_problem(value)) from wrong

    return Col(title, field, read, required=required)


def yes(title: str, field: str) -> Col:
    def read(value: Any) -> bool:
        said = as_text(value) or "是"
        if said not in ("是", "否"):
            raise ValueError("应填 是 或 否")
        return said == "是"

    return Col(title, field, read, lambda value: "是" if value else "否")


def choice(title: str, field: str, choices: dict[str, str]) -> Col:
    """`choices`: what is written → what is kept."""
    back = {v: k for k, v in choices.items()}

    def read(value: Any) -> str:
        said = as_text(value)
        if said not in choices:
            raise ValueError(f"“{said}”不认识，可填 {'、'.join(choices)}")
        return choices[said]

    return Col(title, field, read, lambda value: back.get(value, str(value)), required=True)


def notation(title: str, field: str, read: Callable[[str], Any], write: Callable[[Any], str]) -> Col:
    return Col(title, field, lambda value: read(as_text(value)), lambda value: write(value) if value else "")


def refer(
    title: str, field: str, find: Callable[[str], Model | None], name: Callable[[Any], str], *, required: bool = True
) -> Col:
    """A reference to another row."""

    def read(value: Any) -> Model | None:
        said = as_text(value)
        if not said:
            return None
        found = find(said)
        if found is None:
            raise ValueError(f"“{said}”不存在，请先在相应工作表中填写")
        return found

    write = lambda value: name(value) if value is not None else ""  # noqa: E731
    return Col(title, field, read, write, required=required, looked_up=True)


def refer_many(title: str, field: str, find: Callable[[str], Model | None], name: Callable[[Any], str]) -> Col:
    """References separated by 、."""

    def read(value: Any) -> list[Model]:
        found = {
            said: find(said)
            for said in as_text(value).replace("，", "、").replace(",", "、").split("、")
            if said.strip()
        }
        missing = [said for said, row in found.items() if row is None]
        if missing:
            raise ValueError(f"“{'、'.join(missing)}”不存在，请先在相应工作表中填写")
        return [row for row in found.values() if row is not None]

    return Col(title, field, read, lambda rows: "、".join(name(r) for r in rows), many=True, looked_up=True)


def department(said: str) -> Department | None:
    return Department.objects.filter(name=said.strip()).first()


def post(said: str) -> Post | None:
    return Post.objects.filter(code=said.strip()).first() or Post.objects.filter(title=said.strip()).first()


def major(said: str) -> Major | None:
    return Major.objects.filter(name=said.strip()).first()


def level(said: str) -> Level | None:
    return Level.objects.filter(code=said.strip()).first() or Level.objects.filter(title=said.strip()).first()


def occupation(said: str) -> Occupation | None:
    return Occupation.objects.filter(code=said.strip()).first() or Occupation.objects.filter(name=said.strip()).first()


def standard(said: str) -> Standard | None:
    return Standard.objects.filter(title=said.strip()).order_by("-edition").first()


def standard_level(said: str) -> StandardLevel | None:
    """«汽车维修工国家职业技能标准/4»."""
    title, _, code = said.rpartition("/")
    return StandardLevel.objects.filter(standard__title=title.strip(), level__code=code.strip()).first()


def scope_row(said: str) -> ScopeRow | None:
    """By its number in the scope."""
    number = given.whole(said)
    return ScopeRow.objects.filter(no=number).first() if number is not None else None


def member(said: str) -> Member | None:
    """By ID number."""
    return Member.objects.filter(id_index=blind_index(RESIDENT, normalise(said))).first()
