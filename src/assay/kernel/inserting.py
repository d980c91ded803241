"""Many new rows at once. Django's `bulk_create` builds an expression for every value: where a batch is marked that takes longer than
everything else together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, TypeVar

from django.db import connection, models

Model = TypeVar("Model", bound=models.Model)
_AT_ONCE = 500
_AS_THEY_ARE = (models.CharField, models.TextField, models.BooleanField, models.BigIntegerField, models.IntegerField)


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    """Write rows, given as values of the fields `names` (by their attribute: `entry_id`), and return their numbers in order. Within a
    transaction; what `pre_save` would fill in has to be given."""
    fields = [_field(model, name) for name in names]
    prepared = [(n, field) for n, field in enumerate(fields) if type(field) not in _AS_THEY_ARE]
    numbers: list[int] = []
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _AT_ONCE):
            some = [list(row) for row in rows[first : first + _AT_ONCE]]
            for row in some:
                for n, field in prepared:
                    row[n] = field.get_db_prep_save(row[n], connection)
            cursor.execute(*_statement(model, fields, some))
            numbers += [number for (number,) in cursor.fetchall()]
    return numbers


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _statement(
    model: type[models.Model], fields: Sequence[models.Field[Any, Any]], rows: Sequence[list[Any]]
) -> tuple[str, list[Any]]:
    """What writes the rows, and its parameters: PostgreSQL takes a list for each column, SQLite every value."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    if connection.vendor == "postgresql":
        lists = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
        columns_of_values = [list(column) for column in zip(*rows, strict=True)]
        return f"{into} SELECT * FROM unnest({lists}) RETURNING id", columns_of_values  # noqa: S608
    one = f"({', '.join(['%s'] * len(fields))})"
    return f"{into} VALUES {', '.join([one] * len(rows))} RETURNING id", list(chain.from_iterable(rows))


def insert_rows(rows: Sequence[Model]) -> None:
    """Write rows that are not saved yet; they are saved afterwards, with their numbers."""
    if not rows:
        return
    model = type(rows[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    numbers = insert(model, names, [[row.__dict__[name] for name in names] for row in rows])
    for row, number in zip(rows, numbers, strict=True):
        row.pk, row._state.adding, row._state.db = number, False, connection.alias
