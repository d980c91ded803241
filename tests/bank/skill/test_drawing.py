"""Versions of a skill paper: as many tasks of each range as are to be drawn, shared as little as the pool allows."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assay.assembly.drawing import Pool, Task, draw, materials


@st.composite
def pools(draw_one: st.DrawFn) -> list[Pool]:
    made, first = [], 1
    for n in range(draw_one(st.integers(1, 4))):
        size = draw_one(st.integers(1, 7))
        tasks = [Task(first + k, draw_one(st.integers(0, 3))) for k in range(size)]
        first += size
        made.append(Pool(f"R{n}", f"范围 R{n}", draw_one(st.integers(1, size)), tasks))
    return made


@given(pools(), st.integers(1, 5), st.integers(0, 99))
def test_every_version_draws_what_each_range_asks_and_no_task_twice(
    found: list[Pool], versions: int, seed: int
) -> None:
    drawn = draw(found, versions, seed)
    assert (len(drawn.versions), drawn.shortages) == (versions, [])
    for version in drawn.versions:
        assert Counter(code for code, _ in version) == {p.code: p.draw for p in found}
        assert len({pk for _, pk in version}) == len(version)
    for pool in found:
        uses = Counter(pk for version in drawn.versions for code, pk in version if code == pool.code)
        spread = [uses[t.pk] for t in pool.tasks]
        assert max(spread) - min(spread) <= 1
        shared = max(spread) > 1
        assert shared == (len(pool.tasks) < versions * pool.draw) == any(pool.title in said for said in drawn.shared)


def test_a_range_that_is_short_is_named_with_the_number_missing() -> None:
    short = Pool("A", "A 维护", 3, [Task(1)])
    drawn = draw([short, Pool("B", "B 检修", 1, [Task(2)])], 2, 1)
    assert (drawn.versions, drawn.shortages) == ([], ["A 维护：每卷抽 3 题，在用只有 1 题，还缺 2 题"])


def test_the_least_used_task_goes_first() -> None:
    pool = Pool("A", "A", 1, [Task(1, exposure=2), Task(2, exposure=0), Task(3, exposure=1, rested=5)])
    assert [v[0][1] for v in draw([pool], 2, 7).versions] == [2, 3]


def test_the_notice_asks_for_the_most_that_any_version_needs() -> None:
    lift = {"side": "site", "name": "举升机", "spec": "3.5 t", "unit": "台", "remark": ""}
    oil = {"side": "site", "name": "机油", "spec": "5W-30", "unit": "升", "remark": ""}
    first = [{**lift, "quantity": "1"}, {**oil, "quantity": "4"}, {**oil, "quantity": "0.5"}]
    second = [{**lift, "quantity": "2"}]
    assert [(m["name"], m["quantity"]) for m in materials([first, second])] == [("举升机", "2"), ("机油", "4.5")]


def test_what_a_candidate_brings_serves_all_tasks() -> None:
    clothes = {"side": "candidate", "name": "工作服", "spec": "", "unit": "套", "remark": ""}
    two_tasks = [{**clothes, "quantity": "1"}, {**clothes, "quantity": "1"}]
    assert [m["quantity"] for m in materials([two_tasks])] == ["1"]
