"""Arranging: nobody twice, nobody at two places, staffing by the standard, nobody watches the own class."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations, islice

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.arrangement.planning import (
    Candidate,
    Helper,
    LineNeeds,
    Place,
    Roster,
    SessionPlan,
    invigilators_needed,
    panel_needed,
    seat_panels,
    seat_theory,
    spread,
    staff_theory,
)
from assay.arrangement.slots import Day, days_between, slots
from assay.catalogue.parts import Part

DAYS = days_between(date(2026, 9, 12), date(2026, 9, 15))
CLASSES = ["汽修1", "汽修2", "数控1", "数控2"]
people = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(CLASSES)), min_size=1, max_size=120).map(
    lambda rows: [Candidate(n, line, taught) for n, (line, taught) in enumerate(rows)]
)
rooms = st.lists(st.integers(5, 40), min_size=1, max_size=5).map(
    lambda sizes: [Place(n, tuple(range(1, size + 1))) for n, size in enumerate(sizes)]
)
helpers = st.lists(st.lists(st.sampled_from(CLASSES), max_size=1), min_size=3, max_size=30).map(
    lambda taught: [Helper(n, frozenset({1, 2, 3}), frozenset(classes)) for n, classes in enumerate(taught)]
)
NEEDS = {line: LineNeeds(line, line, f"工种{line}") for line in (1, 2, 3)}


def seated(sessions: list[SessionPlan]) -> list[int]:
    return [application for s in sessions for r in s.rooms for _, application in r.seats]


def nobody_is_at_two_places(sessions: list[SessionPlan]) -> bool:
    duties = [(member, s.slot) for s in sessions for r in s.rooms for _, member in r.people]
    return all(a != b or not x.overlaps(y) for (a, x), (b, y) in combinations(duties, 2))


@given(people, rooms)
def test_theory_seats_everybody_once_or_says_how_many_are_left(candidates, places) -> None:
    sessions, problems = seat_theory(candidates, places, slots(DAYS, 90, Day()))
    there = seated(sessions)
    assert len(set(there)) == len(there)
    assert (len(there) == len(candidates)) == (not problems)
    for session in sessions:
        for room in session.rooms:
            stations = [station for station, _ in room.seats]
            assert len(set(stations)) == len(stations)
            assert set(stations) <= set(places[room.room].stations)


@given(people, rooms, helpers)
def test_invigilators_are_enough_unrelated_and_at_one_place_or_the_room_is_named(candidates, places, watchers) -> None:
    sessions, _ = seat_theory(candidates, places, slots(DAYS, 90, Day()))
    classes = {c.application: c.class_name for c in candidates}
    problems = staff_theory(sessions, classes, Roster(watchers), per_invigilator=15, minimum=2)
    assert nobody_is_at_two_places(sessions)
    short = 0
    for session in sessions:
        for room in session.rooms:
            taught = {classes[a] for _, a in room.seats}
            assert not any(watchers[member].classes & taught for _, member in room.people)
            short += len(room.people) < invigilators_needed(len(room.seats), 15, 2)
    assert short == len(problems)


@given(people, rooms, helpers)
@settings(max_examples=60)
def test_panels_are_odd_big_enough_unrelated_and_never_share_a_station(candidates, places, examiners) -> None:
    sessions, problems = seat_panels("skill", candidates, NEEDS, places, slots(DAYS, 120, Day()), Roster(examiners))
    there = seated(sessions)
    assert len(set(there)) == len(there)
    assert (len(there) == len(candidates)) == (not problems)
    assert nobody_is_at_two_places(sessions)
    by_number = {c.application: c for c in candidates}
    for session in sessions:
        stations = Counter((r.room, station) for r in session.rooms for station, _ in r.seats)
        assert max(stations.values()) == 1
        for room in session.rooms:
            assert len(room.people) == panel_needed(len(room.seats), 5, 3)
            assert [role for role, _ in room.people].count("leader") == 1
            taught = {by_number[a].class_name for _, a in room.seats}
            assert {by_number[a].line for _, a in room.seats} == {room.line}
            assert not any(examiners[member].classes & taught for _, member in room.people)


@given(people, rooms, helpers)
@settings(max_examples=30)
def test_the_same_input_gives_the_same_plan(candidates, places, examiners) -> None:
    plans = [
        seat_panels("skill", candidates, NEEDS, places, slots(DAYS, 120, Day()), Roster(examiners)) for _ in range(2)
    ]
    assert plans[0] == plans[1]


@given(st.integers(1, 60))
def test_a_panel_is_odd_at_least_three_and_one_for_every_five(group: int) -> None:
    size = panel_needed(group, 5, 3)
    assert size % 2 == 1
    assert size >= 3
    assert size * 5 >= group
    assert size == 3 or (size - 2) * 5 < group


@given(st.integers(1, 300))
def test_slots_never_run_over_the_end_of_a_window(minutes: int) -> None:
    day = Day()
    found = list(slots(DAYS, minutes, day))
    for slot in found:
        assert any(opens <= slot.starts_at.time() and slot.ends_at.time() <= closes for opens, closes in day.windows)
    assert all(not a.overlaps(b) for a, b in combinations(found[:20], 2))


def test_sessions_for_which_nobody_is_left_are_said_in_one_sentence_with_where_such_people_come_from() -> None:
    sessions = [SessionPlan(Part.THEORY, slot) for slot in islice(slots(DAYS[:2], 90, Day()), 2)]
    (said,) = spread(sessions, "staff", Roster([]), 1)
    first, second = (f"{one.slot.starts_at:%m月%d日 %H:%M}" for one in sessions)
    assert said.startswith(f"{first}、{second} 场次派不出工作人员：工作人员从持监考证卡的人员中派")
    assert spread(sessions, "staff", Roster([Helper(1, frozenset(), frozenset())]), 1) == []
