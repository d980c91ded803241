"""Rules of items and papers: shares by weight, keys in all their forms, every fault at once."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.items.answers import normal_key
from assay.items.row import ItemRow
from assay.items.rules import problems_by_part, quotas

AREAS = ["A-A", "A-B", "B-A", "B-B"]
weights = st.fixed_dictionaries({area: st.integers(1, 60).map(Decimal) for area in AREAS})


@given(weights, st.integers(0, 200))
def test_quotas_add_up_and_are_never_a_whole_item_off_the_exact_share(shares: dict[str, Decimal], count: int) -> None:
    split = quotas(shares, count)
    total = sum(shares.values())
    assert sum(split.values()) == count
    assert all(abs(split[area] - count * share / total) < 1 for area, share in shares.items())


@given(st.sampled_from(["√", "对", "正确", "T", "是"]), st.sampled_from(["×", "错", "错误", "F", "否"]))
def test_true_and_false_are_read_in_all_their_usual_forms(true: str, false: str) -> None:
    assert (normal_key("true_false", true), normal_key("true_false", false)) == ("对", "错")


def test_keys_are_read_in_any_order_and_with_any_separator() -> None:
    assert [normal_key("multiple", text) for text in ("DBA", "A,B,D", "a、b、d", "Ａ Ｂ Ｄ")] == ["ABD"] * 4
    assert normal_key("single", "K") == ""


def test_an_item_names_all_its_faults_at_once() -> None:
    problems = problems_by_part(ItemRow("", "single", 9, " ", ("甲", "甲", "乙"), "D"))
    assert [part for part, _ in problems] == ["stem", "difficulty", "A", "key"]
