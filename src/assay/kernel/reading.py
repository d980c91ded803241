"""Reading a whole table that somebody may have tampered with: a row that cannot be read is told, the others are read all the
same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from django.core.exceptions import ValidationError
from django.db import OperationalError, models

Row = TypeVar("Row", bound=models.Model)
UNREADABLE = (
    InvalidTag, LookupError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, ValidationError,
    OperationalError,
)  # fmt: skip
"""What reading a value raises that is not what the product writes: another cipher text, key, date, number, or JSON; on SQLite
(OperationalError) bytes that are no text."""
NO_KEY = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Unreadable:
    """A row that is there and cannot be read."""

    pk: object


def chunks(model: type[Row], size: int, **only: object) -> Iterator[list[Row | Unreadable]]:
    """The rows by primary key, `size` at a time."""
    for keys in runs(model, size, **only):
        yield _read(
            model._default_manager.filter(**only).filter(pk__gte=keys[0], pk__lte=keys[-1]).order_by("pk"), keys
        )


def runs(model: type[models.Model], size: int, **only: object) -> Iterator[list[object]]:
    """The primary keys in order, `size` at a time."""
    found = model._default_manager.filter(**only).order_by("pk")
    last: object = None
    while keys := _keys(found if last is None else found.filter(pk__gt=last), size):
        last = keys[-1]
        yield keys


def _keys(rows: models.QuerySet[Row], size: int) -> list[object]:
    """The next keys. What is no key any more, such as a day that is none, is left out: whoever counts rows misses it."""
    keys = rows.values_list("pk", flat=True)
    try:
        found = list(keys[:size])
    except NO_KEY:
        found = [key for place in range(min(size, rows.count())) for key in _key_at(keys, place)]
    return [key for key in found if key is not None]


def _key_at(keys: models.QuerySet[Any, Any], place: int) -> list[object]:
    try:
        return list(keys[place : place + 1])
    except NO_KEY:
        return []


def _read(rows: models.QuerySet[Row], keys: list[object]) -> list[Row | Unreadable]:
    try:
        return list(rows)
    except UNREADABLE:
        return [_one(rows, key) for key in keys]


def _one(rows: models.QuerySet[Row], key: object) -> Row | Unreadable:
    try:
        return rows.get(pk=key)
    except UNREADABLE:
        return Unreadable(key)


def readable_part(model: type[Row], key: object) -> Row:
    """The row without the columns that cannot be read: asking it for one of them raises one of UNREADABLE."""
    rows = model._default_manager.filter(pk=key)
    return rows.only(*(field.name for field in model._meta.concrete_fields if _is_readable(rows, field.name))).get()


def _is_readable(rows: models.QuerySet[Row], name: str) -> bool:
    try:
        rows.values_list(name, flat=True).get()
    except UNREADABLE:
        return False
    return True
