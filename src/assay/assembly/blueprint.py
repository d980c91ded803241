"""What a paper has to be like, and what it can be made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assay.assembly import mixes
from assay.assembly.mixes import Mix
from assay.items.rules import quotas

IMPORTANCES = ("X", "Y", "Z")


@dataclass(frozen=True)
class PoolItem:
    """An item that may be drawn. `area`: the second-level range whose weight it counts in; `groups`: the sets of enemies that
    it belongs to; `exposure`: how often it was used; `rested`: days since it was, None when never."""

    pk: int
    type: str
    area: str
    point: str
    importance: str
    difficulty: int
    exposure: int = 0
    rested: int | None = None
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    type: str
    count: int
    mark: Decimal


@dataclass(frozen=True)
class Blueprint:
    """The rules of a paper (rules.md §8): sections as the pattern has them, weights of the areas (per cent), the mean
    difficulty (1 easy to 5) that is come near to, shares of importance (per cent; come near to what the points of the
    specification are when empty), how often an item may have been used and how long it must have rested, and how many items
    of one point a form may have. Shares of importance and of the levels of difficulty (`levels`, per cent) that are stated
    hold on every form, but for `tolerance` items of each kind."""

    sections: Sequence[Section]
    weights: Mapping[str, Decimal]
    difficulty: Decimal = Decimal("2.75")
    importance: Mapping[str, Decimal] = field(default_factory=dict)
    most_exposure: int | None = None
    rest_days: int = 0
    per_point: int | None = None
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    tolerance: int = mixes.TOLERANCE

    @property
    def items(self) -> int:
        """Items on a form."""
        return sum(s.count for s in self.sections)

    def area_quotas(self) -> dict[str, int]:
        """Items of each area on a form, by weight, largest remainder first (dossier F4.14)."""
        return quotas(self.weights, self.items)

    def point_limit(self, points: int) -> int:
        """Items of one point on a form: as evenly as the number of points allows, and one more."""
        return self.per_point or max(2, math.ceil(self.items / max(points, 1)) + 1)

    def importance_targets(self, pool: Sequence[PoolItem]) -> dict[str, int]:
        """Items of each importance on a form: as asked, else as the points are."""
        shares = dict(self.importance)
        if not shares:
            points = {i.point: i.importance for i in pool}
            shares = {kind: Decimal(sum(1 for own in points.values() if own == kind)) for kind in IMPORTANCES}
        return quotas({kind: shares.get(kind, Decimal(0)) for kind in IMPORTANCES}, self.items)

    def mixes(self) -> list[Mix]:
        """The mixes that are stated."""
        stated = []
        if self.importance:
            stated.append(mixes.importance_mix(self.importance, self.items, self.tolerance))
        if self.levels:
            stated.append(mixes.difficulty_mix(self.levels, self.items, self.tolerance))
        return stated

    def total_difficulty(self) -> int:
        """What the difficulties on a form add up to: by the stated mix of levels, else by the mean."""
        if not self.levels:
            return round(self.difficulty * self.items)
        counts = mixes.difficulty_mix(self.levels, self.items, self.tolerance).counts
        return sum(int(level) * n for level, n in counts.items())

    def usable(self, pool: Sequence[PoolItem]) -> list[PoolItem]:
        """Items of the wanted types and areas that are neither worn out nor used too lately."""
        types = {s.type for s in self.sections}
        return [
            i
            for i in pool
            if i.type in types and self.weights.get(i.area) and not (self.worn_out(i) or self.too_fresh(i))
        ]

    def worn_out(self, item: PoolItem) -> bool:
        """Used more often than an item may have been."""
        return self.most_exposure is not None and item.exposure >= self.most_exposure

    def too_fresh(self, item: PoolItem) -> bool:
        """Used again before it has rested long enough."""
        return item.rested is not None and item.rested < self.rest_days
