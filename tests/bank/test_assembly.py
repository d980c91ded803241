"""Assembling forms: every rule kept on each, alike in difficulty, proved; what cannot be met is said with its number."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from assay.assembly.blueprint import Blueprint, PoolItem, Section
from assay.assembly.solving import assemble

SECTIONS = (Section("single", 20, Decimal("3")), Section("true_false", 10, Decimal("4")))
WEIGHTS = {"A-A": Decimal(20), "A-B": Decimal(30), "B-A": Decimal(50)}


def pool(size: int = 400, seed: int = 1) -> list[PoolItem]:
    chance = random.Random(seed)
    areas = list(WEIGHTS)
    return [
        PoolItem(
            n, chance.choice(["single", "single", "true_false"]), area := areas[n % 3], f"{area}-{n % 30:03}",
            chance.choices("XYZ", (75, 20, 5))[0], chance.randint(1, 5), chance.choice([0, 0, 0, 1, 2, 3]),
            chance.choice([None, 30, 200]), (n // 2,) if n < 60 else (),
        )
        for n in range(size)
    ]  # fmt: skip


@pytest.mark.parametrize("forms", [1, 2, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_form_keeps_every_rule(forms: int, seed: int) -> None:
    rules = Blueprint(SECTIONS, WEIGHTS, most_exposure=3, rest_days=90)
    made = assemble(rules, pool(seed=seed), forms, seed=5)
    assert made.shortages == []
    assert made.gap == 0
    assert made.shared == 0
    for form in made.forms:
        assert Counter(i.type for i in form) == {"single": 20, "true_false": 10}
        assert Counter(i.area for i in form) == {"A-A": 6, "A-B": 9, "B-A": 15}
        assert max(Counter(i.point for i in form).values()) <= 2
        assert max(Counter(g for i in form for g in i.groups).values(), default=0) <= 1
        assert all(i.exposure < 3 and (i.rested is None or i.rested >= 90) for i in form)
    sums = [sum(i.difficulty for i in form) for form in made.forms]
    assert max(sums) - min(sums) <= 1


def test_the_same_seed_gives_the_same_paper_and_another_another() -> None:
    rules = Blueprint(SECTIONS, WEIGHTS)
    first, again, other = (assemble(rules, pool(), 1, seed=s).forms[0] for s in (1, 1, 2))
    assert [i.pk for i in first] == [i.pk for i in again]
    assert {i.pk for i in first} != {i.pk for i in other}


def test_least_used_items_go_first() -> None:
    made = assemble(Blueprint(SECTIONS, WEIGHTS), pool(900), 1, seed=1)
    assert sum(i.exposure for i in made.forms[0]) == 0


def test_with_too_few_items_forms_share_as_few_as_can_be() -> None:
    rules = Blueprint((Section("single", 10, Decimal(10)),), {"A": Decimal(100)}, per_point=10)
    items = [PoolItem(n, "single", "A", f"A-{n}", "X", 3) for n in range(15)]
    made = assemble(rules, items, 2, seed=1)
    assert made.shortages == []
    assert made.shared == 5


def test_what_the_bank_lacks_is_named_with_its_number() -> None:
    few = [i for i in pool() if not (i.area == "A-B" and i.pk > 12) and i.type == "single"]
    made = assemble(Blueprint(SECTIONS, WEIGHTS), few, 1, seed=1)
    assert made.forms == []
    said = " ".join(s.message for s in made.shortages)
    assert "题型 true_false：可用试题不够，缺 10 题" in said
    assert "鉴定范围 A-B" in said


def test_relaxed_a_paper_comes_as_near_as_it_can() -> None:
    few = [i for i in pool() if i.area != "A-B" or i.pk < 14]
    made = assemble(Blueprint(SECTIONS, WEIGHTS), few, 2, seed=1, relaxed=True)
    assert [len(form) for form in made.forms] == [30, 30]
    assert any("鉴定范围 A-B" in s.message for s in made.shortages)


def test_enemies_that_cannot_be_kept_apart_are_named() -> None:
    rules = Blueprint((Section("single", 2, Decimal(50)),), {"A": Decimal(100)})
    both = [PoolItem(n, "single", "A", f"A-{n}", "X", 3, groups=(7,)) for n in range(2)]
    made = assemble(rules, both, 1, seed=1)
    assert made.forms == []
    assert "相近题组 7" in made.shortages[0].message


def test_items_that_suffice_and_cannot_be_shared_out_are_said_to_be_so() -> None:
    rules = Blueprint((Section("single", 5, Decimal(20)),), {"A": Decimal(100)})
    rings = [
        PoolItem(5 * ring + n, "single", "A", f"A-{ring}-{n}", "X", 3, groups=(5 * ring + n, 5 * ring + (n + 1) % 5))
        for ring in range(2)
        for n in range(5)
    ]
    made = assemble(rules, rings, 2, seed=1)
    assert made.forms == []
    assert "分到各套时" in made.shortages[0].message
