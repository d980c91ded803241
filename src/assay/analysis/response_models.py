"""Item response models for right and wrong answers: Rasch and two-parameter logistic, by marginal maximum likelihood.

EM with Gauss-Hermite quadrature over a standard normal ability (Bock & Aitkin 1981); the M-step by Newton's method. In the
Rasch model the common slope is estimated with the ability's deviation at 1, which is the same model.
P(right) = 1 / (1 + exp(-slope * (ability - difficulty))).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST_PERSONS = {"rasch": 100, "2pl": 500}
"""With fewer persons the figures say more about them than about the items (Linacre 1994; de Ayala 2009)."""
_POINTS = 61


@dataclass(frozen=True)
class Fitted:
    """`difficulties` and `slopes` by item (a Rasch model's slopes are all the same); the log likelihood; whether it settled."""

    difficulties: list[float]
    slopes: list[float]
    log_likelihood: float
    settled: bool


def rasch(right: Floats, *, tolerance: float = 1e-9) -> Fitted:
    """The Rasch model."""
    return _fit(right, common=True, tolerance=tolerance)


def two_parameters(right: Floats, *, tolerance: float = 1e-9) -> Fitted:
    """The two-parameter logistic model."""
    return _fit(right, common=False, tolerance=tolerance)


def _fit(right: Floats, *, common: bool, tolerance: float, most: int = 5000) -> Fitted:
    patterns, counts = np.unique(np.asarray(right, dtype=np.float64), axis=0, return_counts=True)
    weights = counts.astype(np.float64)
    share = np.clip((weights @ patterns) / weights.sum(), 0.001, 0.999)
    intercepts, slopes = np.log(share / (1 - share)), np.ones(patterns.shape[1])
    nodes, mass = np.polynomial.hermite_e.hermegauss(_POINTS)
    mass = mass / mass.sum()
    before, settled = -np.inf, False
    for _ in range(most):
        expected, reached, likelihood = _expect(patterns, weights, intercepts, slopes, nodes, mass)
        settled = bool(abs(likelihood - before) < tolerance * (1 + abs(likelihood)) * 1e-3)
        if settled:
            break
        before = likelihood
        intercepts, slopes = _maximise(expected, reached, intercepts, slopes, nodes, common=common)
    return Fitted((-intercepts / slopes).tolist(), slopes.tolist(), float(before), settled)


def _expect(
    patterns: Floats, weights: Floats, intercepts: Floats, slopes: Floats, nodes: Floats, mass: Floats
) -> tuple[Floats, Floats, float]:
    """(right answers expected by item and node, persons expected by node, log likelihood)."""
    logits = intercepts[:, None] + slopes[:, None] * nodes[None, :]
    likely, unlikely = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    log_joint = patterns @ likely + (1 - patterns) @ unlikely + np.log(mass)[None, :]
    highest = log_joint.max(axis=1, keepdims=True)
    marginal = highest[:, 0] + np.log(np.exp(log_joint - highest).sum(axis=1))
    posterior = np.exp(log_joint - marginal[:, None]) * weights[:, None]
    return patterns.T @ posterior, posterior.sum(axis=0), float(weights @ marginal)


def _maximise(
    expected: Floats, reached: Floats, intercepts: Floats, slopes: Floats, nodes: Floats, *, common: bool
) -> tuple[Floats, Floats]:
    """One Newton step for each item (for all together where they share their slope)."""
    chance = 1 / (1 + np.exp(-(intercepts[:, None] + slopes[:, None] * nodes[None, :])))
    off = expected - reached[None, :] * chance
    spread = reached[None, :] * chance * (1 - chance)
    first, second = off.sum(axis=1), off @ nodes
    aa, ab, bb = spread.sum(axis=1), spread @ nodes, spread @ nodes**2
    if common:
        # The slopes' equations add up to one; the intercepts are eliminated from it.
        step = float((second - ab / aa * first).sum() / (bb - ab**2 / aa).sum())
        return intercepts + (first - ab * step) / aa, slopes + step
    determinant = aa * bb - ab**2
    moved_a = (bb * first - ab * second) / determinant
    moved_b = (aa * second - ab * first) / determinant
    return intercepts + np.clip(moved_a, -1, 1), slopes + np.clip(moved_b, -0.5, 0.5)
