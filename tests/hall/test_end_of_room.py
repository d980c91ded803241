"""The end of a room: who was away, who was never verified, and answers that come after it."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from testbed.programs import Process

from assay.bridge.client import HallClient
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
Changes = list[dict[str, object]]


def until(said: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < ends, "it never came so"
        time.sleep(0.1)


def change(item: str, choice: str, rev: int, at: int | None = None) -> dict[str, object]:
    """An answer that the page says was given at a moment; ten seconds ago where nothing else is said."""
    return {
        "item": item,
        "choice": choice,
        "rev": rev,
        "at": at if at is not None else int(time.time() * 1000) - 10_000,
    }


def late(browser: Browser, *changes: dict[str, object]) -> dict[str, int]:
    reply = browser.client.post("/api/late", json={"answers": list(changes)})
    assert reply.status_code == 202
    told = dict(reply.json())
    told.pop("receipt")
    return {name: count for name, count in told.items() if count}


def file_of(browser: Browser, *changes: dict[str, object], sitting: str = "p1-s0") -> bytes:
    """An answer file as the page seals it."""
    nonce = os.urandom(12)
    cipher = AESGCM(base64.b64decode(browser.key["file_key"]))
    sealed = cipher.encrypt(nonce, msgspec.json.encode(list(changes)), f"p1\x1f{sitting}".encode())
    return msgspec.json.encode({"version": 1, "pack": "p1", "sitting": sitting, "nonce": nonce, "sealed": sealed})


def carry(console: Console, file: bytes) -> dict[str, object]:
    reply = console.client.post("/room/file", content=file)
    assert reply.status_code == 200
    return dict(reply.json())


def offline_at_the_end(hall: Process, office: HallClient, candidates: int = 1) -> tuple[Console, Browser]:
    """A candidate whose computer was away when the time ran out."""
    office.publish(pack(candidates=candidates, starts_in_s=-57, minutes=1, grace_seconds=0))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    until(lambda: console.sittings()["p1-t0"].state == "missing")
    return console, browser


def test_who_was_away_when_the_time_ran_out_stays_marked_and_stands_in_the_record(
    hall: Process, office: HallClient
) -> None:
    console, browser = offline_at_the_end(hall, office)
    seat = console.sittings()["p1-t0"]
    assert seat.by_time
    assert browser.state()["closing"] == "timed"
    assert seat.missing > 1
    hall.kill()
    hall.start()
    assert console.sittings()["p1-t0"].missing == seat.missing
    assert console.do(do="close").status_code == 200
    (room,) = office.collect("p1").rooms
    said = {event.kind: event.text for event in room.incidents}
    assert "1 号 考生0 收卷时离线（" in said["missing"]
    assert "起），可能有未送达的答案" in said["missing"]
    assert "至考场结束未恢复" in said["never_back"]
    assert any("1 号 考生0 到时收卷，答 1 题" in line for line in console.record())
    assert not any("强制交卷" in line for line in console.record())


def test_a_computer_that_comes_back_with_nothing_is_marked_no_more(hall: Process, office: HallClient) -> None:
    console, browser = offline_at_the_end(hall, office)
    assert late(browser) == {}
    assert console.sittings()["p1-t0"].state == "handed_in"
    assert "恢复，没有未送达的答案" in console.record()[0]


def test_answers_that_come_when_the_room_is_closed_are_written_down(hall: Process, office: HallClient) -> None:
    console, browser = offline_at_the_end(hall, office)
    assert console.do(do="close").status_code == 200
    for _ in range(2):
        assert late(browser, change("103", "B", 1), change("106", "C", 1)) == {"refused": 2}
    collection = office.collect("p1")
    refused = [event.text for event in collection.rooms[0].incidents if event.kind == "refused"]
    (line,) = refused
    said, known = line.split("。")
    assert said == "1 号 考生0 考场结束后经网络送到 2 题，时限内 2 题，未接收，原样保存备查"
    assert re.fullmatch("考试端最后与该机联系 [0-9:]{8}，此后离线 0 分 [0-9]+ 秒，[0-9:]{8} 到时收卷", known)
    assert collection.closed
    assert collection.sittings[0].answers == {"100": "A"}


def test_a_file_whose_answers_are_there_already_asks_for_no_decision(hall: Process, office: HallClient) -> None:
    console, browser = offline_at_the_end(hall, office)
    assert carry(console, file_of(browser, change("100", "A", 1)))["known"] == 1
    seat = console.sittings()["p1-t0"]
    assert (seat.late, seat.state) == ([], "handed_in")
    assert "都已收到，不用决定" in console.record()[0]


def test_what_a_file_brought_is_not_asked_about_again_when_the_network_brings_it_too(
    hall: Process, office: HallClient
) -> None:
    console, browser = offline_at_the_end(hall, office)
    both = change("103", "B", 1), change("106", "C", 1)
    assert carry(console, file_of(browser, *both))["in_time"] == 2
    assert late(browser, *both) == {"waiting": 2}
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    assert late(browser, *both) == {"known": 2}
    assert len(console.sittings()["p1-t0"].late) == 1
    assert console.do(do="close").status_code == 200
    assert late(browser, *both) == {"known": 2}
    assert office.collect("p1").sittings[0].answers == {"100": "A", "103": "B", "106": "C"}


def test_a_file_is_settled_when_its_computer_comes_back_and_sends_the_same(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert carry(console, file_of(browser, change("100", "B", 1)))["in_time"] == 1
    assert console.sittings()["p1-t0"].late[0]["accepted"] is None
    browser.save("100", "B", rev=1)
    until(lambda: console.sittings()["p1-t0"].late[0]["accepted"] is True)
    until(lambda: any("已由考生机送到，不用决定" in line for line in console.record()))


def test_what_was_refused_is_refused_once(hall: Process, office: HallClient) -> None:
    console, browser = offline_at_the_end(hall, office)
    assert late(browser, change("103", "B", 1)) == {"in_time": 1}
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=False, text="不符").status_code == 200
    assert late(browser, change("103", "B", 1)) == {"refused": 1}
    assert late(browser, change("103", "B", 1), change("106", "C", 1)) == {"refused": 1, "in_time": 1}


def test_the_record_names_who_was_never_verified(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=3))
    console = Console(hall.url)
    for n in range(3):
        Browser(hall.url, n).start().hand_in()
    console.do(do="admit", sittings=["p1-s1"])
    assert console.do(do="close").status_code == 200
    said = [event.text for event in office.collect("p1").rooms[0].incidents if event.kind == "unverified"]
    assert said == ["2 人身份未核验：1 号 考生0、3 号 考生2"]


@pytest.mark.parametrize("deed", ["extend", "move", "force"])
def test_nothing_is_done_to_who_has_handed_in_and_he_is_named(hall: Process, office: HallClient, deed: str) -> None:
    office.publish(pack(candidates=2))
    console = Console(hall.url)
    Browser(hall.url).start().hand_in()
    Browser(hall.url, 1).start()
    refused = console.do(do=deed, sittings=["p1-s1", "p1-s0"], minutes=5, text="试")
    assert (refused.status_code, refused.json()["message"].split("，")[0]) == (409, "1 号 考生0 已交卷")
    other = console.sittings()["p1-t1"]
    assert (other.state, other.minutes, other.may_move) == ("answering", 60, False)


def test_a_candidate_says_that_the_identity_is_wrong_until_it_is_verified(hall: Process, office: HallClient) -> None:
    office.publish(pack(starts_in_s=600))
    console, browser = Console(hall.url), Browser(hall.url, 1)
    browser.sign_in()
    browser.client.post("/api/remarks", json={"kind": "mismatch"})
    assert console.sittings()["p1-t1"].mismatch == pytest.approx(time.time() * 1000, abs=60_000), "since when"
    assert "2 号 考生1：报告信息不符" in console.record()
    console.do(do="admit", sittings=["p1-s1"], text="座位走错，已换回")
    assert not console.sittings()["p1-t1"].mismatch
    browser.client.post("/api/remarks", json={"kind": "mismatch"})
    assert console.sittings()["p1-t1"].mismatch


def test_a_message_can_be_withdrawn(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert console.do(do="withdraw").status_code == 409
    console.do(do="broadcast", text="第 3 题有误")
    assert console.do(do="withdraw").status_code == 200
    assert browser.state()["message"] == ""
    assert "撤回通知：第 3 题有误" in console.record()


def test_a_deed_for_several_is_one_line_of_the_record(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=3))
    console = Console(hall.url)
    before = len(console.record())
    console.do(do="admit", sittings=["p1-s0", "p1-s1", "p1-s2"])
    console.do(do="move", sittings=["p1-s0", "p1-s2"], text="停电")
    told = console.record()[: len(console.record()) - before]
    assert told == ["允许换机：1 号 考生0、3 号 考生2：停电", "3 人身份核验通过：1 号 考生0、2 号 考生1、3 号 考生2"]


def test_who_reported_a_wrong_identity_is_not_verified_with_all_the_others(hall: Process, office: HallClient) -> None:
    office.publish(pack(starts_in_s=600))
    console = Console(hall.url)
    browsers = [Browser(hall.url, n) for n in range(3)]
    for browser in browsers:
        browser.sign_in()
    browsers[1].client.post("/api/remarks", json={"kind": "mismatch"})
    assert console.do(do="admit").status_code == 200
    assert [console.sittings()[f"p1-t{n}"].admitted for n in range(3)] == [True, False, True]
    assert console.do(do="admit").status_code == 409
    console.do(do="admit", sittings=["p1-s1"])
    assert console.sittings()["p1-t1"].admitted


def test_before_the_start_as_well_a_second_computer_needs_the_invigilator(hall: Process, office: HallClient) -> None:
    office.publish(pack(starts_in_s=600))
    console, first, second = Console(hall.url), *(Browser(hall.url, address=f"127.0.0.{n}") for n in (2, 3))
    first.sign_in()
    console.do(do="admit", sittings=["p1-s0"])
    refused = second.sign_in()
    assert refused.status_code == 409
    assert "已在另一台计算机上登录" in refused.json()["message"]
    assert first.client.get("/api/profile").status_code == 200, "who was there first stays"
    seat = console.sittings()["p1-t0"]
    assert (seat.admitted, seat.remarks) == (True, {"second_sign_in": 1})
    assert console.do(do="move", sittings=["p1-s0"], text="键盘坏").status_code == 200
    moved, before, *_ = console.record()
    assert moved.startswith("允许换机：1 号 考生0")
    assert before.startswith("1 号 考生0：已登录，再次登录被拒（")
    assert before.endswith("，来自 127.0.0.3）")
    assert second.sign_in().status_code == 200
    assert console.sittings()["p1-t0"].admitted, "the invigilator had allowed it"


def test_a_page_opened_again_before_the_start_is_a_fact_and_the_identity_is_verified_again(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(starts_in_s=600))
    console, first = Console(hall.url), Browser(hall.url)
    first.sign_in()
    console.do(do="admit", sittings=["p1-s0"])
    assert Browser(hall.url).sign_in().status_code == 200
    seat = console.sittings()["p1-t0"]
    assert (seat.admitted, seat.remarks) == (False, {"again": 1})
    assert console.record()[0].startswith("1 号 考生0：开考前再次登录")


def test_who_comes_after_the_start_stands_in_the_record(hall: Process, office: HallClient) -> None:
    office.publish(pack(starts_in_s=-180))
    Browser(hall.url).sign_in()
    assert "1 号 考生0 开考 3 分钟后入场" in Console(hall.url).record()


def test_who_comes_within_the_first_minute_is_not_called_late(hall: Process, office: HallClient) -> None:
    office.publish(pack(starts_in_s=-2))
    Browser(hall.url).sign_in()
    assert not [line for line in Console(hall.url).record() if "后入场" in line]
