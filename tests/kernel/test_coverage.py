"""Every column of a recorded table is a fact, a sealed fact, or expressly none, with its reason."""

from __future__ import annotations

import pytest
from django.db import connection

from assay.kernel import coverage
from assay.kernel.coverage import problems, recorded_models
from assay.kernel.models import SecurityLogSeal
from assay.kernel.recorded import Recorded
from assay.sites.models import Room


@pytest.mark.parametrize("model", recorded_models(), ids=lambda model: model.subject())
def test_every_column_is_named_once_and_nothing_else_is(model: type[Recorded]) -> None:
    assert problems(model) == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"FACTS": ("first", "last", "count", "at")}, ["digest: nowhere"]),
        ({"SEALED": ("digest",)}, ["digest: twice"]),
        ({"UNOFFICIAL": {"digest": "for the test"}}, ["digest: twice"]),
        ({"UNOFFICIAL": {"colour": "for the test"}}, ["colour: no column"]),
        ({"FACTS": ("first", "last", "count", "at"), "UNOFFICIAL": {"digest": " "}}, ["digest: no reason"]),
    ],
)
def test_a_declaration_that_leaves_out_doubles_or_invents_a_column_is_told(
    monkeypatch: pytest.MonkeyPatch, declared: dict[str, object], said: list[str]
) -> None:
    for name, value in declared.items():
        monkeypatch.setattr(SecurityLogSeal, name, value)
    assert problems(SecurityLogSeal) == said


def test_many_to_many_columns_have_to_be_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "FACTS", tuple(name for name in Room.FACTS if name != "occupations"))
    assert problems(Room) == ["occupations: nowhere"]


@pytest.mark.django_db
def test_the_list_has_every_column_of_every_recorded_table_as_the_database_has_them() -> None:
    listed = [column.column for column in coverage.columns()]
    assert len(set(listed)) == len(listed)
    tables = {column.partition(".")[0] for column in listed}
    with connection.cursor() as cursor:
        there = {
            f"{table}.{column.name}"
            for table in tables
            for column in connection.introspection.get_table_description(cursor, table)
        }
    assert set(listed) == there
    assert {model._meta.db_table for model in recorded_models()} <= tables
