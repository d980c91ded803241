"""Whether the recorded rows are as the ledger last said of them. Whatever lies in a column instead, also what no program of ours
could read, is named with its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import connection, models
from django.db.models import F, Func
from django.db.models.functions import Cast

from assay.kernel.ledger import Last
from assay.kernel.reading import UNREADABLE, Unreadable, chunks, readable_part
from assay.kernel.recorded import Recorded

Facts = dict[str, Any]
Said = tuple[str, str]
"""Where, and what is wrong, in Chinese."""
LONGEST_SHOWN = 200


def check_rows(model: type[Recorded], last: Mapping[str, Last], **only: object) -> Iterator[Said]:
    """Every row of a table, or those that are asked for. `last`: of their numbers, as texts."""
    unseen = dict(last)
    for chunk in chunks(model, 2000, **only):
        for found in chunk:
            seq, facts = unseen.pop(str(found.pk), (0, None))
            row = readable_part(model, found.pk) if isinstance(found, Unreadable) else found
            if facts is not None:
                yield from _differences(row, seq, facts)
            elif seq:
                yield named(row), f"台账第 {seq} 条记为已删除，表中仍在"
            else:
                yield named(row), "台账中没有这一行的来历：绕过系统写入"
    for pk, (seq, facts) in unseen.items():
        if facts is not None:
            yield f"{model._meta.verbose_name} {model.subject()}:{pk}", f"台账第 {seq} 条有记载，表中已不见"
    yield from _read_as_nothing(model, **only)


def named(row: Recorded) -> str:
    try:
        said = f"（{shown(str(row))}）"
    except (*UNREADABLE, ObjectDoesNotExist):  # called after another row, which is gone or cannot be deciphered
        said = ""
    return f"{row._meta.verbose_name} {row.subject()}:{row.pk}{said}"


def shown(value: object) -> str:
    """As it can be printed, whatever it is."""
    text = str(value).encode(errors="backslashreplace").decode()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}……"


def _differences(row: Recorded, seq: int, said: Facts) -> Iterator[Said]:
    """What an earlier version of the product did not record, the ledger cannot speak of; what it recorded must be there."""
    for name in sorted(said):
        column, kept = name.lstrip("#"), f"台账第 {seq} 条"
        try:
            found = _fact(row, name, said[name])
        except UNREADABLE:
            yield named(row), f"“{column}”内容无法读出：被改动，{kept}有记载"
            continue
        if found != said[name]:
            before, after = ("（校验码）", "（已改）") if name.startswith("#") else (shown(said[name]), shown(found))
            yield named(row), f"“{column}”被改动：{kept}记为 {before}，表中为 {after}"


def _fact(row: Recorded, name: str, said: Any) -> Any:
    """By the name that it was recorded by, open or sealed, whichever it is now; of a column that is gone, nothing."""
    try:
        return row.fact(name, said)
    except FieldDoesNotExist:
        return None


_NO_VALUE: Mapping[type[models.Field[Any, Any]], str] = {
    models.BooleanField: "(%(expressions)s NOT IN (0, 1))",
    models.DateField: "(%(expressions)s IS NOT date(%(expressions)s))",
    models.DateTimeField: "(%(expressions)s IS NOT NULL AND (typeof(%(expressions)s) <> 'text' OR datetime(%(expressions)s) IS NULL))",
}


def _read_as_nothing(model: type[Recorded], **only: object) -> Iterator[Said]:
    """SQLite keeps anything in any column, and there what is no yes or no, day or time reads as no or as none."""
    if connection.vendor != "sqlite":
        return
    for field in model._meta.local_concrete_fields:
        if type(field) in _NO_VALUE and field.name not in model.UNOFFICIAL and not field.primary_key:
            no_value = Func(F(field.name), template=_NO_VALUE[type(field)], output_field=models.BooleanField())
            odd = model._default_manager.filter(**only).annotate(no_value=no_value).filter(no_value=True)
            for pk in odd.values_list(Cast("pk", models.TextField()), flat=True):
                yield f"{model._meta.verbose_name} {model.subject()}:{pk}", f"“{field.name}”被改动：不是该列可有的值"
