"""Reading a whole table that somebody may have tampered with: a row that cannot be read is told, the others are read all the
same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from django.db import models

Row = TypeVar("Row", bound=models.Model)
UNREADABLE = (InvalidTag, LookupError, ValueError, TypeError, ArithmeticError, AttributeError)
"""What reading a value raises that is not what the product writes: another cipher text, key, date, number, or JSON."""


@dataclass(frozen=True)
class Unreadable:
    """A row that is there and cannot be read."""

    pk: object


def chunks(model: type[Row], size: int, **only: object) -> Iterator[list[Row | Unreadable]]:
    """The rows by primary key, `size` at a time."""
    found = model._default_manager.filter(**only).order_by("pk")
    last: object = None
    while keys := list((found if last is None else found.filter(pk__gt=last)).values_list("pk", flat=True)[:size]):
        last = keys[-1]
        yield _read(found.filter(pk__gte=keys[0], pk__lte=last), keys)


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
