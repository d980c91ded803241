"""Deeds for one candidate: message, pause, hand-in taken back, extension taken back, roll call, a computer given back."""

from __future__ import annotations

import time

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres


def beat(browser: Browser) -> dict[str, object]:
    reply = browser.client.post("/api/answers", json={"answers": []})
    assert reply.status_code == 200
    return dict(reply.json())


def test_a_page_of_an_earlier_version_is_told_the_newest_that_holds(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console, one, other = Console(hall.url), Browser(hall.url).start(), Browser(hall.url, 1).start()
    numbers = [beat(one)["message_number"]]
    assert console.do(do="message", sittings=["p1-s0"], text="请坐好").status_code == 200
    assert (beat(one)["message"], beat(other)["message"]) == ("请坐好", "")
    numbers.append(beat(one)["message_number"])
    console.do(do="broadcast", text="第 3 题有误")
    assert (beat(one)["message"], beat(other)["message"]) == ("第 3 题有误", "第 3 题有误")
    numbers.append(beat(one)["message_number"])
    console.do(do="message", sittings=["p1-s0"], text="请举手")
    assert one.state()["message"] == "请举手"
    numbers.append(beat(one)["message_number"])
    console.do(do="withdraw")
    assert (beat(one)["message"], beat(other)["message"]) == ("请举手", "")
    assert numbers == sorted(set(numbers)), "each is news to the page"
    assert "通知 1 号 考生0：请坐好" in console.record()
    assert console.do(do="message", sittings=["p1-s0"], text=" ").status_code == 400


def test_one_is_paused_alone_and_gets_the_time_back(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console, one, other = Console(hall.url), Browser(hall.url).start(), Browser(hall.url, 1).start()
    before = console.sittings()["p1-t0"].end
    assert console.do(do="pause", sittings=["p1-s0"]).status_code == 400
    assert console.do(do="pause", sittings=["p1-s0"], text="身体不适").status_code == 200
    paused = console.sittings()
    assert (paused["p1-t0"].state, paused["p1-t1"].state) == ("paused", "answering")
    assert (beat(one)["paused"], beat(other)["paused"]) == (True, False)
    assert one.state()["paused"] is True
    assert one.hand_in().status_code == 403
    assert console.do(do="pause", sittings=["p1-s0"], text="再次").status_code == 409
    hall.kill()
    hall.start()
    time.sleep(1.1)
    assert beat(one)["paused"], "kept by the store"
    assert console.do(do="resume", sittings=["p1-s0"]).status_code == 200
    after = console.sittings()["p1-t0"]
    assert after.state == "answering"
    gained = after.end - before
    assert gained >= 1000
    (line,) = [line for line in console.record() if line.startswith("恢复考试")]
    assert line == f"恢复考试，已补时：1 号 考生0 暂停 0 分 {gained // 1000} 秒"
    assert console.do(do="resume", sittings=["p1-s0"]).status_code == 409
    assert console.sittings()["p1-t1"].end == paused["p1-t1"].end


def test_forcing_in_who_is_paused_ends_the_pause(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console = Console(hall.url)
    Browser(hall.url).start()
    console.do(do="pause", sittings=["p1-s0"], text="试")
    assert console.do(do="force", sittings=["p1-s0"], text="违纪").status_code == 200
    seat = console.sittings()["p1-t0"]
    assert (seat.state, seat.paused_at) == ("handed_in", 0)
    assert console.do(do="resume", sittings=["p1-s0"]).status_code == 409


def test_a_hand_in_by_mistake_is_taken_back_and_its_receipt_stays_in_the_record(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    old = browser.hand_in().json()
    assert old["closing"] == "hand_in"
    seat = console.sittings()["p1-t0"]
    assert 0 < seat.reopen_until - time.time() * 1000 <= 120_000
    assert console.do(do="reopen", sittings=["p1-s0"]).status_code == 400
    assert console.do(do="reopen", sittings=["p1-s0"], text="误按交卷").status_code == 200
    seat = console.sittings()["p1-t0"]
    assert (seat.state, seat.receipt, seat.reopen_until) == ("answering", "", 0)
    assert browser.state()["answers"] == {"100": [1, "A"]}, "its page goes on as it is"
    assert browser.sign_in().status_code == 200, "or signs in again at once"
    assert browser.save("103", "B").status_code == 200
    new = browser.hand_in().json()["receipt"]
    Browser(hall.url, 1).start().hand_in()
    assert any(f"原回执 {old['receipt']}，以重新交卷的为准）：误按交卷" in line for line in console.record())
    page = console.client.get("/room/r0/closing").json()
    assert [one["code"] for one in page["sat"][0]["receipts"]] == [old["receipt"], new]
    collected = office.collect("p1").sittings[0]
    assert (collected.receipt, collected.former_receipts) == (new, [old["receipt"]])
    assert collected.answers == {"100": "A", "103": "B"}


def test_where_the_page_goes_on_after_a_hand_in_that_was_taken_back_no_other_computer_may(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.hand_in()
    assert console.do(do="reopen", sittings=["p1-s0"], text="误按交卷").status_code == 200
    assert console.sittings()["p1-t0"].may_move
    assert browser.client.post("/api/key").status_code == 200
    assert not console.sittings()["p1-t0"].may_move
    assert Browser(hall.url).sign_in().status_code == 409
    assert browser.save("100", "A").status_code == 200


def test_nothing_is_taken_back_once_the_office_has_it(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.hand_in()
    assert console.do(do="reopen", sittings=["p1-s0"], text="误按").status_code == 200
    assert not office.collect("p1").closed
    browser.hand_in()
    assert console.sittings()["p1-t0"].reopen_until
    assert office.collect("p1").closed
    assert console.sittings()["p1-t0"].reopen_until == 0
    refused = console.do(do="reopen", sittings=["p1-s0"], text="误按")
    assert (refused.status_code, "已收卷" in refused.json()["message"]) == (409, True)
    assert browser.save("100", "A").status_code == 410


@pytest.mark.parametrize("how", ["forced", "timed", "closed"])
def test_only_the_own_hand_in_of_an_open_room_is_taken_back(hall: Process, office: HallClient, how: str) -> None:
    office.publish(pack(candidates=1, starts_in_s=-58 if how == "timed" else -1, minutes=1, grace_seconds=60))
    console, browser = Console(hall.url), Browser(hall.url).start()
    if how == "forced":
        console.do(do="force", sittings=["p1-s0"], text="违纪")
    else:
        assert browser.hand_in().json()["closing"] == ("timed" if how == "timed" else "hand_in")
        if how == "closed":
            console.do(do="close")
    assert console.sittings()["p1-t0"].reopen_until == 0
    assert console.do(do="reopen", sittings=["p1-s0"], text="误按").status_code == 409


def test_a_page_that_hands_in_because_its_time_is_over_is_not_called_forced(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1, starts_in_s=-59, minutes=1, grace_seconds=60))
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert browser.hand_in().json()["closing"] == "timed"
    seat = console.sittings()["p1-t0"]
    assert (seat.by_time, seat.forced, seat.missing) == (True, False, 0)
    assert browser.state()["closing"] == "timed"


def test_an_extension_is_taken_back_as_far_as_it_goes(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    console = Console(hall.url)
    Browser(hall.url).start()
    console.do(do="extend", sittings=["p1-s0"], minutes=20, text="停电")
    assert console.do(do="take_back", sittings=["p1-s0"], minutes=18).status_code == 400
    assert console.do(do="take_back", sittings=["p1-s0"], minutes=21, text="按错").status_code == 409
    assert console.do(do="take_back", sittings=["p1-s0"], minutes=18, text="应为 2 分钟").status_code == 200
    assert console.sittings()["p1-t0"].minutes == 62
    assert "收回延时：1 号 考生0 由 80 分钟改为 62 分钟：应为 2 分钟" in console.record()


def test_an_extension_of_the_room_is_taken_back_from_everybody_at_work(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console = Console(hall.url)
    Browser(hall.url).start()
    Browser(hall.url, 1).start().hand_in()
    assert console.do(do="take_back", room="r0", minutes=1, text="按错").status_code == 409
    console.do(do="extend", room="r0", minutes=30, text="停电")
    assert console.do(do="take_back", room="r0", minutes=31, text="按错").status_code == 409
    assert console.do(do="take_back", room="r0", minutes=25, text="应为 5 分钟").status_code == 200
    assert console.sittings()["p1-t0"].minutes == 65
    assert "收回全场延长 25 分钟，全场仍延长 5 分钟：应为 5 分钟" in console.record()


def test_time_that_is_used_up_cannot_be_taken_back(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1, starts_in_s=-61 * 60, grace_seconds=600, late_minutes=90))
    console = Console(hall.url)
    Browser(hall.url).start()
    console.do(do="extend", sittings=["p1-s0"], minutes=10, text="停电")
    refused = console.do(do="take_back", sittings=["p1-s0"], minutes=9, text="按错")
    assert (refused.status_code, "最多收回 8 分钟" in refused.json()["message"]) == (409, True)
    assert console.do(do="take_back", sittings=["p1-s0"], minutes=8, text="按错").status_code == 200


def test_the_roll_call_finds_somebody_else_and_nobody_begins_there_until_verified(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    console, browser = Console(hall.url), Browser(hall.url)
    assert browser.sign_in().json()["verified"] is False
    assert console.do(do="mismatch", sittings=["p1-s0"]).status_code == 400
    assert console.do(do="mismatch", sittings=["p1-s0"], text="与照片不是一人").status_code == 200
    refused = browser.client.post("/api/key", json={})
    assert (refused.status_code, "身份核对不符" in refused.json()["message"]) == (403, True)
    seat = console.sittings()["p1-t0"]
    assert (bool(seat.mismatch), seat.came_without) == (True, "mismatch")
    assert "点名不符：1 号 考生0：与照片不是一人" in console.record()
    console.do(do="admit", sittings=["p1-s0"], text="换证后核对")
    assert browser.client.get("/api/profile").json()["verified"] is True
    assert browser.client.post("/api/key", json={}).json()["verified"] is True


def test_who_is_missed_by_the_roll_call_is_so_until_the_sign_in(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console, browser = Console(hall.url), Browser(hall.url)
    assert console.do(do="no_show", sittings=["p1-s0", "p1-s1"]).status_code == 200
    assert "点名未到：1 号 考生0、2 号 考生1" in console.record()
    assert console.sittings()["p1-t0"].no_show
    browser.start()
    seats = console.sittings()
    assert (bool(seats["p1-t0"].no_show), bool(seats["p1-t1"].no_show)) == (False, True)
    assert console.do(do="no_show", sittings=["p1-s0"]).status_code == 409


def test_a_computer_is_given_back_and_its_candidate_goes_on_elsewhere(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    console, first, second = Console(hall.url), *(Browser(hall.url, address=f"127.0.0.{n}") for n in (2, 3))
    assert console.do(do="give_back", sittings=["p1-s0"]).status_code == 409
    first.start().save("100", "A")
    assert console.do(do="give_back", sittings=["p1-s0"], text="坐错机位").status_code == 200
    told = first.save("103", "B")
    assert (told.status_code, told.json()["message"]) == (409, "监考员已释放这台计算机，请在您的座位上重新登录")
    assert first.client.get("/api/state").json()["message"] == told.json()["message"]
    assert second.sign_in().status_code == 200
    assert second.state()["answers"] == {"100": [1, "A"]}
    assert first.save("103", "B").json()["message"].startswith("您已在另一台计算机上登录")
    assert any(line.startswith("释放计算机：1 号 考生0") for line in console.record())


def test_receipts_old_and_new_stand_in_record_page_and_office_when_late_answers_are_taken(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    at = int(time.time() * 1000)
    console.do(do="force", sittings=["p1-s0"], text="设备故障")
    old = console.sittings()["p1-t0"].receipt
    answer = {"item": "103", "choice": "B", "rev": 1, "at": at}
    assert browser.client.post("/api/late", json={"answers": [answer]}).status_code == 202
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    new = console.sittings()["p1-t0"].receipt
    assert new != old
    assert any(f"回执由 {old} 改为 {new}" in line for line in console.record())
    (person,) = console.client.get("/room/r0/closing").json()["sat"]
    assert [(one["code"], one["how"]) for one in person["receipts"]] == [(old, "forced"), (new, "late")]
    assert (person["receipt"], person["answered"], person["forced_by"], person["forced_why"]) == (
        new, 2, "监考员甲", "设备故障",
    )  # fmt: skip
    assert office.collect("p1").sittings[0].former_receipts == [old]


def test_misconduct_and_who_was_made_to_hand_in_stand_apart(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=3))
    console = Console(hall.url)
    for n in range(3):
        Browser(hall.url, n).start()
    console.do(do="note", sittings=["p1-s0"], text="翻看夹带的纸条", misconduct=True)
    console.do(do="force", sittings=["p1-s0"], text="夹带", misconduct=True)
    console.do(do="force", sittings=["p1-s1", "p1-s2"], text="到点统一收卷")
    seats = console.sittings()
    assert [bool(seats[f"p1-t{n}"].misconduct) for n in range(3)] == [True, False, False]
    page = console.client.get("/room/r0/closing").json()
    assert [line["text"] for line in page["misconduct"]] == [
        "违纪：1 号 考生0：翻看夹带的纸条", "违纪：1 号 考生0：夹带",
    ]  # fmt: skip
    assert [one["forced_why"] for one in page["sat"]] == ["夹带", "到点统一收卷", "到点统一收卷"]
    said = [event.text for event in office.collect("p1").rooms[0].incidents if event.kind == "misconduct"]
    assert said == [line["text"] for line in page["misconduct"]], "the office gets them as lines like all others"


def test_who_handed_in_by_mistake_has_not_been_away_and_left_nothing_on_the_computer(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    browser.hand_in()
    hall.kill()
    hall.start()  # nothing was heard of the computer since
    assert console.do(do="reopen", sittings=["p1-s0"], text="误按交卷").status_code == 200
    seat = console.sittings()["p1-t0"]
    assert (seat.state, seat.may_move) == ("answering", True)
    Browser(hall.url).start()
    assert console.sittings()["p1-t0"].old_computer_since == 0


def test_who_gets_the_same_minutes_is_named_together_in_the_record(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=3))
    console = Console(hall.url)
    for n in range(3):
        Browser(hall.url, n).start()
    each = {"p1-s0": 2, "p1-s1": 5, "p1-s2": 2}
    assert console.do(do="extend", sittings=list(each), each=each, text="断网").status_code == 200
    assert console.record()[0] == (
        "各按离线时间补：1 号 考生0、3 号 考生2 由 60 分钟延长至 62 分钟；2 号 考生1 由 60 分钟延长至 65 分钟：断网"
    )
