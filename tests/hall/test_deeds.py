"""What holds for every deed of an invigilator, whatever it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from assay.hall import state
from assay.hall.deeds import Action
from assay.hall.edit import Edit
from assay.hall.facts import Outage, SittingFacts
from assay.hall.refusal import Refusal
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from assay.hall.state import MINUTE, Hall, LivePack
from tests.hall.packs import pack

AT = 1_800_000_000_000
WORKING = SittingFacts(epoch=1, arrived_at=AT - 9, started_at=AT - 9, address="10.0.0.1", extra_minutes=30)
READY_FOR: dict[str, SittingFacts] = {
    "resume": msgspec.structs.replace(WORKING, paused_at=AT - 5000),
    "late_entry": SittingFacts(late_refused_at=AT - 9),
    "keep_out": SittingFacts(late_refused_at=AT - 9),
    "reopen": msgspec.structs.replace(WORKING, handed_in_at=AT - 9, receipt="ABCDE-FGHIJ"),
    "no_show": SittingFacts(),
    "other_browser": msgspec.structs.replace(WORKING, other_browser_from="10.0.0.7"),
    "withdraw_misconduct": msgspec.structs.replace(WORKING, misconduct_at=AT - 9),
    "stay": msgspec.structs.replace(WORKING, address="10.0.0.7"),
    "set_aside": msgspec.structs.replace(WORKING, epoch=2, old_computers={1: AT - 9}),
}
"""In which state a deed for one makes sense, where that is not while he works."""


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> LivePack:
    monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: AT / 1000))
    made = Hall().admit(pack(candidates=2), "digest")
    made.starts_ms = AT - MINUTE
    room = made.rooms["r0"]
    room.room = msgspec.structs.replace(room.room, addresses={3: "10.0.0.7"})
    return made


def action(deed: str, **more: Any) -> Action:
    return Action(deed, text="试", minutes=5, places={"p1-s0": "10.0.0.7", "p1-s1": "10.0.0.7"}, **more)


@pytest.mark.parametrize("deed", sorted(ON_SITTINGS))
@pytest.mark.parametrize("chosen", [1, 2])
def test_a_deed_for_candidates_is_one_line_of_the_record_and_can_be_undone(
    live: LivePack, deed: str, chosen: int
) -> None:
    people = list(live.sittings.values())[:chosen]
    for one in people:
        one.facts, one.last_seen = READY_FOR.get(deed, WORKING), AT
    before = [one.facts for one in people]
    edit = Edit()
    ON_SITTINGS[deed](edit, people, action(deed), "监考员甲")
    lines = [values for name, values in edit.operations if name == "event"]
    assert len(lines) == 1
    assert all(one.sitting.name in lines[0][5] for one in people)
    assert lines[0][6] == "监考员甲"
    edit.undo()
    assert [one.facts for one in people] == before


@pytest.mark.parametrize(
    "deed", sorted(set(ON_SITTINGS) - {"note", "admit", "release", "reopen", "withdraw_misconduct", "set_aside"})
)
def test_nothing_is_done_for_who_has_handed_in(live: LivePack, deed: str) -> None:
    one = live.sittings["p1-s0"]
    one.facts = msgspec.structs.replace(READY_FOR.get(deed, WORKING), handed_in_at=AT - 9, forced=True)
    with pytest.raises(Refusal, match="已交卷"):
        ON_SITTINGS[deed](Edit(), [one], action(deed), "监考员甲")


@pytest.mark.parametrize("deed", sorted(ON_ROOM))
def test_a_deed_for_a_room_is_one_line_of_the_record(live: LivePack, deed: str) -> None:
    room = live.rooms["r0"]
    room.room = msgspec.structs.replace(room.room, locked_browser=True)
    seldom = {
        "resume": {"paused_at": AT - 9}, "withdraw": {"message": "请坐好"}, "reschedule": {"paused_at": AT - 3_600_000},
        "outage": {"outages": (Outage(AT - 200_000, AT - 100_000, 2),)}, "take_back": {"extra_minutes": 30},
    }.get(deed, {})  # fmt: skip
    room.facts = msgspec.structs.replace(room.facts, **seldom)
    for one in room.sittings:
        one.facts, one.last_seen = msgspec.structs.replace(WORKING, admitted_at=AT - 9, handed_in_at=AT - 9), AT
    if deed == "admit":
        room.sittings[0].facts = SittingFacts(arrived_at=AT - 9)
    edit = Edit()
    asked = action(deed, room="r0", accept=True)
    asked.text = "不限" if deed == "exam_keys" else asked.text
    ON_ROOM[deed](edit, room, asked, "监考员甲")
    assert [values[6] for name, values in edit.operations if name == "event"] == ["监考员甲"]


def test_who_is_in_doubt_is_not_verified_together_with_others(live: LivePack) -> None:
    room = live.rooms["r0"]
    swapped, other = room.sittings
    room.room = msgspec.structs.replace(room.room, addresses={1: "10.0.0.1", 2: "10.0.0.2"})
    swapped.facts = other.facts = SittingFacts(arrived_at=AT - 9, address="10.0.0.2")
    edit = Edit()
    ON_ROOM["admit"](edit, room, action("admit", room="r0"), "监考员甲")
    assert (swapped.verified(), other.verified()) == (False, True)
    with pytest.raises(Refusal, match="身份不符和坐错机位的，请逐人核对"):
        ON_ROOM["admit"](edit, room, action("admit", room="r0"), "监考员甲")
    ON_SITTINGS["admit"](edit, [swapped], action("admit"), "监考员甲")
    assert swapped.verified()


def test_misconduct_marks_the_seat_until_it_is_withdrawn_and_both_stand_in_the_record(live: LivePack) -> None:
    one, other = live.sittings.values()
    edit = Edit()
    ON_SITTINGS["note"](edit, [one], Action("note", text="翻看夹带的纸条", misconduct=True), "监考员甲")
    ON_SITTINGS["note"](edit, [other], Action("note", text="借笔"), "监考员甲")
    assert (one.facts.misconduct_at, other.facts.misconduct_at) == (AT, 0)
    assert (one.facts.misconduct_for, other.facts.misconduct_for) == ("翻看夹带的纸条", "")
    ON_SITTINGS["withdraw_misconduct"](edit, [one], Action("withdraw_misconduct", text="记错座位"), "监考员甲")
    assert (one.facts.misconduct_at, one.facts.misconduct_for) == (0, "")
    assert [(values[4], values[5]) for name, values in edit.operations if name == "event"] == [
        ("misconduct", "违纪：1 号 考生0：翻看夹带的纸条"),
        ("note", "2 号 考生1：借笔"),
        ("misconduct_withdrawn", "撤销违纪记录：1 号 考生0：记错座位"),
    ]
    with pytest.raises(Refusal, match="没有违纪记录"):
        ON_SITTINGS["withdraw_misconduct"](edit, [one], Action("withdraw_misconduct", text="记错座位"), "监考员甲")
