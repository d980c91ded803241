"""Drawing a paper: counts by pattern, spread by weight, the same seed the same paper."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.bank.rules import PoolItem, draw, item_problems, normal_key, quotas

AREAS = ["A-A", "A-B", "B-A", "B-B"]
weights = st.fixed_dictionaries({area: st.integers(1, 60).map(Decimal) for area in AREAS})
pools = st.lists(
    st.tuples(st.sampled_from(["single", "true_false"]), st.sampled_from(AREAS), st.integers(0, 5), st.integers(0, 9)),
    min_size=0,
    max_size=120,
).map(
    lambda rows: [
        PoolItem(n, kind, area, f"{area}-{point:03d}", "XYZ"[point % 3], 3, used)
        for n, (kind, area, point, used) in enumerate(rows)
    ]
)
SECTIONS = [{"type": "single", "count": 20, "mark": "2.5"}, {"type": "true_false", "count": 10, "mark": "5"}]


@given(weights, st.integers(0, 200))
def test_quotas_add_up_and_are_never_a_whole_item_off_the_exact_share(shares: dict[str, Decimal], count: int) -> None:
    split = quotas(shares, count)
    total = sum(shares.values())
    assert sum(split.values()) == count
    assert all(abs(split[area] - count * share / total) < 1 for area, share in shares.items())


@given(pools, weights, st.integers(0, 2**31))
def test_a_draw_never_repeats_an_item_and_says_exactly_how_many_are_missing(pool, shares, seed) -> None:
    drawn = draw(pool, SECTIONS, shares, seed)
    assert len({i.pk for i in drawn.items}) == len(drawn.items)
    missing = 0
    for section in SECTIONS:
        there = sum(i.type == section["type"] for i in pool)
        assert sum(i.type == section["type"] for i in drawn.items) == min(there, section["count"])
        missing += max(section["count"] - there, 0)
    assert bool(drawn.short) == bool(missing)


@given(pools, weights, st.integers(0, 2**31))
def test_the_same_seed_draws_the_same_paper(pool, shares, seed) -> None:
    assert draw(pool, SECTIONS, shares, seed) == draw(pool, SECTIONS, shares, seed)


@given(st.sampled_from(["√", "对", "正确", "T", "是"]), st.sampled_from(["×", "错", "错误", "F", "否"]))
def test_true_and_false_are_read_in_all_their_usual_forms(true: str, false: str) -> None:
    assert (normal_key("true_false", true), normal_key("true_false", false)) == ("对", "错")


def test_keys_are_read_in_any_order_and_with_any_separator() -> None:
    assert [normal_key("multiple", text) for text in ("DBA", "A,B,D", "a、b、d", "Ａ Ｂ Ｄ")] == ["ABD"] * 4
    assert normal_key("single", "G") == ""


def test_an_item_names_all_its_faults_at_once() -> None:
    problems = item_problems("single", " ", ["甲", "甲", "乙"], "D", 9)
    assert len(problems) == 5
