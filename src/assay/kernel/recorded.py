"""Rows whose facts the ledger remembers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from assay.kernel.sealing import seal

Model = TypeVar("Model", bound=models.Model)
_NOTHING: Mapping[str, Any] = {}


class Recorded(models.Model):
    """A row whose official facts every act writes to the ledger.

    FACTS are kept readable; SEALED are kept as keyed digests (personal data, and what is long). `assay ledger verify`
    compares both with the table. Every column but the key, by which the ledger names the row, is in one of them, or in UNOFFICIAL
    with the reason (in English) why whoever changes it changes nothing official (ADR 26). Moved from one to the other, what was
    recorded before still verifies.
    """

    FACTS: ClassVar[tuple[str, ...]] = ()
    SEALED: ClassVar[tuple[str, ...]] = ()
    UNOFFICIAL: ClassVar[Mapping[str, str]] = {}
    HEADED: ClassVar[str] = ""
    """The fact whose every change ends with a signed head of the ledger, whatever the entry calls its act."""

    class Meta:
        abstract = True

    @classmethod
    def subject(cls) -> str:
        return cls._meta.label_lower

    @classmethod
    def fact_names(cls) -> tuple[str, ...]:
        """The names that the ledger keeps facts by: a `#` before what is sealed."""
        return (*cls.FACTS, *(f"#{name}" for name in cls.SEALED))

    def facts(self, said: Mapping[str, Any] = _NOTHING) -> dict[str, Any]:
        """Canonical facts: JSON values only, equal before saving and after loading. `said`: facts recorded earlier, with whose
        keys digests are made, so that the two can be compared."""
        return {name: self.fact(name, said.get(name)) for name in self.fact_names()}

    def fact(self, name: str, said: Any = None) -> Any:
        """One fact under the name that the ledger keeps it by. Raises FieldDoesNotExist."""
        value = self._canonical(name.lstrip("#"))
        if not name.startswith("#") or value in (None, ""):
            return value
        return seal(_text(value), like=said if isinstance(said, str) else "")

    def _canonical(self, name: str) -> Any:
        return _reader(type(self), name)(self)


@cache
def _reader(model: type[models.Model], name: str) -> Callable[[models.Model], Any]:
    """What reads one column of a row as JSON. Found once for each column: an act may record a hundred thousand rows."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return attrgetter(field.attname)
    if isinstance(field, models.ManyToManyField):
        return lambda row: sorted(getattr(row, name).values_list("pk", flat=True))
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(name)  # what points here is no column
    if isinstance(field, models.IntegerField):
        return lambda row: _number(getattr(row, name), field)
    if isinstance(field, models.CharField | models.TextField):
        return lambda row: _words(getattr(row, name), field)
    return lambda row: canonical(field.to_python(getattr(row, name)), field)


def _words(value: Any, field: models.Field[Any, Any]) -> Any:
    return value if type(value) is str else canonical(field.to_python(value), field)


def _number(value: Any, field: models.Field[Any, Any]) -> Any:
    """SQLite keeps any number in any column: 5.5 is not 5."""
    return value if isinstance(value, float) else field.to_python(value)


def rewrite(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write `columns` of rows that are there. As an upsert by key: Django's `bulk_update` builds an expression for every
    value, which takes eight times as long. The act holds the rows' locks, or one that is gone meanwhile would come back.
    Raises ValueError for rows that are not saved yet, not loaded whole, or given twice."""
    if any(row._state.adding or row.get_deferred_fields() for row in rows) or len({row.pk for row in rows}) < len(rows):
        raise ValueError("only saved rows, loaded whole, each once")
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns, batch_size=500
        )


_IN_ORDER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _text(value: Any) -> str:
    """`value` as one text: names in order, since PostgreSQL's jsonb does not keep the order they were written in."""
    return _IN_ORDER.encode(value)


_AS_THEY_ARE, _TEXTS = frozenset({str, int, bool, type(None)}), frozenset({str})


def canonical(value: Any, field: models.Field[Any, Any] | None = None) -> Any:
    """`value` as JSON that does not depend on where it came from (memory or database)."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, str):  # a word of an enum is recorded as its text
        return str.__str__(value)
    if isinstance(value, Decimal):
        places = field.decimal_places if isinstance(field, models.DecimalField) else None
        return str(value.quantize(Decimal(1).scaleb(-places))) if places is not None else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        if _TEXTS.issuperset(map(type, value)) and _AS_THEY_ARE.issuperset(map(type, value.values())):
            return dict(value)
        return {str(k): v if type(v) in _AS_THEY_ARE else canonical(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(v) for v in value]
    return value
