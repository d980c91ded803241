"""What a world looks like after deeds: the recorded facts of the rows that they touched, without what no deed decides."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from assay.kernel.models import LedgerEntry, LedgerLine, OutboxMessage
from assay.kernel.recorded import Recorded

Key = tuple[str, str]
DRAWN = frozenset(
    {
        "centre.account.#password",
        "certificates.codeindex.index",
        "exam.publication.#paper_keys",
        "portal.claim.#number",
        "portal.claim.#password",
    }
)
"""What is drawn by lot, or salted, at each try anew."""


@dataclass(frozen=True)
class Moment:
    """Where the ledger and the outbox stood."""

    entries: int
    messages: int


def now() -> Moment:
    last, message = LedgerEntry.objects.order_by("-seq").first(), OutboxMessage.objects.order_by("-pk").first()
    return Moment(last.seq if last else 0, message.pk if message else 0)


@dataclass(frozen=True)
class Picture:
    """What stands in the ledger since (acts, in no order), the rows that they recorded as they are now, messages sent."""

    acts: tuple[str, ...]
    rows: tuple[str, ...]
    messages: tuple[str, ...]


def picture(since: Moment, blurred: Iterable[str]) -> Picture:
    fresh = LedgerEntry.objects.filter(seq__gt=since.entries)
    touched = set(LedgerLine.objects.filter(entry__seq__gt=since.entries).values_list("subject", "subject_id"))
    said = LedgerLine.objects.filter(entry__seq__lte=since.entries, subject_id__in={pk for _, pk in touched})
    new = touched - set(said.values_list("subject", "subject_id"))
    return Picture(
        tuple(sorted(fresh.values_list("act", flat=True))),
        tuple(sorted(_rows(touched, new, DRAWN | frozenset(blurred)))),
        tuple(sorted(OutboxMessage.objects.filter(pk__gt=since.messages).values_list("kind", flat=True))),
    )


def _rows(touched: set[Key], new: set[Key], blurred: frozenset[str]) -> list[str]:
    """Each row as a text: known ones by number, new ones without; a row that came and went says nothing."""
    found = []
    for subject in {subject for subject, _ in touched}:
        model = apps.get_model(subject)
        assert issubclass(model, Recorded)
        pks = {pk for name, pk in touched if name == subject}
        rows = {str(row.pk): row for row in model._default_manager.filter(pk__in=pks)}
        for pk in pks:
            key = (subject, pk)
            if pk in rows:
                facts = {
                    n: _plain(model, n, v, new) for n, v in rows[pk].facts().items() if f"{subject}.{n}" not in blurred
                }
                if isinstance(rows[pk], OutboxMessage) and (rows[pk].about, rows[pk].about_id) in new:
                    facts["about_id"] = "new"
                named = "new" if key in new else pk
                found.append(f"{subject} {named} {json.dumps(facts, ensure_ascii=False, sort_keys=True)}")
            elif key not in new:
                found.append(f"{subject} {pk} removed")
    return found


def _plain(model: type[Recorded], name: str, value: Any, new: set[Key]) -> Any:
    """Times only as there or not; a new row that is pointed at without its number."""
    try:
        column = model._meta.get_field(name.lstrip("#"))
    except FieldDoesNotExist:
        return value
    if isinstance(column, models.DateTimeField):
        return value is not None
    if isinstance(column, models.ForeignKey):
        return "new" if (column.related_model._meta.label_lower, str(value)) in new else value
    return value
