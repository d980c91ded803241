"""The invigilator's console: admit, extend, pause, move, force, close; everything stands in the record."""

from __future__ import annotations

import json
import time

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.contract import Keys
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import KEY, pack

pytestmark = pytest.mark.postgres


def test_the_seat_map_follows_a_candidate_from_expected_to_handed_in(hall: Process, office: HallClient) -> None:
    """asks 23."""
    office.publish(pack(candidates=2))
    console, browser = Console(hall.url), Browser(hall.url)
    assert console.sittings()["p1-t0"].state == "expected"
    browser.start()
    browser.save("100", "A")
    shown = console.sittings()["p1-t0"]
    assert (shown.state, shown.answered) == ("answering", 1)
    browser.hand_in()
    assert console.sittings()["p1-t0"].state == "handed_in"
    assert console.sittings()["p1-t1"].state == "expected"


def test_more_time_is_given_and_stands_in_the_record(hall: Process, office: HallClient) -> None:
    """asks 12."""
    office.publish(pack(minutes=60))
    console, browser = Console(hall.url), Browser(hall.url).start()
    before = browser.state()["left"]
    assert console.do(do="extend", sittings=["p1-s0"], minutes=15, text="机器故障").status_code == 200
    assert browser.state()["left"] > before + 14 * 60_000
    (room,) = office.collect("p1").rooms
    assert any("由 60 分钟延长至 75 分钟" in e.text and e.by == "监考员甲" for e in room.incidents)


def test_a_pause_stops_the_clock_and_the_time_is_made_up(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    console.do(do="pause", text="停电")
    assert browser.state()["paused"]
    left = browser.state()["left"]
    time.sleep(0.6)
    assert abs(browser.state()["left"] - left) < 200
    console.do(do="resume")
    assert not browser.state()["paused"]


def test_a_candidate_moves_to_another_computer_once_the_invigilator_allows_it(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack())
    first = Browser(hall.url).start()
    first.save("100", "B")
    Console(hall.url).do(do="move", sittings=["p1-s0"], text="键盘坏了")
    second = Browser(hall.url).start()
    assert second.state()["answers"] == {"100": [1, "B"]}
    assert first.save("100", "C").status_code == 409
    assert second.save("100", "D", rev=2).status_code == 200


def test_a_room_is_closed_only_when_nobody_is_answering_and_takes_nobody_afterwards(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert console.do(do="close").status_code == 409
    assert not office.collect("p1").closed
    assert browser.state()["closing"] == ""
    console.do(do="force", sittings=["p1-s0"])
    assert browser.state()["closing"] == "forced"
    assert console.do(do="close").status_code == 200
    collection = office.collect("p1")
    assert collection.closed
    assert (collection.rooms[0].present, collection.rooms[0].absent) == (1, 1)
    assert Browser(hall.url, 1).sign_in().status_code == 410
    assert browser.save("100", "A").status_code == 410


def test_a_console_sees_its_own_room_only_and_not_for_ever(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=4, rooms=2))
    assert set(Console(hall.url, "r0").sittings()) == {"p1-t0", "p1-t2"}
    assert Console(hall.url, "r0").do(do="force", sittings=["p1-s1"]).status_code == 404
    assert Console(hall.url, lasts=-5).client.get("/room/state").status_code == 401


def test_a_message_reaches_the_candidates_of_the_room(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    Console(hall.url).do(do="broadcast", text="请注意时间")
    assert browser.state()["message"] == "请注意时间"


def test_one_deed_for_several_candidates_is_done_for_all_or_for_none(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=4, rooms=1))
    console = Console(hall.url)
    assert console.do(do="extend", sittings=["p1-s0", "p1-s1"], minutes=10, text="停电").status_code == 200
    assert console.do(do="extend", sittings=["p1-s0", "nobody"], minutes=10, text="停电").status_code == 404
    assert console.do(do="extend", sittings=["p1-s0", "p1-s1"], minutes=10, text=" ").status_code == 400
    assert [seat.minutes for seat in console.sittings().values()] == [70, 70, 60, 60]


def test_a_room_that_is_not_back_in_time_is_given_up_and_who_had_come_sits_again(
    hall: Process, office: HallClient
) -> None:
    """The limit is a setting, 45 minutes by default; here it is none."""
    office.publish(pack(candidates=3, reschedule_minutes=0))
    console = Console(hall.url)
    done, cut = Browser(hall.url).start(), Browser(hall.url, 1).start()
    done.hand_in()
    cut.save("100", "B")
    assert console.do(do="reschedule", text="停电").status_code == 409
    console.do(do="pause", text="停电")
    assert console.do(do="reschedule", text="一小时未来电").status_code == 200
    collection = office.collect("p1")
    assert collection.closed
    assert [s.rescheduled for s in collection.sittings] == [False, True, False]
    assert collection.rooms[0].rescheduled
    assert cut.save("100", "C").status_code == 410


@pytest.mark.parametrize(("minutes", "left"), [(5, True), (20, False)])
def test_who_hands_in_earlier_than_the_pack_lets_is_told_when(
    hall: Process, office: HallClient, minutes: int, left: bool
) -> None:
    office.publish(pack(starts_in_s=-600, rehearsal=False, opened=False, earliest_leave_minutes=minutes))
    office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
    answer = Browser(hall.url).start().hand_in()
    assert answer.status_code == (200 if left else 403)
    assert left or answer.json()["message"] == "开考 20 分钟后才能交卷"


@pytest.mark.parametrize(("minutes", "inside"), [(5, False), (20, True)])
def test_who_comes_later_than_the_pack_lets_stays_outside_and_is_told_why(
    hall: Process, office: HallClient, minutes: int, inside: bool
) -> None:
    office.publish(pack(starts_in_s=-600, late_minutes=minutes))
    answer = Browser(hall.url).sign_in()
    assert answer.status_code == (200 if inside else 403)
    assert inside or answer.json()["message"].startswith("开考 5 分钟后不得入场")


def test_a_pause_shorter_than_the_limit_cannot_end_in_giving_the_room_up(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console = Console(hall.url)
    console.do(do="pause", text="停电")
    assert console.do(do="reschedule", text="不等了").status_code == 409


def test_who_comes_too_late_is_shown_at_the_door_and_let_in_with_a_reason_only(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(starts_in_s=-1900, minutes=90))
    console, browser = Console(hall.url), Browser(hall.url)
    for _ in range(2):
        assert browser.sign_in().status_code == 403
    seat = console.sittings()["p1-t0"]
    assert (bool(seat.late_refused), seat.came_without) == (True, "late")
    assert [line for line in console.record() if "未准入场" in line] == [
        "1 号 考生0 开考 31 分钟后到场（127.0.0.1），未准入场"
    ]
    console.do(do="admit", sittings=["p1-s0"], text="看过证件")
    assert browser.sign_in().status_code == 403, "verifying the identity lets nobody in"
    assert console.do(do="late_entry", sittings=["p1-s0"]).status_code == 400
    assert console.do(do="late_entry", sittings=["p1-s0"], text="交通管制，主考同意").status_code == 200
    assert browser.sign_in().status_code == 200
    assert console.sittings()["p1-t0"].late_refused == 0
    assert "准许迟到入场：1 号 考生0：交通管制，主考同意" in console.record()
    assert console.do(do="late_entry", sittings=["p1-s0"], text="再次").status_code == 409


def test_who_comes_too_late_and_stays_out_stands_in_the_record_and_asks_nobody_any_more(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(starts_in_s=-1900, minutes=90))
    console, browser = Console(hall.url), Browser(hall.url)
    out: dict[str, object] = {"do": "keep_out", "sittings": ["p1-s0"], "text": "迟到 31 分钟，按规定不得入场"}
    assert console.do(**out).status_code == 409, "nobody came"
    browser.sign_in()
    assert office.rooms("p1")[0].needs == {"at_the_door": 1}
    assert console.do(do="keep_out", sittings=["p1-s0"]).status_code == 400, "with a reason only"
    assert console.do(**out).status_code == 200
    assert "迟到不准入场：1 号 考生0：迟到 31 分钟，按规定不得入场" in console.record()
    seat = console.sittings()["p1-t0"]
    assert (bool(seat.kept_out), seat.came_without) == (True, "late")
    assert office.rooms("p1")[0].needs == {}
    assert browser.sign_in().json()["message"] == "开考 30 分钟后不得入场，监考员已登记不准入场"
    assert console.do(do="late_entry", sittings=["p1-s0"], text="交通管制，主考同意").status_code == 200
    assert console.sittings()["p1-t0"].kept_out == 0
    assert console.do(**out).status_code == 409, "let in"


def test_the_live_page_hears_what_changes_and_nothing_else(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console, heard = Console(hall.url), []
    with console.client.stream("GET", "/room/events", timeout=15) as stream:
        lines = stream.iter_lines()
        for line in lines:
            if line.startswith("data: "):
                heard.append(json.loads(line.removeprefix("data: ")))
                if len(heard) == 1:
                    Browser(hall.url).start().save("100", "A")
                elif heard[-1].get("news", {}).get("seats", {}).get("p1-s0", [""])[0:2] == ["answering", 1]:
                    break
    assert "p1-s1" not in {seat for one in heard[1:] for seat in one.get("news", {}).get("seats", {})}


def test_nobody_hands_in_while_the_room_is_paused(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url)
    browser.sign_in()
    browser.client.post("/api/key", json={})
    browser.save("100", "B", rev=1)
    console.do(do="pause", text="停电")
    refused = browser.hand_in()
    assert (refused.status_code, refused.json()["message"][:5]) == (403, "考场暂停中")
    console.do(do="resume")
    assert browser.hand_in().status_code == 200


def test_a_second_sign_in_is_a_fact_that_the_invigilator_sees(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    Browser(hall.url).start().save("100", "A")
    assert Browser(hall.url).sign_in().status_code == 409
    seat = Console(hall.url).sittings()["p1-t0"]
    assert seat.remarks == {"second_sign_in": 1}
    assert seat.elsewhere_from == "127.0.0.1"
    assert seat.elsewhere_at > 0
