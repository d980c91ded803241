"""What the office sees of rooms that run, and what it says to all of them."""

from __future__ import annotations

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient, HallRefused
from assay.bridge.contract import Announcement
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres


def test_a_room_is_told_in_numbers_with_what_needs_a_hand(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=5))
    (empty,) = office.rooms("p1")
    assert (empty.expected, empty.came, empty.answering, empty.needs) == (5, 0, 0, {})
    one, _ = Browser(hall.url, 0).start(), Browser(hall.url, 1).start()
    three = Browser(hall.url, 2)
    assert three.sign_in().status_code == 200
    assert three.client.post("/api/remarks", json={"kind": "mismatch"}).is_success
    for _ in range(3):
        Browser(hall.url, 3).sign_in("410105200603159999")
    Console(hall.url).do(do="admit", sittings=["p1-s0"])
    Console(hall.url).do(do="force", sittings=["p1-s1"], text="试")
    assert one.save("100", "A").status_code == 200
    (room,) = office.rooms("p1")
    assert (room.expected, room.came, room.answering, room.handed_in, room.offline) == (5, 3, 1, 1, 0)
    assert room.needs == {"mismatch": 1, "wrong": 1, "unverified": 1}
    assert next(iter(room.needs)) == "mismatch", "the most pressing first"
    assert (room.paused, room.closed) == (False, False)


def test_computers_that_report_themselves_are_counted_if_exams_can_be_taken_on_them(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=3))
    for index, storage in ((0, True), (1, False)):
        browser = Browser(hall.url, index)
        assert browser.sign_in().status_code == 200
        said = {"browser": "Chromium 120", "storage": storage, "clock_ms": 3, "net_ms": 2}
        assert browser.client.post("/api/ready", json=said).is_success
    assert office.rooms("p1")[0].ready == 1


def test_who_came_too_late_waits_at_the_door_for_somebodys_hand(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2, starts_in_s=-1900))
    assert Browser(hall.url, 0).sign_in().status_code == 403
    (room,) = office.rooms("p1")
    assert (room.came, room.needs) == (1, {"at_the_door": 1})


def test_a_closed_room_needs_no_hand(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    Browser(hall.url, 0).start()
    Console(hall.url).do(do="force", sittings=["p1-s0"], text="试")
    assert office.rooms("p1")[0].needs == {"unverified": 1}
    assert Console(hall.url).do(do="close").status_code == 200
    (room,) = office.rooms("p1")
    assert (room.closed, room.needs) == (True, {})


def test_the_office_speaks_to_all_rooms_that_go_on_and_it_is_recorded(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2, rooms=2))
    one, two = Browser(hall.url, 0).start(), Browser(hall.url, 1).start()
    office.announce("p1", Announcement("第 12 题题干中“大于”应为“不小于”", "考务甲"))
    assert {b.state()["message"] for b in (one, two)} == {"第 12 题题干中“大于”应为“不小于”"}
    for room in ("r0", "r1"):
        assert Console(hall.url, "*").record(room)[0] == "通知考生：第 12 题题干中“大于”应为“不小于”"


def test_a_closed_room_does_not_keep_the_others_from_hearing(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2, rooms=2))
    two = Browser(hall.url, 1).start()
    assert Console(hall.url).do(do="close").status_code == 200
    office.announce("p1", Announcement("再过 10 分钟结束", "考务甲"))
    assert two.state()["message"] == "再过 10 分钟结束"
    Console(hall.url, "*").do(do="force", sittings=["p1-s1"], text="试")
    assert Console(hall.url, "r1").do(do="close", room="r1").status_code == 200
    with pytest.raises(HallRefused, match="各考场都已结束"):
        office.announce("p1", Announcement("晚了", "考务甲"))


def test_nothing_is_announced_without_words(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    with pytest.raises(HallRefused, match="请写明内容"):
        office.announce("p1", Announcement("  ", "考务甲"))
