"""Whether an item is harder for one group than for another of the same ability (DIF), by Mantel and Haenszel (1959).

Persons are compared within strata of equal totals. The common odds ratio with its confidence interval (Robins, Breslow &
Greenland 1986), the chi-square with continuity correction, and the class that ETS gives it (Zieky 1993).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Stratum = tuple[int, int, int, int]
"""Reference group right and wrong, focal group right and wrong."""


@dataclass(frozen=True)
class Difference:
    """`odds`: how many times likelier the reference group is right; `low`, `high`: its 95 % interval. `delta` = -2.35 ln odds.
    `grade`: A negligible, B moderate, C large. nan where the strata do not allow it."""

    odds: float
    low: float
    high: float
    chi_square: float
    p_value: float
    delta: float
    grade: str


def mantel_haenszel(strata: Sequence[Stratum], *, correct: bool = True) -> Difference:
    """The common odds ratio over strata; strata with an empty group or only one outcome say nothing."""
    telling = [s for s in strata if s[0] + s[1] and s[2] + s[3] and s[0] + s[2] and s[1] + s[3]]
    above = sum(a * d / (a + b + c + d) for a, b, c, d in telling)
    below = sum(b * c / (a + b + c + d) for a, b, c, d in telling)
    if not telling or not above or not below:
        return Difference(math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, "")
    odds = above / below
    width = 1.959963984540054 * math.sqrt(_variance(telling, above, below))
    chi = _chi_square(telling, correct=correct)
    delta = -2.35 * math.log(odds)
    p_value = math.erfc(math.sqrt(chi / 2))
    low, high = math.exp(math.log(odds) - width), math.exp(math.log(odds) + width)
    return Difference(odds, low, high, chi, p_value, delta, _grade(delta, p_value, width))


def _variance(strata: Sequence[Stratum], above: float, below: float) -> float:
    """Of the logarithm of the odds ratio (Robins, Breslow & Greenland)."""
    pr = ps = qs = 0.0
    for a, b, c, d in strata:
        n = a + b + c + d
        p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
        pr, ps, qs = pr + p * r, ps + p * s + q * r, qs + q * s
    return pr / (2 * above**2) + ps / (2 * above * below) + qs / (2 * below**2)


def _chi_square(strata: Sequence[Stratum], *, correct: bool) -> float:
    off = variance = 0.0
    for a, b, c, d in strata:
        n = a + b + c + d
        off += a - (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    size = max(0.0, abs(off) - (0.5 if correct else 0.0))
    return size**2 / variance


def _grade(delta: float, p_value: float, width: float) -> str:
    if p_value >= 0.05 or abs(delta) < 1:
        return "A"
    # C: significantly beyond 1, and 1.5 or more.
    return "C" if abs(delta) >= 1.5 and abs(delta) - 2.35 * width * 1.645 / 1.96 > 1 else "B"


def strata_of(right: NDArray[np.float64], totals: NDArray[np.float64], focal: NDArray[np.bool_]) -> list[Stratum]:
    """Strata of equal totals for one item (right 1, wrong 0)."""
    found = []
    for total in np.unique(totals):
        here = totals == total
        reference, other = right[here & ~focal], right[here & focal]
        found.append(
            (
                int(reference.sum()),
                int(len(reference) - reference.sum()),
                int(other.sum()),
                int(len(other) - other.sum()),
            )
        )
    return found
