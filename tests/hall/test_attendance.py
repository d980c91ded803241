"""Who sat, who came and did not answer, who was absent: the same everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.tokens import READING
from assay.hall.attendance import attendance, came_without, counts
from assay.hall.facts import SittingFacts
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("facts", "said", "why"),
    [
        ({}, "absent", ""),
        ({"no_show_at": 5}, "absent", ""),
        ({"wrong_tries": {"10.0.0.1": 3}}, "absent", ""),
        ({"arrived_at": 1}, "came", "left"),
        ({"arrived_at": 1, "no_show_at": 5}, "came", "left"),
        ({"arrived_at": 1, "mismatch_at": 2}, "came", "mismatch"),
        ({"arrived_at": 1, "mismatch_at": 2, "admitted_at": 3}, "came", "left"),
        ({"mismatch_at": 2}, "came", "mismatch"),
        ({"late_refused_at": 2}, "came", "late"),
        ({"late_refused_at": 2, "late_entry_at": 3}, "came", "let_in"),
        ({"late_refused_at": 2, "late_entry_at": 3, "arrived_at": 4}, "came", "left"),
        ({"arrived_at": 1, "handed_in_at": 3, "forced": True}, "came", "forced"),
        ({"arrived_at": 1, "started_at": 2, "mismatch_at": 3}, "sat", ""),
        ({"arrived_at": 1, "started_at": 2, "handed_in_at": 3}, "sat", ""),
    ],
)
def test_what_is_known_of_a_sitting_says_which_of_three_it_is(facts: dict[str, Any], said: str, why: str) -> None:
    known = SittingFacts(**facts)
    assert attendance(known) == said
    assert came_without(known, over=True) == why
    assert counts([known]) == {"expected": 1, "sat": 0, "came": 0, "absent": 0} | {said: 1}


def test_nobody_is_said_to_have_left_while_he_may_still_begin() -> None:
    assert came_without(SittingFacts(arrived_at=1), over=False) == ""
    assert came_without(SittingFacts(arrived_at=1, mismatch_at=2), over=False) == "mismatch"


def four(hall: Process, office: HallClient) -> Console:
    """One sat, one reported a wrong identity, one signed in and left, one never came; the time is over."""
    office.publish(pack(candidates=4, starts_in_s=-57, minutes=1, grace_seconds=0))
    Browser(hall.url).start().hand_in()
    stranger, gone = Browser(hall.url, 1), Browser(hall.url, 2)
    stranger.sign_in()
    stranger.client.post("/api/remarks", json={"kind": "mismatch"})
    gone.sign_in()
    return Console(hall.url)


def test_console_record_page_and_office_say_the_same(hall: Process, office: HallClient) -> None:
    console = four(hall, office)
    expected = {"expected": 4, "sat": 1, "came": 2, "absent": 1}
    assert console.room()["counts"] == expected
    reader = Console(hall.url, kind=READING)
    preview = reader.client.get("/room/r0/closing").json()
    assert (preview["counts"], preview["closed_at"]) == (expected, 0)
    assert console.do(do="close").status_code == 200
    assert console.room()["counts"] == expected
    assert [seat.state for seat in console.sittings().values()] == ["handed_in", "came", "came", "absent"]
    assert [seat.came_without for seat in console.sittings().values()] == ["", "mismatch", "left", ""]
    assert console.record()[0] == (
        "考场记录已确认：应考 4，实考 1，到场未作答 2（2 号 考生1：信息不符、3 号 考生2：登录后未开始作答），缺考 1（4 号 考生3）"
    )
    page = reader.client.get("/room/r0/closing").json()
    assert page["counts"] == expected
    assert {name: [one["seat"] for one in page[name]] for name in ("sat", "came", "absent")} == {
        "sat": [1], "came": [2, 3], "absent": [4],
    }  # fmt: skip
    assert [one["why_text"] for one in page["came"]] == ["信息不符", "登录后未开始作答"]
    assert [one["why_text"] for one in preview["came"]] == ["信息不符", "登录后未开始作答"]
    assert page["closed_by"] == "监考员甲"
    assert page["record"][-1]["kind"] == "close"
    collection = office.collect("p1")
    (room,) = collection.rooms
    assert (room.expected, room.present, room.came, room.absent) == (4, 1, 2, 3)
    assert [s.came_without for s in collection.sittings] == ["", "mismatch", "left", ""]


def test_while_the_exam_goes_on_the_console_knows_what_an_end_now_would_say_of_each(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=4))
    Browser(hall.url).start()
    Browser(hall.url, 1).sign_in()
    console = Console(hall.url)
    console.do(do="mismatch", sittings=["p1-s2"], text="与照片不符")
    assert [seat.came_without for seat in console.sittings().values()] == ["", "left", "mismatch", ""]
    picture = console.client.get("/room/state").json()
    assert picture["reasons"]["left"] == "登录后未开始作答"
    page = console.client.get("/room/r0/closing").json()
    assert [one["why_text"] for one in page["came"]] == ["登录后未开始作答", "信息不符"]
    assert [s.came_without for s in office.collect("p1").sittings] == ["", "", "mismatch", ""], "he may still begin"


def test_after_the_time_is_over_nobody_who_did_not_begin_is_called_offline(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2, starts_in_s=-120, minutes=1, grace_seconds=0, late_minutes=30))
    Browser(hall.url).sign_in()
    seats = Console(hall.url).sittings()
    assert [seat.state for seat in seats.values()] == ["came", "absent"]


def test_a_page_of_the_end_is_of_ones_own_room_only(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2, rooms=2))
    assert Console(hall.url).client.get("/room/r1/closing").status_code == 404
