"""Rows that an act rests on without changing them, such as the stage of a batch: held as they are until the act is done.

Many may hold one row at a time; who wants to change it (`select_for_update`) waits for all of them, and they for him. So what an
act found of a row is still so when its own rows are written. SQLite has one writer at a time and needs none of it.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def held(row: M) -> M:
    """The row as it stands, and as it stays until the transaction ends. Held before rows that belong to it are locked, so that
    two acts never wait for each other."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    if connection.vendor == "postgresql":
        locking, values = rows.select_for_update().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(locking.replace("FOR UPDATE", "FOR SHARE"), values)
    return rows.get()
