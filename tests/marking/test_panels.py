"""Whose marks count on a panel that people leave and join: every locked one, and nobody is marked twice at one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.marking.panels import Change, Panel, places

A, B, C, D, E, F = range(1, 7)


def test_who_takes_a_place_stands_behind_who_left_it() -> None:
    assert places([A, B, D], [(C, D)]) == [(A,), (B,), (C, D)]
    assert places([A, B, E], [(C, D), (D, E)]) == [(A,), (B,), (C, D, E)]
    assert places([A, B, C], [(C, D), (D, C)]) == [(A,), (B,), (C, D, C)]
    assert places([A, B, C, D], [(E, None)]) == [(A,), (B,), (C,), (D,)]
    assert places([A, B, C, D, F], [(E, None), (E, F)]) == [(A,), (B,), (C,), (D,), (E, F)]
    assert places([A, B, C, D], [(None, D)]) == [(A,), (B,), (C,), (D,)]


def test_what_the_former_had_locked_counts_and_the_new_one_marks_the_others() -> None:
    panel = Panel([(A,), (B,), (C, D)], needed=3)
    assert panel.against([A, B, C]) == ""
    assert panel.predecessor(D, [A, B, C]) == C
    assert panel.waits_for([A, B]) == [D]
    assert panel.predecessor(D, [A, B]) is None
    assert "3 名考评员中 2 名已锁定" in panel.against([A, B])
    assert panel.against([A, B, D]) == ""


def test_nobody_is_settled_with_fewer_marks_than_the_rules_ask_for() -> None:
    two = Panel([(A,), (B,)], needed=3)
    assert "只有 2 名考评员评分，按标准应有 3 名" in two.against([A, B])
    assert two.against([A, B, C]) == "", "three had locked before the third left"


def test_a_panel_of_an_even_number_is_filled_up_or_reduced() -> None:
    assert "应为单数" in Panel([(A,), (B,), (C,), (D,)], needed=3).against([A, B, C, D])
    assert Panel([(A,), (B,), (C,)], needed=3).against([A, B, C, E]) == "", "a locked mark is never left out"


members = st.integers(1, 6)
changes = st.lists(st.tuples(st.none() | members, st.none() | members), max_size=6)


@given(st.sets(members, min_size=1), changes, st.sets(members))
def test_a_panel_waits_for_those_alone_who_sit_on_it(present: set[int], said: list[Change], locked: set[int]) -> None:
    panel = Panel(places(sorted(present), said), needed=3)
    assert panel.size == len(present)
    waiting = panel.waits_for(locked)
    assert set(waiting) <= present - locked
    assert all(panel.predecessor(one, locked) is None for one in waiting)
