"""Whoever may write the whole database changes one column of one row, in whatever way: the check names the row and the column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from assay.kernel import ledger
from assay.kernel.coverage import recorded_models
from assay.kernel.recorded import Recorded
from assay.kernel.verifying_rows import Said, check_rows
from tests.played.conftest import Played

OTHER_TEXTS = (
    "'another'",
    "'[7]'",
    "'1999-01-02'",
    "'1999-01-02 03:04:05'",
    "'1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
)
OTHER_NUMBERS = ("{column} + 1", "7", "5.5", "-1", "1e300", "9223372036854775807")
NO_TEXT = ("X'FFFE00'", "CAST(X'FFFE' AS TEXT)", "'{{'", "'\"\\ud800\"'")
NEAR = ("NULL", "''", "NOT {column}", "substr({column}, 2)")
CHANGES = (*OTHER_TEXTS, *OTHER_NUMBERS, *NO_TEXT, *NEAR)
BLANK = "' ' || {column}"
"""Around JSON or a time it says the same as before."""


@pytest.fixture(autouse=True)
def _any_value_may_be_written(played: Played) -> Iterator[None]:
    """Who has the file of an SQLite database need not ask its conditions."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints=ON")
        yield
        cursor.execute("PRAGMA ignore_check_constraints=OFF")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def after(sql: str, row: Recorded, last: dict[str, ledger.Last], **only: object) -> list[Said] | None:
    """What the check finds of the row; None where the database itself does not let it be changed so, or nothing is another."""
    with undone():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [row.pk])
                if not cursor.rowcount:
                    return None
        except DatabaseError:
            return None
        return list(check_rows(type(row), last, **only or {"pk": row.pk}))


def changes(row: Recorded, field: models.Field[Any, Any]) -> Iterator[str]:
    """Statements that change the column of the row, each in another way; none that would leave it as it is."""
    table, column = connection.ops.quote_name(row._meta.db_table), connection.ops.quote_name(str(field.column))
    same = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    for change in (*CHANGES, BLANK) if type(field) in (models.CharField, models.TextField) else CHANGES:
        value = change.format(column=column)
        yield f"UPDATE {table} SET {column} = {value} WHERE id = %s AND {column} {same} {value}"


def a_row_of_each() -> list[Recorded]:
    rows = [model._default_manager.order_by("pk").first() for model in recorded_models()]
    return [row for row in rows if row is not None and row._meta.pk.column == "id"]


def test_whatever_is_changed_in_a_column_is_named_with_its_row_or_the_column_is_declared_unofficial() -> None:
    tried = 0
    unseen, misnamed = [], []
    for row in a_row_of_each():
        last = ledger.last_said(row.subject(), [row.pk])
        assert list(check_rows(type(row), last, pk=row.pk)) == []
        for field in row._meta.local_concrete_fields:
            for sql in () if field.primary_key else changes(row, field):
                found = after(sql, row, last)
                if found is None:
                    continue
                tried += 1
                if field.name in row.UNOFFICIAL:
                    misnamed += [(sql, found)] if found else []
                elif not any(
                    f"{row.subject()}:{row.pk}" in where and f"“{field.name}”" in what for where, what in found
                ):
                    unseen.append((sql, found))
    assert unseen == []
    assert misnamed == []
    assert tried > 2500


def test_a_row_that_gets_another_number_is_missed_and_the_other_one_has_no_history() -> None:
    for row in a_row_of_each():
        last = ledger.last_said(row.subject(), [row.pk])
        told = after(f"UPDATE {row._meta.db_table} SET id = 987654 WHERE id = %s", row, last, pk__in=[row.pk, 987654])
        if told is None:
            continue
        assert any(f"{row.subject()}:{row.pk}" in where and "已不见" in what for where, what in told)
        assert any(f"{row.subject()}:987654" in where and "绕过" in what for where, what in told)


@pytest.mark.parametrize(
    "deed", ["DELETE FROM {table} WHERE {column} = %s", "UPDATE {table} SET {other} = 987654 WHERE {column} = %s"]
)
def test_what_a_row_lists_is_seen_when_a_link_goes_or_leads_elsewhere(deed: str) -> None:
    tried = 0
    for model in recorded_models():
        for many in model._meta.local_many_to_many:
            row = model._default_manager.filter(**{f"{many.name}__isnull": False}).order_by("pk").first()
            if row is None:
                continue
            tried += 1
            sql = deed.format(table=many.m2m_db_table(), column=many.m2m_column_name(), other=many.m2m_reverse_name())
            if "UPDATE" in sql:
                sql += (
                    f" AND id = (SELECT min(id) FROM {many.m2m_db_table()} WHERE {many.m2m_column_name()} = {row.pk})"
                )
            told = after(sql, row, ledger.last_said(row.subject(), [row.pk]))
            assert any(f"“{many.name}”" in what for _, what in told or ()), (sql, told)
    assert tried >= 4
