"""Selected items over forms that are alike, by halves: the forms into two lots, each lot into two again. A step is a small
question (which items, not which form), where all forms at once are a large one full of symmetry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.assembly.blueprint import PoolItem

Band = tuple[Sequence[PoolItem], int, int]
"""Some of the items, how few and how many of them a form has."""
ATTEMPTS = 3


@dataclass(frozen=True)
class Share:
    """The items of some of the forms: on how many of them each item stands."""

    items: Sequence[PoolItem]
    times: Mapping[int, int]
    forms: int


def halve(share: Share, bands: Sequence[Band], seed: int, seconds: float) -> list[list[PoolItem]] | None:
    """A list of items for each form, every band kept and difficulty as even as can be; None when it was not found: a lot may be
    chosen so that what is left cannot be parted."""
    total = sum(i.difficulty * share.times[i.pk] for i in share.items)
    level = (total // share.forms, -(-total // share.forms))
    for attempt in range(ATTEMPTS):
        made = _parted(share, bands, level, seed + attempt, seconds)
        if made is not None:
            return made
    return None


def _parted(
    share: Share, bands: Sequence[Band], level: tuple[int, int], seed: int, seconds: float
) -> list[list[PoolItem]] | None:
    if share.forms == 1:
        return [list(share.items)]
    found = _half(share, bands, level, seed, seconds)
    if found is None:
        return None
    made: list[list[PoolItem]] = []
    for lot in found:
        below = _parted(lot, bands, level, seed, seconds)
        if below is None:
            return None
        made += below
    return made


def _half(
    share: Share, bands: Iterable[Band], level: tuple[int, int], seed: int, seconds: float
) -> tuple[Share, Share] | None:
    from ortools.sat.python import cp_model

    first = share.forms // 2
    rest = share.forms - first
    model: Any = cp_model.CpModel()
    goes = {
        i.pk: model.new_int_var(max(0, share.times[i.pk] - rest), min(share.times[i.pk], first), "")
        for i in share.items
    }
    for items, least, most in bands:
        here = [i for i in items if i.pk in goes]
        there = sum(share.times[i.pk] for i in here)
        # Both lots have to keep the band: the one by what goes, the other by what stays.
        low, high = max(first * least, there - rest * most), min(first * most, there - rest * least)
        model.add_linear_constraint(sum(goes[i.pk] for i in here), low, high)
    total = sum(i.difficulty * share.times[i.pk] for i in share.items)
    low, high = max(first * level[0], total - rest * level[1]), min(first * level[1], total - rest * level[0])
    model.add_linear_constraint(sum(i.difficulty * goes[i.pk] for i in share.items), low, high)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2_000_000_000
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    times = {pk: int(solver.value(v)) for pk, v in goes.items()}
    return _lot(share, times, first), _lot(share, {pk: share.times[pk] - n for pk, n in times.items()}, rest)


def _lot(share: Share, times: Mapping[int, int], forms: int) -> Share:
    return Share([i for i in share.items if times[i.pk]], {pk: n for pk, n in times.items() if n}, forms)
