"""Which parts may be left out, as a rule: on a pass that is kept on the day of the exam, or on an exemption with its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.applications.history import KeptPass
from assay.applications.parts import left_out_by, part_problems, parts_of, stands

PASS = Decimal(60)
DAY = date(2026, 6, 1)
days = st.integers(-500, 500).map(lambda n: DAY + timedelta(days=n))
marks = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
parts = st.booleans().map(parts_of)
hows = st.sampled_from(["first", "resit", "exempt"])


@dataclass
class Known:
    passes: Mapping[str, KeptPass] = field(default_factory=dict)
    resits: Mapping[str, int] = field(default_factory=dict)
    exemptions: set[str] = field(default_factory=set)


def kept(part: str, mark: Decimal = PASS, on: date = DAY, until: date = DAY) -> KeptPass:
    return KeptPass(part, mark, 1, on, until, "示例批次")


@st.composite
def known(draw: st.DrawFn) -> Known:
    each = ("theory", "skill", "review")
    passes = {
        part: kept(part, draw(marks), draw(days), draw(days)) for part in each if draw(st.booleans())
    }  # fmt: skip
    return Known(passes, {part: draw(st.integers(0, 3)) for part in each}, draw(st.sets(st.sampled_from(each))))


@st.composite
def taken(draw: st.DrawFn) -> dict[str, str]:
    return {part: draw(hows) for part in draw(parts)}


def said(taken: Mapping[str, str], earlier: Known, resits: int = 1) -> list[str]:
    return [text for text, _ in part_problems(taken, earlier, day=DAY, pass_mark=PASS, resits=resits)]


@given(marks, days, days)
def test_a_pass_is_kept_from_its_release_to_its_last_day_and_only_with_the_pass_mark(
    mark: Decimal, on: date, until: date
) -> None:
    assert stands(kept("theory", mark, on, until), DAY, PASS) == (mark >= PASS and on <= DAY <= until)


@given(taken(), known(), st.integers(0, 3))
def test_nothing_goes_without_a_basis_whatever_else_is_known(
    taken: dict[str, str], earlier: Known, resits: int
) -> None:
    left_out = [part for part, how in taken.items() if how == "exempt"]
    without = [part for part in left_out if not left_out_by(part, earlier, DAY, PASS)]
    found = said(taken, earlier, resits)
    assert sum("没有依据" in text for text in found) == len(without)
    if not left_out:
        assert found == []
    if len(left_out) == len(taken):
        assert "各科目都填了免考：至少须参加一科考核" in found


@given(known())
def test_all_parts_left_out_is_refused_on_whatever_basis(earlier: Known) -> None:
    earlier = Known({part: kept(part) for part in ("theory", "skill")}, earlier.resits, {"theory", "skill"})
    assert said({"theory": "exempt", "skill": "exempt"}, earlier) == ["各科目都填了免考：至少须参加一科考核"]


@given(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["first", "resit"]))
def test_a_part_is_sat_again_so_many_times_while_the_other_is_kept(taken: int, allowed: int, how: str) -> None:
    earlier = Known({"theory": kept("theory")}, {"skill": taken})
    found = said({"theory": "exempt", "skill": how}, earlier, allowed)
    assert bool(found) == (taken >= allowed)
    if found:
        assert found == [f"技能已补考 {taken} 次，最多 {allowed} 次：理论成绩不再保留，各科目须重新参加（都填新考）"]
    assert said({"theory": "resit", "skill": how}, earlier, allowed) == []


def test_it_is_said_why_a_pass_does_not_count() -> None:
    only = {"theory": "exempt", "skill": "first"}
    yesterday = DAY - timedelta(days=1)
    assert "没有同工种同等级的理论合格成绩" in said(only, Known())[0]
    assert "已过期，须重新考理论" in said(only, Known({"theory": kept("theory", on=yesterday, until=yesterday)}))[0]
    later = DAY + timedelta(days=1)
    assert "才发布，晚于考核日" in said(only, Known({"theory": kept("theory", on=later, until=later)}))[0]
