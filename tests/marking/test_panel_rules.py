"""A panel's mark: every point marked within bounds, vetoes count, the mean is rounded half up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.marking import rules

TASKS = [
    {"code": "1", "title": "准备", "points": [{"code": "1-1", "title": "工具", "full": "40.0"}], "vetoes": []},
    {
        "code": "2", "title": "操作", "points": [{"code": "2-1", "title": "步骤", "full": "60.0"}],
        "vetoes": [{"code": "V1", "title": "违反安全规程"}],
    },
]  # fmt: skip
halves = st.integers(0, 200).map(lambda n: Decimal(n) / 2)


def test_a_sheet_must_add_up_to_a_hundred() -> None:
    assert rules.sheet_problems(TASKS) == []
    assert rules.sheet_problems(TASKS[:1]) == ["各评分点配分合计 40.0，应为 100"]


@given(st.decimals(-20, 120, places=2, allow_nan=False))
def test_a_mark_is_accepted_only_within_the_full_mark_and_to_one_decimal(mark: Decimal) -> None:
    problems = rules.mark_problems(TASKS, {"1-1": str(mark), "2-1": "30"}, [])
    good = 0 <= mark <= 40 and mark == mark.quantize(Decimal("0.1"))
    assert (problems == []) == good


def test_every_missing_or_unknown_point_and_veto_is_named() -> None:
    problems = rules.mark_problems(TASKS, {"9-9": "1", "2-1": "NaN"}, ["V9"])
    assert len(problems) == 4


def test_a_veto_makes_its_task_nothing_and_leaves_the_others() -> None:
    marks = {"1-1": "35", "2-1": "50.5"}
    assert rules.total_of(TASKS, marks, []) == Decimal("85.5")
    assert rules.total_of(TASKS, marks, ["V1"]) == Decimal("35.0")


@given(st.lists(halves, min_size=1, max_size=9))
def test_the_panel_mark_lies_between_the_examiners(totals: list[Decimal]) -> None:
    mark = rules.panel_mark(totals)
    assert min(totals) - Decimal("0.05") <= mark <= max(totals) + Decimal("0.05")
    assert mark == mark.quantize(Decimal("0.1"))


def test_half_a_tenth_is_rounded_up() -> None:
    assert rules.panel_mark([Decimal("59.9"), Decimal("60.0")]) == Decimal("60.0")


def test_who_differ_more_than_the_gap_must_talk() -> None:
    assert not rules.too_far_apart([Decimal(70), Decimal(85)], Decimal(15))
    assert rules.too_far_apart([Decimal(70), Decimal("85.5")], Decimal(15))
