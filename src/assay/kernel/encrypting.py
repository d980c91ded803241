"""For migrations: columns that held clear values are encrypted in place, and back. The column is already (or still) an encrypted
field to the model handed over. Rows in steps of a thousand, so that a bank of any size passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from assay.kernel.fields import EncryptedJSON

STEP = 1000


def encrypt_columns(schema_editor: Any, model: type[models.Model], columns: Sequence[str]) -> None:
    """Clear values become cipher text."""
    fields: list[Any] = [model._meta.get_field(name) for name in columns]

    def locked(row: Mapping[str, Any]) -> dict[str, Any]:
        clear = {field: row[field.column] for field in fields}
        return {
            field.column: field.get_prep_value(json.loads(value) if isinstance(field, EncryptedJSON) else value)
            for field, value in clear.items()
        }

    rewrite_columns(schema_editor, model, columns, columns, locked)


def decrypt_columns(schema_editor: Any, model: type[models.Model], columns: Sequence[str]) -> None:
    """Cipher text becomes the clear value again, JSON as its text."""
    fields: list[Any] = [model._meta.get_field(name) for name in columns]

    def opened(row: Mapping[str, Any]) -> dict[str, Any]:
        clear = {field: field.from_db_value(row[field.column], None, None) for field in fields}
        return {
            field.column: json.dumps(value) if isinstance(field, EncryptedJSON) else value
            for field, value in clear.items()
        }

    rewrite_columns(schema_editor, model, columns, columns, opened)


def rewrite_columns(
    schema_editor: Any,
    model: type[models.Model],
    reads: Sequence[str],
    writes: Sequence[str],
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> None:
    """The columns `writes` become what `change` makes of the columns `reads` of each row, as the database holds them."""
    connection, quote = schema_editor.connection, schema_editor.connection.ops.quote_name
    table = quote(model._meta.db_table)
    put = ", ".join(f"{quote(name)} = %s" for name in writes)
    for rows in raw_rows(connection, model, reads):
        changed = [(change(row), row["id"]) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {put} WHERE id = %s",  # noqa: S608 - names of our own
                [(*(values[name] for name in writes), pk) for values, pk in changed],
            )


def raw_rows(connection: Any, model: type[models.Model], columns: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """A thousand rows at a time, in order of their numbers, as the database holds them."""
    quote, last = connection.ops.quote_name, 0
    names = ", ".join(quote(name) for name in ("id", *columns))
    asked = f"SELECT {names} FROM {quote(model._meta.db_table)} WHERE id > %s ORDER BY id LIMIT {STEP}"  # noqa: S608
    while True:
        with connection.cursor() as cursor:
            cursor.execute(asked, [last])
            rows = [dict(zip(("id", *columns), row, strict=True)) for row in cursor.fetchall()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]
