"""Tables that only grow: the database itself refuses to change or to remove a row, whoever asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("kernel_securityevent",)


def guard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Let the database refuse. On PostgreSQL to empty the table at once as well."""
    said = f"{table} only grows"
    if connection.vendor == "sqlite":
        _run(
            connection,
            *(
                f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"
                for deed in ("update", "delete")
            ),
        )
        return
    _run(
        connection,
        f"CREATE FUNCTION {table}_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_grows()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_grows()",
    )


def unguard(connection: BaseDatabaseWrapper, table: str) -> None:
    """For a migration that goes back, and for tests, which empty the tables between them."""
    if connection.vendor == "sqlite":
        _run(connection, *(f"DROP TRIGGER {table}_no_{deed}" for deed in ("update", "delete")))
    else:
        _run(connection, f"DROP FUNCTION {table}_grows() CASCADE")


@contextmanager
def unguarded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """All tables of the kind are ordinary ones inside the block."""
    there = [table for table in TABLES if table in connection.introspection.table_names()]
    for table in there:
        unguard(connection, table)
    try:
        yield
    finally:
        for table in there:
            guard(connection, table)


class Guarded(migrations.RunPython):
    """The step of a migration that puts a table under guard."""

    def __init__(self, table: str) -> None:
        def there(apps: Any, schema_editor: Any) -> None:
            guard(schema_editor.connection, table)

        def back(apps: Any, schema_editor: Any) -> None:
            unguard(schema_editor.connection, table)

        super().__init__(there, back)


def _run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
