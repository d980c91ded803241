"""What mix of importance and of difficulty a paper is to have: shares in per cent, as numbers of items on each form, with how
many items each may be off by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from assay.items.rules import quotas

if TYPE_CHECKING:
    from assay.assembly.blueprint import PoolItem

IMPORTANCES = {"X": "核心", "Y": "一般", "Z": "辅助"}
LEVELS = {"1": "易", "2": "较易", "3": "中等", "4": "较难", "5": "难"}
USUAL_IMPORTANCE = {"X": Decimal(75), "Y": Decimal(18), "Z": Decimal(7)}
"""What trainers' texts call usual (dossier F4.7)."""
USUAL_LEVELS = {
    "easy": ("易", (25, 35, 28, 10, 2)), "middle": ("中", (12, 28, 37, 19, 4)), "hard": ("难", (5, 17, 33, 30, 15)),
}  # fmt: skip
"""Names of usual mixes of difficulty; their means are 2.29, 2.75 and 3.33."""
TOLERANCE = 2


def usual_levels(name: str) -> dict[str, Decimal]:
    return {level: Decimal(share) for level, share in zip(LEVELS, USUAL_LEVELS[name][1], strict=True)}


@dataclass(frozen=True)
class Mix:
    """One of the two mixes. `rule`: importance or difficulty; `counts`: items of each kind on a form; `of`: an item's kind."""

    rule: str
    titles: Mapping[str, str]
    counts: Mapping[str, int]
    tolerance: int
    of: Callable[[PoolItem], str]

    def bounds(self) -> dict[str, tuple[int, int]]:
        """Fewest and most items of each kind on a form."""
        return {kind: (max(0, n - self.tolerance), n + self.tolerance) for kind, n in self.counts.items()}

    def off(self, form: Iterable[PoolItem]) -> dict[str, int]:
        """For each kind how many items are lacking (below 0) or too many (above) on a form."""
        found = Counter(map(self.of, form))
        return {
            kind: min(found[kind] - least, 0) + max(found[kind] - most, 0)
            for kind, (least, most) in self.bounds().items()
        }

    def said(self, kind: str) -> str:
        name = "重要程度" if self.rule == "importance" else "难度"
        return f"{name} {kind}（{self.titles[kind]}）"

    def shortages(self, forms: Sequence[Sequence[PoolItem]]) -> Iterator[tuple[int, str]]:
        """(items, message) of each kind that the forms lack; of those in excess only where none is lacking, as the one is the
        other's cause."""
        off = [self.off(form) for form in forms]
        lacking = {kind: -sum(min(one[kind], 0) for one in off) for kind in self.counts}
        excess = {kind: sum(max(one[kind], 0) for one in off) for kind in self.counts}
        word, numbers = ("缺", lacking) if any(lacking.values()) else ("多", excess)
        for kind, n in numbers.items():
            if n:
                each = "每套" if len(forms) > 1 else ""
                yield (
                    n,
                    f"{self.said(kind)}：{each}应有 {self.counts[kind]} 题（可差 {self.tolerance} 题），{word} {n} 题",
                )


def importance_mix(shares: Mapping[str, Decimal], items: int, tolerance: int) -> Mix:
    counts = quotas({kind: shares.get(kind, Decimal(0)) for kind in IMPORTANCES}, items)
    return Mix("importance", IMPORTANCES, counts, tolerance, lambda item: item.importance)


def difficulty_mix(shares: Mapping[str, Decimal], items: int, tolerance: int) -> Mix:
    counts = quotas({level: shares.get(level, Decimal(0)) for level in LEVELS}, items)
    return Mix("difficulty", LEVELS, counts, tolerance, lambda item: str(item.difficulty))
