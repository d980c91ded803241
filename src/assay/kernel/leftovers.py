"""What was written over or deleted stays in a database's files until its place is used again. When something clear has become
encrypted the files are written anew, so that nobody finds it there."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from assay.kernel.fields import Encrypted


def wipe() -> None:
    """Write the database anew (PostgreSQL: the tables with encrypted columns). Outside a transaction; nobody else may be at work."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in _tables():
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")


def _tables() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(field, Encrypted) for field in model._meta.get_fields())
    ]
