"""A list of a hundred thousand rows is put in order by its keys; whole rows are read for one page alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from assay.kernel import clock
from assay.kernel.listing import PAGE_SIZE, Column, Listing
from assay.kernel.models import OutboxMessage

pytestmark = pytest.mark.django_db
MANY = PAGE_SIZE + 7


@pytest.fixture
def messages() -> None:
    now = clock.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind="test", key=f"k{number:03}", attempts=number % 3, next_at=now, created_at=now)
        for number in range(MANY)
    )


def listing(asked: str) -> Listing:
    rows = OutboxMessage.objects.annotate(said=Concat(Value("信件"), F("key")))
    columns = [Column("编号", lambda row: row.said), Column("次数", lambda row: row.attempts, "attempts")]
    return Listing(RequestFactory().get(f"/?{asked}"), rows, columns, order="key")


def said(page: dict[str, Any]) -> list[str]:
    return [values[0] for _, values, *_ in page["rows"]]


@pytest.mark.usefixtures("messages")
def test_pages_follow_each_other_in_order_and_hold_every_row_once() -> None:
    first, second = (said(listing(f"page={number}").page()) for number in (1, 2))
    assert [*first, *second] == [f"信件k{number:03}" for number in range(MANY)]
    assert len(second) == 7


@pytest.mark.usefixtures("messages")
def test_a_column_that_is_sorted_by_ends_with_the_key() -> None:
    shown = said(listing("sort=-attempts").page())
    assert shown[:2] == ["信件k002", "信件k005"]


@pytest.mark.usefixtures("messages")
def test_neither_counting_nor_putting_in_order_works_out_what_is_shown() -> None:
    with CaptureQueriesContext(connection) as asked:
        page = listing("").page()
    counting, ordering, reading = (query["sql"] for query in asked)
    assert page["count"] == MANY
    assert "信件" not in counting + ordering
    assert "last_error" not in counting + ordering
    assert "last_error" in reading
