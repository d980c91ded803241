"""What this room knows of earlier assessments: parts passed that are still kept, and resits taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from assay.applications.history import History, KeptPass, Sought
from assay.applications.parts import How, LeftOut
from assay.batches.stages import Route
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.kernel.clock import day_of
from assay.results.models import Result
from assay.results.rules import Outcome


def earlier_results(pairs: Sequence[tuple[Sought, History]]) -> None:
    """Add to each history the parts passed in assessments that were not passed whole, and how often another part was sat
    again on them."""
    if not pairs:
        return
    found: dict[tuple[str, int, int], list[Result]] = defaultdict(list)
    rows = Result.objects.filter(
        application__person__id_index__in={sought.id_index for sought, _ in pairs},
        application__line__scope_row__in={sought.scope_row for sought, _ in pairs},
        application__line__level__in={sought.level for sought, _ in pairs},
        batch__route=Route.EXAM,
    )
    for result in rows.select_related("application__person", "application__line", "batch").order_by(
        "computed_at", "pk"
    ):
        line = result.application.line
        found[result.application.person.id_index, line.scope_row_id, line.level_id].append(result)
    days, pass_mark = parameters.number("results.part_kept_days"), parameters.decimal("results.pass_mark")
    for sought, history in pairs:
        earlier = [result for result in found[sought.key] if result.batch_id != sought.batch]
        history.sat |= {part for result in earlier for part in Part if _taken(result, part)}
        for kept in (kept for result in earlier for kept in _passes(result, pass_mark, days)):
            history.passes[kept.part] = kept
        for part in Part:
            times = sum(_sat_again(result, part, earlier, history) for result in earlier)
            if times:
                history.resits[part] = times


def _taken(result: Result, part: Part) -> bool:
    """Whether the part had its place in that assessment, missed or not, and was no pass carried over."""
    there = getattr(result, part) is not None or getattr(result, f"{part}_absent")
    return there and part not in result.basis


def _passes(result: Result, pass_mark: Decimal, days: int) -> list[KeptPass]:
    """The parts passed in one assessment and kept from its release on. What was itself only carried over is not kept anew,
    and of who passed the whole nothing is kept: that became a certificate."""
    if result.released_at is None or result.outcome == Outcome.PASS:
        return []
    on = day_of(result.released_at)
    marks = [(part, getattr(result, part)) for part in Part if part not in result.basis]
    return [
        KeptPass(part, mark, result.pk, on, on + timedelta(days=days), str(result.batch))
        for part, mark in marks
        if mark is not None and mark >= pass_mark
    ]


def _sat_again(result: Result, part: str, earlier: Sequence[Result], history: History) -> bool:
    """Whether the part was sat (or missed) in that assessment while another was left out on a pass that is kept still."""
    application = result.application
    if getattr(application, part) == How.EXEMPT or not result.was_sat(part):
        return False
    sources = [
        kept.result
        for kept in history.passes.values()
        if getattr(application, kept.part) == How.EXEMPT
        and result.basis.get(kept.part, {}).get("kind") != LeftOut.EXEMPTION
    ]
    order = [one.pk for one in earlier]
    return any(order.index(source) < order.index(result.pk) for source in sources)
