"""Who comes in no more and who may not leave yet: both in minutes of the exam, the room's pauses left out, and it is said so."""

from __future__ import annotations

import pytest

from assay.hall.refusal import Refusal
from assay.hall.seat_map import room_shown
from assay.hall.sittings import Sittings
from assay.hall.state import MINUTE
from tests.hall.morning import NOW, Happen, Morning

pytestmark = pytest.mark.postgres


def test_both_limits_are_in_minutes_of_the_exam_and_pauses_are_none(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up(rehearsal=False, late_minutes=5, earliest_leave_minutes=5)
        sittings = Sittings(one.hall, one.committer)
        await one.do("pause", text="停电")
        one.now = NOW + 3 * MINUTE
        await one.do("resume")
        one.now = (
            NOW + 6 * MINUTE + 30_000
        )  # seven and a half minutes by the clock on the wall, four and a half of the exam
        assert one.room.exam_ms(one.now) == 4 * MINUTE + 30_000
        await one.hear()
        with pytest.raises(Refusal, match=r"^开考 5 分钟后才能交卷（不计暂停）$"):
            await sittings.hand_in(one.sitting(0))
        await one.enter("10.0.0.3", 2)
        assert "3 号 考生2 开考 4 分钟后入场（不计暂停）" in await one.lines()
        one.now += 31_000
        assert (await sittings.hand_in(one.sitting(0)))[0], "five minutes of the exam"
        assert room_shown(one.room)["pauses"] == ((NOW, NOW + 3 * MINUTE),)

    morning(story)


def test_who_comes_too_late_is_told_in_minutes_of_the_exam(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up(late_minutes=5)
        await one.do("pause", text="停电")
        one.now = NOW + 3 * MINUTE
        await one.do("resume")
        one.now = NOW + 8 * MINUTE
        await one.hear()
        with pytest.raises(Refusal, match=r"^开考 5 分钟后不得入场（不计暂停），"):
            await one.enter("10.0.0.3", 2)
        assert (await one.lines())[-1] == "3 号 考生2 开考 6 分钟（不计暂停）后到场（10.0.0.3），未准入场"

    morning(story)


def test_where_nothing_was_paused_nothing_is_said_of_pauses(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up(late_minutes=5)
        one.now = NOW + 2 * MINUTE
        await one.hear()
        await one.enter("10.0.0.3", 2)
        assert (await one.lines())[-1] == "3 号 考生2 开考 3 分钟后入场"

    morning(story)
