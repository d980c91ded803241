"""Wrong tries at the door, and deeds that a pass for looking on does not allow, stand in the record that goes to the office."""

from __future__ import annotations

from typing import Any

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.tokens import READING
from assay.hall import door_record
from assay.hall.door_record import ELSEWHERE, MOST_ADDRESSES, QUIET_MS, DoorRecord
from assay.hall.looking_on import DEEDS, MOST_REFUSED, note_refused
from assay.hall.refusal import Refusal
from assay.hall.remarks import MOST_NOTED
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import Happen, Morning
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
WRONG = "410105200603159999"


async def tries(one: Morning, times: int, address: str = "10.0.0.9", n: int = 2) -> None:
    """So many wrong tries, a second apart."""
    for _ in range(times):
        await one.committer.change(lambda edit, _: door_record.count(edit, one.sitting(n), address))
        one.now += 1000


async def settled(one: Morning) -> list[str]:
    await DoorRecord(one.hall, one.committer).settle()
    return await one.lines()


def test_a_burst_of_wrong_tries_is_one_line_with_its_number_and_time(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await tries(one, 7)
        assert await settled(one) == [], "it may go on"
        await one.away(QUIET_MS // 1000)
        assert (await settled(one))[-1] == (
            "3 号 考生2：准考证号被多次输错证件号码（7 次，14:08:13 至 14:08:19，来自 10.0.0.9）"
        )
        before = await one.lines()
        one.now += QUIET_MS
        assert await settled(one) == before, "told once"

    morning(story)


def test_a_slip_that_the_right_number_follows_stands_nowhere_and_more_does(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await tries(one, 2)
        await tries(one, 3, "10.0.0.8")
        for address in ("10.0.0.9", "10.0.0.8"):
            await one.committer.change(
                lambda edit, _, address=address: door_record.came_in(edit, one.sitting(2), address)  # type: ignore[misc]
            )
        lines = [line for line in await one.lines() if "输错" in line]
        assert lines == ["3 号 考生2：准考证号被多次输错证件号码（3 次，14:08:15 至 14:08:17，来自 10.0.0.8）"]
        assert one.sitting(2).facts.bursts == {}

    morning(story)


async def comes_again(one: Morning, times: int, address: str = "10.0.0.9") -> None:
    """With the right number, while at work elsewhere; every five seconds, as a page does."""
    for _ in range(times):
        one.hall.heard(one.sitting())
        with pytest.raises(Refusal, match="已在另一台计算机上作答"):
            await one.enter(address)
        one.now += 5000


def test_sign_ins_of_one_at_work_are_one_line_and_stand_before_what_follows_from_them(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await comes_again(one, 9)
        await one.away(20)
        await comes_again(one, 3)
        assert one.sitting().facts.remarks == {"second_sign_in": 12}
        assert not [line for line in await settled(one) if "被拒" in line], "it goes on"
        await one.do_to("move", text="坐反")
        told, deed = (await one.lines())[-2:]
        assert told == "1 号 考生0：已登录，再次登录被拒（12 次，14:08:13 至 14:09:28，来自 10.0.0.9）"
        assert deed.startswith("允许换机：1 号 考生0")
        await one.enter("10.0.0.9")
        await comes_again(one, 1, "10.0.0.8")
        one.now += QUIET_MS
        assert (await settled(one))[-1] == "1 号 考生0：已登录，再次登录被拒（14:09:33，来自 10.0.0.8）"
        assert one.sitting().facts.refused == {}

    morning(story)


def test_whoever_comes_again_for_ever_makes_few_lines(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        for n in range(MOST_NOTED + 5):
            await comes_again(one, 1, f"10.0.1.{n}")
            assert len(one.sitting().facts.refused) <= MOST_ADDRESSES + 1
            one.now += QUIET_MS
            one.hall.heard(one.sitting())
            await settled(one)
        assert len([line for line in await one.lines() if "被拒" in line]) == MOST_NOTED

    morning(story)


def test_whoever_tries_for_ever_makes_so_many_lines_and_keeps_so_many_addresses(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        for n in range(MOST_NOTED + 5):
            await tries(one, 3, f"10.0.1.{n}")
            one.now += QUIET_MS
            await settled(one)
            assert len(one.sitting(2).facts.wrong_tries) <= MOST_ADDRESSES + 1
        assert len([line for line in await one.lines() if "输错" in line]) == MOST_NOTED
        assert ELSEWHERE in one.sitting(2).facts.wrong_tries

    morning(story)


def test_what_was_tried_before_the_room_ends_is_in_its_record(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    stranger = Browser(hall.url, 1, address="127.0.0.2")
    for _ in range(2):
        assert stranger.sign_in(WRONG).status_code == 401
    browser = Browser(hall.url).start()
    assert browser.hand_in().status_code == 200
    assert Console(hall.url).do(do="close").status_code == 200
    said = [event.text for event in office.collect("p1").rooms[0].incidents if "输错" in event.text]
    assert len(said) == 1
    assert said[0].startswith("2 号 考生1：准考证号被多次输错证件号码（2 次，")
    assert WRONG not in said[0]


def test_a_deed_that_a_pass_for_looking_on_does_not_allow_is_recorded_with_who_and_what(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    looker = Console(hall.url, who="督导员乙", kind=READING, account="9")
    asked: list[dict[str, Any]] = [
        {"do": "force", "sittings": ["p1-s1"]},
        {"do": "pause", "text": "x"},
        {"do": "made up"},
    ]
    assert [looker.do(**one).status_code for one in asked] == [403] * 3
    assert looker.client.post("/room/file", content=b"not a file").status_code == 403
    said = [(event.text, event.by) for event in office.collect("p1").rooms[0].incidents if event.kind == "refused"]
    assert said == [
        ("只看不办的控制台要办“强制交卷”（2 号 考生1），没有放行", "督导员乙"),
        ("只看不办的控制台要办“暂停”，没有放行", "督导员乙"),
        ("只看不办的控制台要办“其他操作”，没有放行", "督导员乙"),
        ("只看不办的控制台要办“装入答案文件”，没有放行", "督导员乙"),
    ]
    stranger = looker.client.post("/room/act", json={"do": "pause"}, headers={"authorization": "Bearer x"})
    assert stranger.status_code == 401
    assert len([event for event in office.collect("p1").rooms[0].incidents if event.kind == "refused"]) == 4


def test_one_pass_makes_so_many_lines_in_a_room_and_no_more(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        for _ in range(MOST_REFUSED + 5):
            await note_refused(one.committer, [one.room], "/room/act", b'{"do": "pause", "room": "r0"}', "9", "乙")
        lines = [line for line in await one.lines() if "没有放行" in line]
        assert len(lines) == MOST_REFUSED
        assert lines[-1].endswith("此人此后再试的不再记")

    morning(story)


def test_every_deed_has_a_name() -> None:
    assert set(DEEDS) == {*ON_SITTINGS, *ON_ROOM, "force", "late"}
