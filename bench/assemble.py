"""Parallel forms from a bank of 10,000 items under all rules: how long, how near to the best, how many items in common.

Yardstick in the same run: the widest-used way, drawing at random by type and range, and how many rules it breaks.
"""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

from assay.assembly.blueprint import Blueprint, PoolItem, Section
from assay.assembly.mixes import USUAL_IMPORTANCE, usual_levels
from assay.assembly.solving import Assembled, assemble

SECTIONS = (Section("single", 140, Decimal("0.5")), Section("true_false", 60, Decimal("0.5")))
AREAS = 20
POINTS = 490
ITEMS = 10_000


def bank(seed: int = 7) -> list[PoolItem]:
    """490 points in 20 ranges (X 78 %, Y 17 %, Z 5 %), 10,000 items of all difficulties, a third of them used before, 1,000
    pairs of enemies."""
    chance = random.Random(seed)
    area = [f"{'AB'[n % 4 > 0]}-{chr(65 + n)}" for n in range(AREAS)]
    points = [
        (f"P{n:03}", area[min(int(chance.random() ** 1.3 * AREAS), AREAS - 1)], chance.choices("XYZ", (78, 17, 5))[0])
        for n in range(POINTS)
    ]
    groups: dict[int, list[int]] = {}
    for group in range(1000):
        for pk in chance.sample(range(ITEMS), 2):
            groups.setdefault(pk, []).append(group)
    made = []
    for pk in range(ITEMS):
        point, where, importance = points[pk % POINTS]
        kind = chance.choices(("single", "true_false", "multiple"), (65, 27, 8))[0]
        used = chance.choices((0, 1, 2, 3), (66, 20, 10, 4))[0]
        rested = chance.randrange(20, 900) if used else None
        made.append(
            PoolItem(pk, kind, where, point, importance, chance.choices(range(1, 6), (12, 25, 33, 20, 10))[0], used, rested,
                     tuple(groups.get(pk, ())))
        )  # fmt: skip
    return made


def blueprint(pool: list[PoolItem]) -> Blueprint:
    """Weights near the share of points, rounded to whole per cents; nothing used three times or in the last half year; the
    usual mixes of importance and of difficulty, each but for two items."""
    share = Counter(i.area for i in pool)
    weights = {a: Decimal(max(1, round(100 * n / len(pool)))) for a, n in sorted(share.items())}
    heaviest = max(weights, key=lambda a: weights[a])
    weights[heaviest] += 100 - sum(weights.values())
    return Blueprint(
        SECTIONS, weights, importance=USUAL_IMPORTANCE, levels=usual_levels("middle"), most_exposure=3, rest_days=180
    )


def _measure(case: str, forms: int) -> list[dict[str, object]]:
    pool = bank()
    rules = blueprint(pool)
    assemble(Blueprint((Section("single", 1, Decimal(100)),), rules.weights), pool[:2000], 1, 1)  # loads the solver
    made = assemble(rules, pool, forms, seed=1)
    assert not made.shortages, made.shortages
    broken, at_random = broken_rules(rules, made.forms), broken_rules(rules, _drawn(rules, pool, forms))
    assert broken == 0, "an assembled paper keeps every rule"
    return [
        {"case": case, "metric": "seconds", "value": round(made.seconds, 2), "unit": "s"},
        {"case": case, "metric": "gap", "value": round(made.gap, 5), "unit": "1"},
        {"case": case, "metric": "overlap_items", "value": made.shared, "unit": "1"},
        {"case": case, "metric": "difficulty_apart", "value": _apart(made), "unit": "1"},
        {"case": case, "metric": "rules_broken", "value": broken, "unit": "1"},
        {"case": case, "metric": "rules_broken_drawn_at_random", "value": at_random, "unit": "1"},
    ]


def _apart(made: Assembled) -> float:
    """Between the mean difficulties of the hardest and the easiest form."""
    means = [sum(i.difficulty for i in form) / len(form) for form in made.forms]
    return round(max(means) - min(means), 4)


def broken_rules(rules: Blueprint, forms: list[list[PoolItem]]) -> int:
    """Counted afresh from the forms alone, not as the solver counts: ranges and types off their number, points with too many
    items, enemies together, importance and difficulty off their mix."""
    broken = 0
    for form in forms:
        areas, kinds = Counter(i.area for i in form), Counter(i.type for i in form)
        broken += sum(areas[a] != n for a, n in rules.area_quotas().items())
        broken += sum(kinds[s.type] != s.count for s in rules.sections)
        broken += sum(n > rules.point_limit(POINTS) for n in Counter(i.point for i in form).values())
        for mix in rules.mixes():
            kinds = Counter(mix.of(i) for i in form)
            broken += sum(not least <= kinds[kind] <= most for kind, (least, most) in mix.bounds().items())
        broken += sum(n > 1 for n in Counter(g for i in form for g in i.groups).values())
    return broken


def _drawn(rules: Blueprint, pool: list[PoolItem], forms: int) -> list[list[PoolItem]]:
    chance = random.Random(1)
    usable = rules.usable(pool)
    return [
        [i for s in rules.sections for i in chance.sample([p for p in usable if p.type == s.type], s.count)]
        for _ in range(forms)
    ]


CASES = {
    "2x200": lambda _seconds: _measure("2x200", 2),
    "10x200": lambda _seconds: _measure("10x200", 10),
}
