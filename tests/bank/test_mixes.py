"""The mixes of importance and difficulty: counts by largest remainder, kept on every form, named with the number that is lacking."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.assembly.blueprint import Blueprint, PoolItem
from assay.assembly.halving import Share, halve
from assay.assembly.mixes import USUAL_IMPORTANCE, importance_mix, usual_levels
from assay.assembly.solving import assemble
from assay.assembly.swapping import best_swap, swap_problems
from assay.bank.models import Paper, Specification
from assay.bank.papers.acts import papers
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.catalogue.models import PaperPattern
from assay.centre.actors import actor_of
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.bank.test_assembly import SECTIONS, WEIGHTS, pool

MIXED = Blueprint(SECTIONS, WEIGHTS, importance=USUAL_IMPORTANCE, levels=usual_levels("middle"), tolerance=1)


@pytest.mark.parametrize("forms", [1, 2, 5])
def test_every_form_keeps_both_mixes_and_all_other_rules(forms: int) -> None:
    made = assemble(MIXED, pool(900), forms, seed=3)
    assert (made.shortages, made.gap, made.shared) == ([], 0, 0)
    for form in made.forms:
        kinds, levels = Counter(i.importance for i in form), Counter(i.difficulty for i in form)
        assert all(abs(kinds[kind] - n) <= 1 for kind, n in {"X": 23, "Y": 5, "Z": 2}.items())
        assert all(abs(levels[level] - n) <= 1 for level, n in {1: 4, 2: 8, 3: 11, 4: 6, 5: 1}.items())
        assert Counter(i.type for i in form) == {"single": 20, "true_false": 10}
        assert Counter(i.area for i in form) == {"A-A": 6, "A-B": 9, "B-A": 15}
    sums = [sum(i.difficulty for i in form) for form in made.forms]
    assert max(sums) - min(sums) <= 1


def test_counts_are_by_largest_remainder() -> None:
    assert importance_mix(USUAL_IMPORTANCE, 30, 0).counts == {"X": 23, "Y": 5, "Z": 2}


def test_what_a_mix_lacks_is_named_with_its_number_over_all_forms() -> None:
    few = [i if i.difficulty < 5 else replace(i, difficulty=4) for i in pool(900)]
    hard = replace(MIXED, levels=usual_levels("hard"))
    made = assemble(hard, few, 2, seed=1)
    assert made.forms == []
    assert [s.message for s in made.shortages] == ["难度 5（难）：每套应有 4 题（可差 1 题），缺 6 题"]
    relaxed = assemble(hard, few, 2, seed=1, relaxed=True)
    assert [len(form) for form in relaxed.forms] == [30, 30]
    assert [s.missing for s in relaxed.shortages] == [6]


def test_too_many_of_a_kind_are_named_where_none_is_lacking() -> None:
    core = [replace(i, importance="X") for i in pool(400)]
    rules = replace(MIXED, levels={}, importance={"X": Decimal(90), "Y": Decimal(5), "Z": Decimal(5)}, tolerance=2)
    made = assemble(rules, core, 1, seed=1)
    assert [s.message for s in made.shortages] == ["重要程度 X（核心）：应有 27 题（可差 2 题），多 1 题"]


def test_a_swap_keeps_to_the_mix() -> None:
    form = assemble(replace(MIXED, tolerance=0), pool(900), 1, seed=1).forms[0]
    old = next(i for i in form if i.importance == "Z")
    other = replace(old, pk=9999, importance="X", groups=())
    assert any(
        "重要程度 X（核心）的题会多于" in p for p in swap_problems(form, old, other, replace(MIXED, tolerance=0), 30)
    )
    new = best_swap(form, old, pool(900), replace(MIXED, tolerance=0), 90)
    assert new is None or (new.importance, new.difficulty) == ("Z", old.difficulty)


@settings(max_examples=25)
@given(st.integers(2, 7), st.integers(0, 1000))
def test_halving_keeps_every_band_on_every_form(forms: int, seed: int) -> None:
    items = [i for form in assemble(MIXED, pool(900), 1, seed=seed).forms for i in form]
    copies = [replace(i, pk=i.pk + 10_000 * n) for n in range(forms) for i in items]
    bands = [
        ([i for i in copies if i.difficulty == level], n, n)
        for level, n in Counter(i.difficulty for i in items).items()
    ]
    made = halve(Share(copies, dict.fromkeys((i.pk for i in copies), 1), forms), bands, seed, 10)
    assert made is not None
    assert sorted(i.pk for form in made for i in form) == sorted(i.pk for i in copies)
    for form in made:
        assert all(sum(i in kind for i in form) == n for kind, n, _ in bands)


def test_an_item_on_several_forms_stands_on_each_of_them_once() -> None:
    items = [PoolItem(n, "single", "A", f"A-{n}", "X", 3) for n in range(5)]
    made = halve(Share(items, {0: 3, 1: 2, 2: 2, 3: 1, 4: 1}, 3), [(items, 3, 3)], 1, 10)
    assert made is not None
    assert all(len({i.pk for i in form}) == len(form) == 3 for form in made)
    assert all(items[0] in form for form in made)


@pytest.mark.django_db
class TestOnTheForm:
    @pytest.fixture
    def specification(self) -> Specification:
        f.centre()
        row = f.scope_row()
        rows = [PointRow("A", "", "range", "基本", Decimal(100))]
        rows += [PointRow(f"A-{n:03}", "A", "point", f"点{n}", None, "XXXXXXXYYZ"[n % 10]) for n in range(1, 31)]
        specification = acts.install_specification(
            f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
        )
        items = [ItemRow(f"A-{n % 30 + 1:03}", "true_false", n % 4 + 1, f"第 {n} 个说法", (), "对") for n in range(120)]
        items_acts.import_items(f.actor_with("X4"), specification, items, approved=True)
        PaperPattern.objects.filter(standard_level__standard=row.standard).update(
            sections=[{"type": "true_false", "count": 20, "mark": "5"}]
        )
        return specification

    @pytest.fixture
    def ask(self, client: Client, specification: Specification) -> Any:
        keeper = f.staff("E7")
        items_acts.sign_secrecy(actor_of(keeper))
        client.force_login(keeper, "django.contrib.auth.backends.ModelBackend")
        address = reverse("bank:assemble")
        return lambda **given: client.post(
            address, {"specification": specification.pk, "forms": "1", **given}, follow=True
        )

    def test_a_mix_that_is_stated_is_kept_and_shown_on_the_paper(self, client: Client, ask: Any) -> None:
        ask(importance="usual", difficulty_1="50", difficulty_2="50", tolerance="0")
        paper = Paper.objects.get()
        page = client.get(reverse("bank:paper", args=[paper.pk])).content.decode()
        assert "X 核心 15 题，Y 一般 4 题，Z 辅助 1 题（要求 75 : 18 : 7，每类可差 0 题）" in page
        assert "1 易 10 题，2 较易 10 题" in page
        of_z = set(paper.specification.items.filter(point__importance="Z").values_list("pk", flat=True))
        z = next(number for number, item in enumerate(paper.items(), start=1) if item in of_z)
        x = paper.specification.items.filter(point__importance="X").exclude(pk__in=paper.items())[0]
        with pytest.raises(Refused, match="重要程度 Z"):
            papers.swap_item(self._keeper(), paper, z, wanted=x.pk)

    @staticmethod
    def _keeper() -> Any:
        keeper = actor_of(f.staff("E7"))
        items_acts.sign_secrecy(keeper)
        return keeper

    def test_nothing_stated_asks_for_nothing(self, ask: Any) -> None:
        ask()
        assert Paper.objects.get().rules == {
            "most_exposure": None, "rest_days": 0, "tolerance": 2, "importance": {}, "levels": {},
        }  # fmt: skip

    def test_shares_that_do_not_add_up_are_said_beside_the_field(self, ask: Any) -> None:
        answer = ask(importance_X="80", importance_Y="10", difficulty_3="四成", forms="3")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "重要程度各项合计 90%，应为 100%" in page
        assert "<option selected>3</option>" in page
        assert not Paper.objects.exists()

    def test_what_the_bank_lacks_is_said_on_the_page(self, ask: Any) -> None:
        page = ask(difficulty="hard").content.decode()
        assert "难度 5（难）：应有 3 题（可差 2 题），缺 1 题" in page
        assert not Paper.objects.exists()
