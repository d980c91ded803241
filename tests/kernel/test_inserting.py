"""Many rows written at once are the rows that Django would have written one by one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from assay.kernel import inserting
from assay.kernel.models import OutboxMessage

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 6, 1, 1, 2, 3, 456789, tzinfo=UTC)


def message(n: int) -> OutboxMessage:
    return OutboxMessage(
        kind="示例", key=f"{n}", about="kernel.holiday", about_id=str(n), payload={"序号": n, "引号": '"\\'}, attempts=n,
        reply={"状态": [n, None, "'"]} if n % 2 else None, last_error="a\n'b\"\\" if n % 3 else "", created_at=WHEN,
        next_at=WHEN, sent_at=WHEN if n % 2 else None,
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20])
def test_rows_are_as_they_were_given_and_have_their_numbers_in_order(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inserting, "_AT_ONCE", 8)
    rows = [message(n) for n in range(count)]
    inserting.insert_rows(rows)
    assert not any(row._state.adding for row in rows)
    kept = {row.pk: row for row in OutboxMessage.objects.all()}
    assert [kept[row.pk].key for row in rows] == [str(n) for n in range(count)]
    for row in rows:
        for field in OutboxMessage._meta.concrete_fields:
            assert getattr(kept[row.pk], field.attname) == getattr(row, field.attname), field.attname


def test_what_is_secret_is_written_encrypted() -> None:
    inserting.insert_rows([message(1)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM kernel_outboxmessage")
        assert "引号" not in cursor.fetchone()[0]
