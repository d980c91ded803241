"""The end of a sitting under every mixture of pauses of the room, own pauses, extensions and what is taken back of them: the clock of
a candidate runs exactly while nothing pauses it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assay.hall import state
from assay.hall.deeds import Action
from assay.hall.edit import Edit
from assay.hall.facts import Outage
from assay.hall.refusal import Refusal
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from assay.hall.seat_map import SentSeat, sitting_state
from assay.hall.state import MINUTE, Hall, LiveSitting
from tests.hall.packs import pack

BEGAN = 1_800_000_000_000
SEAT_END, SEAT_PAUSED = 2, 21


class Clocks(RuleBasedStateMachine):
    """Two candidates of a room; `left` is what a stopwatch beside each of them says, which somebody stops by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.time = state.time
        self.now = BEGAN
        state.time = SimpleNamespace(time=lambda: self.now / 1000)  # type: ignore[attr-defined]
        live = Hall().admit(pack(candidates=2, minutes=10), "digest")
        live.starts_ms = BEGAN
        self.both = [live.sittings["p1-s0"], live.sittings["p1-s1"]]
        self.room = live.rooms["r0"]
        for one in self.both:
            one.facts = msgspec.structs.replace(one.facts, arrived_at=BEGAN, started_at=BEGAN)
        self.sent = [SentSeat.of(one, self.now, None) for one in self.both]
        self.left = [10 * MINUTE, 10 * MINUTE]
        self.stopped = [0, 0]

    def teardown(self) -> None:
        state.time = self.time  # type: ignore[attr-defined]

    def runs(self, who: int) -> bool:
        return not self.room.facts.paused_at and not self.both[who].facts.paused_at

    def do(self, deed: str, who: int, **more: Any) -> bool:
        return self._done(ON_SITTINGS[deed], [self.both[who]], Action(deed, text="试", **more))

    def do_room(self, deed: str, **more: Any) -> bool:
        return self._done(ON_ROOM[deed], self.room, Action(deed, text="试", **more))

    @staticmethod
    def _done(deed: Callable[[Edit, Any, Action, str], None], to: Any, action: Action) -> bool:
        edit = Edit()
        try:
            deed(edit, to, action, "监考员甲")
        except Refusal:
            edit.undo()
            return False
        assert [name for name, _ in edit.operations].count("event") == 1, "every deed is one line of the record"
        return True

    @rule(ms=st.one_of(st.integers(0, 5000), st.integers(0, 8 * MINUTE)))
    def time_goes_by(self, ms: int) -> None:
        for who in (0, 1):
            if self.runs(who):
                self.left[who] -= ms
            else:
                self.stopped[who] += ms
        self.now += ms

    @rule(who=st.integers(0, 1), rest=st.integers(0, MINUTE))
    def it_is_nearly_over(self, who: int, rest: int) -> None:
        if self.runs(who) and self.left[who] > rest:
            self.time_goes_by(self.left[who] - rest)

    @precondition(lambda self: not self.room.facts.paused_at)
    @rule()
    def the_room_is_paused(self) -> None:
        assert self.do_room("pause")

    @precondition(lambda self: self.room.facts.paused_at)
    @rule()
    def the_room_goes_on(self) -> None:
        assert self.do_room("resume")

    @rule(who=st.integers(0, 1))
    def one_is_paused(self, who: int) -> None:
        possible = not self.both[who].facts.paused_at and self.left[who] >= 0
        assert self.do("pause", who) == possible

    @rule(who=st.integers(0, 1))
    def one_goes_on(self, who: int) -> None:
        possible = bool(self.both[who].facts.paused_at)
        assert self.do("resume", who) == possible

    @rule(who=st.integers(0, 1), minutes=st.integers(1, 8))
    def one_is_given_time(self, who: int, minutes: int) -> None:
        assert self.do("extend", who, minutes=minutes)
        self.left[who] += minutes * MINUTE

    @rule(minutes=st.integers(1, 8))
    def all_are_given_time(self, minutes: int) -> None:
        assert self.do_room("extend", minutes=minutes)
        self.left = [left + minutes * MINUTE for left in self.left]

    @rule(who=st.integers(0, 1), minutes=st.integers(1, 8))
    def time_is_taken_back(self, who: int, minutes: int) -> None:
        given = self.both[who].facts.extra_minutes
        possible = minutes <= given and self.left[who] >= minutes * MINUTE
        assert self.do("take_back", who, minutes=minutes) == possible
        if possible:
            self.left[who] -= minutes * MINUTE

    @rule(minutes=st.integers(1, 8))
    def time_of_all_is_taken_back(self, minutes: int) -> None:
        given = self.room.facts.extra_minutes
        possible = minutes <= given and min(self.left) >= minutes * MINUTE
        assert self.do_room("take_back", minutes=minutes) == possible
        if possible:
            self.left = [left - minutes * MINUTE for left in self.left]

    @invariant()
    def the_hall_says_what_the_stopwatch_says(self) -> None:
        for who, one in enumerate(self.both):
            assert one.deadline(self.now) - self.now == self.left[who]
            assert one.paused_ms(self.now) == self.stopped[who]

    @invariant()
    def the_console_can_count_it_from_the_seat(self) -> None:
        """What the page does with a seat: a pause that lasts stands still at its end."""
        for who, one in enumerate(self.both):
            seat = sitting_state(one, self.now)
            pauses = [at for at in (seat[SEAT_PAUSED], self.room.facts.paused_at) if at]
            assert seat[SEAT_END] - min(pauses, default=self.now) == self.left[who]

    @invariant()
    def what_is_kept_of_a_seat_is_what_is_worked_out_anew(self) -> None:
        for one, sent in zip(self.both, self.sent, strict=True):
            before, now = sent.row(), sitting_state(one, self.now)
            assert sent.changed(one, self.now, None) == (before != now)
            assert sent.row() == now

    @rule(who=st.integers(0, 1), ms=st.integers(1, MINUTE))
    def the_hall_was_away(self, who: int, ms: int) -> None:
        """Long enough before, so that no time is due; what is taken afterwards moves with a pause."""
        outages = (Outage(self.now - ms, self.now, 0), *self.room.facts.outages)
        self.room.facts = msgspec.structs.replace(self.room.facts, outages=outages[:3])

    @invariant()
    def the_parts_of_any_stretch_add_up(self) -> None:
        middle = (BEGAN + self.now) // 2
        for one in self.both:
            first, second = one.paused_within(BEGAN, middle), one.paused_within(middle, self.now)
            assert first + second == one.paused_within(BEGAN, self.now) == one.paused_ms(self.now)
            assert 0 <= first <= middle - BEGAN


TestClocks = Clocks.TestCase
TestClocks.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_a_pause_that_lasts_leaves_the_seat_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A map that is drawn anew every second for the whole room would tell nobody anything."""
    now = BEGAN
    monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: now / 1000))
    live = Hall().admit(pack(), "digest")
    live.starts_ms = BEGAN
    one: LiveSitting = live.sittings["p1-s0"]
    one.facts = msgspec.structs.replace(one.facts, arrived_at=BEGAN, started_at=BEGAN, paused_at=BEGAN + 1000)
    one.last_seen = BEGAN + 60_000
    assert sitting_state(one, BEGAN + 50_000) == sitting_state(one, BEGAN + 60_000)
