"""After an upgrade the ledger takes in, once, what it covers now and did not cover before (ADR 26).

Nothing that was changed behind the ledger's back is made good by that: what the ledger had said of a row it goes on saying, only what
it had not said is taken from the table. Which columns of which tables are covered is noted in the ledger itself when all rows are
through; stopped before that, the next start goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from assay.centre.actors import SYSTEM
from assay.kernel import ledger
from assay.kernel.acts import Context, act
from assay.kernel.coverage import columns, recorded_models
from assay.kernel.ledger import Line
from assay.kernel.models import LedgerHead
from assay.kernel.reading import UNREADABLE, Unreadable, chunks, readable_part, runs
from assay.kernel.recorded import Recorded

CLAUSE = "三(六)2"
STEP = 2000
"""Rows of an entry: others wait for no longer than their writing takes."""
COVERED = "ledger.covered"
"""What the ledger's own lines are about that say what it covers, a line a table."""
NOT_KNOWN_BEFORE = ("kernel.holiday", "kernel.outboxmessage")
"""Tables that were recorded from the first version on which says what it covers."""


def is_due() -> bool:
    """Whether the ledger covers other columns now than were last noted."""
    return _noted() != _covered()


def _covered() -> dict[str, list[str]]:
    return {model.subject(): sorted(model.fact_names()) for model in recorded_models()}


def _noted() -> dict[str, list[str]]:
    said = ledger.last_said(COVERED, [model.subject() for model in recorded_models()])
    return {subject: facts.get("columns", []) for subject, (_, facts) in said.items() if facts}


def record_anew() -> int:
    """Record every row of which the ledger does not say all that it covers; how many there were."""
    count, noted = 0, _noted()
    for model in recorded_models():
        is_new = model.subject() not in noted if noted else model.subject() in NOT_KNOWN_BEFORE
        parts = list(runs(model, STEP))
        if is_new and parts:  # in one: of a table that is half known nobody could say what was there before
            parts = [[key for part in parts for key in part]]
        count += sum(_complete(SYSTEM, model, keys, is_new) for keys in parts)
    _note_coverage(SYSTEM)
    return count


@act("centre.record_anew", duty="SYS", title="台账补记", clause=CLAUSE)
def _complete(ctx: Context, model: type[Recorded], keys: Sequence[object], is_new: bool) -> int:
    """`is_new`: the ledger never spoke of the table, and takes its rows as they are; otherwise a row that it does not know was
    written around the acts, and stays to be found."""
    list(LedgerHead.objects.select_for_update())  # nobody else says anything of these rows meanwhile
    said = ledger.last_said(model.subject(), keys)
    for row in _rows(model, keys):
        facts = said[str(row.pk)][1] if str(row.pk) in said else ({} if is_new else None)
        if facts is not None and (more := _not_said(row, facts)):
            ctx.lines.append(Line(model.subject(), str(row.pk), _still_said(row, facts) | more))
    if ctx.lines:
        ctx.note = f"{model._meta.verbose_name} {len(ctx.lines)} 行"
    return len(ctx.lines)


def _rows(model: type[Recorded], keys: Sequence[object]) -> Iterator[Recorded]:
    for chunk in chunks(model, STEP, pk__gte=keys[0], pk__lte=keys[-1]):
        yield from (readable_part(model, row.pk) if isinstance(row, Unreadable) else row for row in chunk)


def _not_said(row: Recorded, facts: dict[str, Any]) -> dict[str, Any]:
    """What is covered and missing; not what cannot be read."""
    found = {}
    for name in row.fact_names():
        if name not in facts:
            try:
                found[name] = row.fact(name)
            except UNREADABLE:
                continue
    return found


def _still_said(row: Recorded, facts: dict[str, Any]) -> dict[str, Any]:
    """What was said before, but not what is sealed now and was open once, as long as it is right."""
    return {name: value for name, value in facts.items() if name in row.fact_names() or not _is_right(row, name, value)}


def _is_right(row: Recorded, name: str, value: Any) -> bool:
    try:
        return bool(row.fact(name, value) == value)
    except (*UNREADABLE, FieldDoesNotExist):
        return False


@act("centre.note_coverage", duty="SYS", title="登记台账覆盖范围", clause=CLAUSE)
def _note_coverage(ctx: Context) -> None:
    ctx.lines.extend(Line(COVERED, subject, {"columns": names}) for subject, names in _covered().items())
    listed = columns()
    official = sum(one.official for one in listed)
    ctx.note = f"台账记载 {official} 列，另有 {len(listed) - official} 列不属正式记录"
