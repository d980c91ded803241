"""Computers that are away: what is counted, what is proposed, what the record says of it. On moments that are given."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest

from assay.hall import state
from assay.hall.absence import missing_at_the_end, notice, spell
from assay.hall.deeds import Action
from assay.hall.edit import Edit
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from assay.hall.state import Hall, LiveSitting
from assay.hall.wording import UNKNOWN_SINCE
from tests.hall.packs import pack

AT = int(datetime(2026, 5, 9, 6, 8, 13, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def sitting(monkeypatch: pytest.MonkeyPatch) -> LiveSitting:
    """Somebody at work since the start, last heard at AT, which is a second ago."""
    monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: AT / 1000 + 1))
    live = Hall().admit(pack(candidates=3), "digest")
    for one in live.sittings.values():
        one.facts = msgspec.structs.replace(one.facts, arrived_at=AT, started_at=AT)
        one.last_seen = AT
    return live.sittings["p1-s0"]


def lines(edit: Edit) -> list[str]:
    return [str(values[5]) for statement, values in edit.operations if statement == "event"]


def back(sitting: LiveSitting, after_s: int) -> list[str]:
    edit = Edit()
    notice(edit, sitting, sitting.last_seen + after_s * 1000, "")
    return lines(edit)


def do(sitting: LiveSitting, deed: str, **more: object) -> list[str]:
    edit, action = Edit(), Action(deed, text="停电", **more)  # type: ignore[arg-type]
    ON_SITTINGS[deed](edit, [sitting], action, "监考员甲")
    return lines(edit)


def test_a_line_says_from_when_to_when_and_how_much_of_it_was_pause(sitting: LiveSitting) -> None:
    sitting.room.facts = msgspec.structs.replace(sitting.room.facts, pauses=((AT + 60_000, AT + 142_000),))
    assert back(sitting, 202) == ["1 号 考生0 14:08:13 起离线，14:11:35 恢复，其中暂停 82 秒"]
    assert sitting.facts.away_ms == 120_000
    assert sitting.minutes_due() == 2


def test_every_pause_within_a_time_away_is_made_up_for(sitting: LiveSitting) -> None:
    pauses = ((AT - 90_000, AT - 60_000), (AT + 10_000, AT + 40_000), (AT + 50_000, AT + 110_000))
    sitting.room.facts = msgspec.structs.replace(sitting.room.facts, pauses=pauses)
    away = spell(sitting, AT + 120_000)
    assert away is not None
    assert (away.paused, away.lost_ms) == (90_000, 30_000)
    assert spell(sitting, AT + 44_000) is None


def test_who_was_given_time_is_not_proposed_again_until_the_next_time_away(sitting: LiveSitting) -> None:
    back(sitting, 121)
    assert sitting.minutes_due() == 3
    do(sitting, "extend", minutes=3)
    assert (sitting.minutes_due(), sitting.facts.extra_minutes) == (0, 3)
    back(sitting, 60)
    assert sitting.minutes_due() == 1


def test_time_given_to_somebody_still_away_counts_when_he_is_back(sitting: LiveSitting) -> None:
    sitting.last_seen = AT - 60_000
    do(sitting, "extend", minutes=10)
    back(sitting, 720)
    assert sitting.minutes_due() == 2


def test_more_time_for_the_whole_room_counts_for_those_who_were_away(sitting: LiveSitting) -> None:
    back(sitting, 480)
    edit = Edit()
    ON_ROOM["extend"](edit, sitting.room, Action("extend", minutes=5, text="停电"), "监考员甲")
    assert sitting.minutes_due() == 3


def test_each_gets_his_own_minutes_in_one_line(sitting: LiveSitting) -> None:
    others = [s for s in sitting.room.sittings if s is not sitting]
    edit = Edit()
    action = Action("extend", text="停电", each={"p1-s0": 3, "p1-s1": 7, "p1-s2": 1})
    ON_SITTINGS["extend"](edit, [sitting, *others], action, "监考员甲")
    (line,) = lines(edit)
    assert line == (
        "各按离线时间补：1 号 考生0 由 60 分钟延长至 63 分钟；2 号 考生1 由 60 分钟延长至 67 分钟；"
        "3 号 考生2 由 60 分钟延长至 61 分钟：停电"
    )


def test_who_was_silent_when_his_time_ran_out_is_missing(sitting: LiveSitting) -> None:
    now = sitting.pack.now()
    sitting.last_seen = now - 1000
    assert missing_at_the_end(sitting, by_time=False) == 0
    assert missing_at_the_end(sitting, by_time=True) == now - 1000  # its time ends later than it was heard
    sitting.last_seen = now - 60_000
    assert missing_at_the_end(sitting, by_time=False) == now - 60_000
    sitting.last_seen = 0
    assert missing_at_the_end(sitting, by_time=False) == UNKNOWN_SINCE


def test_who_is_back_after_a_time_away_has_not_been_silent_for_long(sitting: LiveSitting) -> None:
    now = AT + 600_000
    sitting.last_save = AT
    notice(Edit(), sitting, now, "")
    assert sitting.status(now) == "answering"
    for later in range(0, 600_000, 10_000):
        sitting.heard(now + later)
    assert sitting.status(now + 600_000) == "idle"


def test_a_pause_is_no_long_silence(sitting: LiveSitting) -> None:
    now = AT + 600_000
    sitting.last_seen, sitting.last_save = now, AT
    assert sitting.status(now) == "idle"
    sitting.room.facts = msgspec.structs.replace(sitting.room.facts, paused_at=AT + 60_000)
    assert sitting.status(now) == "paused"
    sitting.room.facts = msgspec.structs.replace(sitting.room.facts, paused_at=0, pauses=((AT + 60_000, now),))
    assert sitting.status(now) == "answering"


def test_an_own_pause_is_no_time_away(sitting: LiveSitting) -> None:
    sitting.facts = msgspec.structs.replace(sitting.facts, pauses=((AT + 10_000, AT + 70_000),))
    assert back(sitting, 90) == ["1 号 考生0 14:08:13 起离线，14:09:43 恢复，其中暂停 60 秒"]
    assert sitting.facts.away_ms == 30_000
