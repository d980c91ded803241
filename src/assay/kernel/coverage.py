"""Which columns of the recorded tables the ledger speaks of, and why it is silent of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from assay.kernel.recorded import Recorded

KEY, FACT, SEALED = "the key: names the row", "a fact, readable", "a fact, as a keyed digest"
LISTED, LINK = "listed by the row, as one of its facts", "the number of a link, which nothing refers to"


@dataclass(frozen=True)
class Column:
    """A column as the database has it. `reason`: of an official one, in what way the ledger keeps it."""

    column: str
    official: bool
    reason: str


def recorded_models() -> list[type[Recorded]]:
    return [m for m in apps.get_models() if issubclass(m, Recorded)]


def columns() -> list[Column]:
    """Of every recorded table, in order of tables."""
    found = [column for model in recorded_models() for column in _columns_of(model)]
    return sorted(found, key=lambda column: column.column.partition(".")[0])


def _columns_of(model: type[Recorded]) -> Iterator[Column]:
    table = model._meta.db_table
    for field in model._meta.local_concrete_fields:
        name = f"{table}.{field.column}"
        if field.primary_key:
            yield Column(name, True, KEY)
        elif field.name in model.FACTS:
            yield Column(name, True, FACT)
        elif field.name in model.SEALED:
            yield Column(name, True, SEALED)
        else:
            yield Column(name, False, model.UNOFFICIAL[field.name])
    for many in model._meta.local_many_to_many:
        links = many.remote_field.through
        assert links is not None
        for field in links._meta.local_concrete_fields:
            linked = not field.primary_key
            yield Column(f"{many.m2m_db_table()}.{field.column}", linked, LISTED if linked else LINK)


def problems(model: type[Recorded]) -> list[str]:
    """What is wrong with a table's declaration: each column but the key is named once, and nothing else is."""
    fields = [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]
    there = {field.name for field in fields if not field.primary_key}
    named = [*model.FACTS, *model.SEALED, *model.UNOFFICIAL]
    return [
        *(f"{name}: nowhere" for name in sorted(there - set(named))),
        *(f"{name}: twice" for name in sorted({name for name in named if named.count(name) > 1})),
        *(f"{name}: no column" for name in sorted(set(named) - there)),
        *(f"{name}: no reason" for name, reason in model.UNOFFICIAL.items() if not reason.strip()),
    ]
