"""Items that say nearly the same. Pure.

Two texts are near when the sets of their character pairs overlap by 80 % (Jaccard). Found without comparing all with all:
texts that near share at least three of their rarest pairs, so only those are compared (prefix filtering, Chaudhuri et al. 2006;
with more than one of the prefix asked for, Wang et al. 2012).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from unicodedata import normalize

NEAR = 0.8
SHORTEST = 8
"""Characters below which a likeness says nothing."""
SHARED = 3
"""How many of their rarest pairs two texts must have in common before they are compared."""


def pairs(text: str) -> frozenset[str]:
    """The character pairs of a text, punctuation, width and case apart."""
    folded = "".join(c for c in normalize("NFKC", text).lower() if c.isalnum())
    return frozenset(folded[n : n + 2] for n in range(len(folded) - 1)) if len(folded) >= SHORTEST else frozenset()


def near_pairs(known: Sequence[str], given: Sequence[str], share: float = NEAR) -> Iterator[tuple[int, int, float]]:
    """(index in known + given, index in known + given, overlap) for each near pair of which the second is a given one."""
    sets = [pairs(text) for text in [*known, *given]]
    often = Counter(pair for one in sets for pair in one)
    rank = {pair: n for n, (pair, _) in enumerate(sorted(often.items(), key=lambda p: (p[1], p[0])))}
    index: dict[int, list[int]] = defaultdict(list)
    asked: list[int] = []
    for n, one in enumerate(sets):
        least = math.ceil(share * len(one))
        asked.append(min(SHARED, least))
        prefix = sorted(rank[pair] for pair in one)[: len(one) - least + asked[n]]
        if n >= len(known):
            met = Counter(chain.from_iterable(index[r] for r in prefix))
            for m in sorted(m for m, times in met.items() if times >= min(asked[n], asked[m])):
                overlap = _overlap(one, sets[m])
                if overlap >= share:
                    yield m, n, overlap
        for r in prefix:
            index[r].append(n)


def near_to(text: str, others: Mapping[int, str]) -> list[tuple[int, float]]:
    """Which of `others` (number → text) are near to one text: (number, overlap), the nearest first."""
    own = pairs(text)
    overlaps = [(number, _overlap(own, pairs(other))) for number, other in others.items()] if own else []
    return sorted(((number, overlap) for number, overlap in overlaps if overlap >= NEAR), key=lambda found: -found[1])


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def near_groups(texts: Sequence[str], settled: Callable[[int, int], bool]) -> list[tuple[list[int], float]]:
    """Texts that hang together by near pairs, pairs that are settled apart: (their indices, the least overlap of such a pair), the
    nearest first."""
    root = list(range(len(texts)))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    pairs_found = [(a, b, overlap) for a, b, overlap in near_pairs([], texts) if not settled(a, b)]
    for a, b, _ in pairs_found:
        root[top(b)] = top(a)
    least: dict[int, float] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for a, b, overlap in pairs_found:
        least[top(a)] = min(least.get(top(a), 1.0), overlap)
        members[top(a)] |= {a, b}
    groups = [(sorted(members[n]), least[n]) for n in members]
    return sorted(groups, key=lambda g: (-g[1], g[0]))
