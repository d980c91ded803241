"""Which items are pointed out, and why."""

from __future__ import annotations

import numpy as np
import pytest

from assay.analysis import classical, group_differences

N = 200
ABILITY = np.linspace(0, 1, N)


def figures(right: np.ndarray) -> classical.ItemFigures:
    others = (ABILITY[:, None] > np.linspace(0.05, 0.95, 30)[None, :]).astype(float)
    return classical.item_figures(np.column_stack([right.astype(float), others]))[0]


def said(right: np.ndarray, choices: list[str], key: str) -> list[str]:
    shown = classical.choice_figures(choices, ABILITY * 100, ["A", "B", "C", "D"])
    return classical.remarks(figures(right), shown, key)


def test_a_wrong_key_is_the_first_thing_said() -> None:
    choices = ["B" if a > 0.5 else "ACD"[n % 3] for n, a in enumerate(ABILITY)]
    right = np.array([c == "A" for c in choices])  # the key says A, those who know say B
    assert "答案是否正确" in said(right, choices, "A")[0] or "过难" in said(right, choices, "A")[0]
    assert any("答案是否正确" in remark for remark in said(right, choices, "A"))
    assert any("选项 B 高分者" in remark for remark in said(right, choices, "A"))


def test_an_idle_distractor_and_a_far_too_easy_item_are_pointed_out() -> None:
    choices = ["A" if n >= 6 else "B" for n in range(N)]
    remarks = said(np.array([c == "A" for c in choices]), choices, "A")
    assert any("过易" in r for r in remarks)
    assert [r for r in remarks if "几乎无人选" in r] == ["选项 C 几乎无人选", "选项 D 几乎无人选"]


def test_a_good_item_is_left_alone() -> None:
    choices = ["A" if a > 0.45 else "BCD"[n % 3] for n, a in enumerate(ABILITY)]
    assert said(np.array([c == "A" for c in choices]), choices, "A") == []


@pytest.mark.parametrize(("favoured", "grade"), [(0.0, "A"), (0.35, "C")])
def test_an_item_that_favours_a_group_of_equal_ability_is_found(favoured: float, grade: str) -> None:
    chance = np.random.default_rng(4)
    totals = chance.integers(0, 20, 4000).astype(float)
    focal = chance.random(4000) < 0.5
    right = (chance.random(4000) < np.clip(totals / 22 + favoured * ~focal, 0, 1)).astype(float)
    strata = group_differences.strata_of(right, totals, focal)
    assert group_differences.mantel_haenszel(strata).grade == grade
