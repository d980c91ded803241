"""Classical item and test figures. Formulas as in Crocker & Algina, *Introduction to Classical and Modern Test Theory*
(1986): alpha p. 138, KR-20 p. 139, standard error p. 122, discrimination pp. 314-317.

Marks come as an array persons x items; an item's full mark need not be 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.float64]
GROUP = 0.27
"""The share of the best and of the weakest that discrimination compares (Kelley 1939)."""


@dataclass(frozen=True)
class ItemFigures:
    """`difficulty`: mean share of the mark (0 hard to 1 easy). `with_total`, `with_rest`: correlation with the total, with the
    total without the item (point-biserial for items of one mark); nan where all answered alike. `discrimination`: upper less
    lower 27 %. `alpha_without`: alpha of the others."""

    difficulty: float
    deviation: float
    with_total: float
    with_rest: float
    discrimination: float
    alpha_without: float


@dataclass(frozen=True)
class TestFigures:
    """Of the whole: persons, items, mean and standard deviation (n - 1) of the totals, alpha, standard error of measurement."""

    persons: int
    items: int
    mean: float
    deviation: float
    alpha: float
    error: float
    mean_correlation: float


@dataclass(frozen=True)
class ChoiceFigures:
    """One choice of an item: how many took it, of the upper and of the lower 27 %, and its correlation with the total."""

    choice: str
    taken: int
    upper: int
    lower: int
    with_total: float


def alpha(marks: Marks) -> float:
    """Cronbach's alpha; for items of one mark it is KR-20. nan with fewer than two items or totals all alike."""
    items = marks.shape[1]
    total = _variance(marks.sum(axis=1))
    if items < 2 or not total:
        return math.nan
    return items / (items - 1) * (1 - float(sum(_variance(marks[:, n]) for n in range(items))) / total)


def kr20(right: Marks) -> float:
    """Kuder and Richardson's formula 20 of right (1) and wrong (0)."""
    items = right.shape[1]
    share = right.mean(axis=0)
    total = float(right.sum(axis=1).var())
    if items < 2 or not total:
        return math.nan
    return items / (items - 1) * (1 - float((share * (1 - share)).sum()) / total)


def test_figures(marks: Marks) -> TestFigures:
    """Figures of the test as a whole."""
    totals = marks.sum(axis=1)
    deviation = math.sqrt(_variance(totals))
    reliability = alpha(marks)
    error = deviation * math.sqrt(max(0.0, 1 - reliability)) if not math.isnan(reliability) else math.nan
    return TestFigures(
        marks.shape[0], marks.shape[1], float(totals.mean()), deviation, reliability, error, _mean_correlation(marks)
    )


def item_figures(marks: Marks, full: Sequence[float] | None = None) -> list[ItemFigures]:
    """Figures of each item. `full`: their full marks (1 each when not given)."""
    totals = marks.sum(axis=1)
    most = np.ones(marks.shape[1]) if full is None else np.asarray(full, dtype=float)
    upper, lower = groups(totals)
    return [
        ItemFigures(
            float(marks[:, n].mean() / most[n]),
            math.sqrt(_variance(marks[:, n])),
            correlation(marks[:, n], totals),
            correlation(marks[:, n], totals - marks[:, n]),
            float((marks[upper, n].mean() - marks[lower, n].mean()) / most[n]),
            alpha(np.delete(marks, n, axis=1)),
        )
        for n in range(marks.shape[1])
    ]


def groups(totals: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Persons of the upper and of the lower 27 %, at least one each; among equal totals in order of the list."""
    size = max(1, round(GROUP * len(totals)))
    order = np.argsort(totals, kind="stable")
    return order[-size:], order[:size]


def choice_figures(choices: Sequence[str], totals: NDArray[np.float64], offered: Sequence[str]) -> list[ChoiceFigures]:
    """Who took which choice of an item; `offered` in order, then whatever else was given, then nothing («»)."""
    upper, lower = (set(group.tolist()) for group in groups(totals))
    given = list(dict.fromkeys([*offered, *sorted(set(choices) - set(offered) - {""}), ""]))
    found = []
    for choice in given:
        took = np.array([c == choice for c in choices], dtype=float)
        persons = np.flatnonzero(took).tolist()
        if choice in offered or persons:
            found.append(
                ChoiceFigures(
                    choice, len(persons), sum(p in upper for p in persons), sum(p in lower for p in persons),
                    correlation(took, totals),
                )
            )  # fmt: skip
    return found


def correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Pearson's; nan where one of them does not vary."""
    if len(one) < 2 or not _variance(one) or not _variance(other):
        return math.nan
    return float(np.corrcoef(one, other)[0, 1])


def _mean_correlation(marks: Marks) -> float:
    varying = marks[:, [n for n in range(marks.shape[1]) if _variance(marks[:, n])]]
    if varying.shape[1] < 2:
        return math.nan
    between = np.atleast_2d(np.corrcoef(varying, rowvar=False))
    return float(between[np.triu_indices_from(between, 1)].mean())


def _variance(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def remarks(figures: ItemFigures, choices: Sequence[ChoiceFigures], key: str) -> list[str]:
    """Why an item should be looked at, in Chinese. Limits as Ebel & Frisbie (1991) and the field's usual 0.2."""
    found = []
    if figures.difficulty > 0.95:
        found.append(f"过易：{figures.difficulty:.0%} 答对")
    if figures.difficulty < 0.2:
        found.append(f"过难：只有 {figures.difficulty:.0%} 答对")
    if not math.isnan(figures.with_rest) and figures.with_rest < 0:
        found.append("答对的人总分反而低，请先核对答案是否正确")
    elif figures.discrimination < 0.2 and 0.2 <= figures.difficulty <= 0.95:
        found.append(f"区分度低（{figures.discrimination:.2f}）")
    return found + _distractor_remarks(choices, key)


def _distractor_remarks(choices: Sequence[ChoiceFigures], key: str) -> list[str]:
    persons = sum(c.taken for c in choices)
    wrong = [c for c in choices if c.choice and c.choice not in key and len(key) == 1 and c.choice not in ("对", "错")]
    found = [f"选项 {c.choice} 几乎无人选" for c in wrong if persons >= 50 and c.taken < 0.02 * persons]
    # A few persons more are chance: a tenth of the group, and three at least.
    far = max(3.0, 0.1 * GROUP * persons)
    return found + [f"选项 {c.choice} 高分者选的比低分者多" for c in wrong if c.upper - c.lower >= far]


def distribution(totals: Sequence[float], width: float = 5, highest: float = 100) -> Mapping[str, int]:
    """How many totals in each class `0-5`, `5-10` … (the last one with its upper limit)."""
    limits = [width * n for n in range(int(highest / width) + 1)]
    counts, _ = np.histogram(np.asarray(totals, dtype=float), bins=limits)
    return {f"{low:g}-{high:g}": int(n) for low, high, n in zip(limits, limits[1:], counts, strict=False)}
