"""Every notice reaches the candidate, and none takes the place of another."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.hall.facts import RoomFacts, SittingFacts
from assay.hall.notices import NOTHING_YET, number_of, told
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import Happen, Morning
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres


def heard(browser: Browser, number: int = NOTHING_YET) -> dict[str, Any]:
    """What a page is told that has heard so many notices."""
    reply = browser.client.post("/api/answers", json={"answers": [], "heard": number})
    assert reply.status_code == 200
    return dict(reply.json())


def texts(reply: dict[str, Any]) -> list[str]:
    return [one["text"] for one in reply["notices"]]


def test_what_was_said_between_two_contacts_is_told_one_and_all(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=2))
    console, one, other = Console(hall.url), Browser(hall.url).start(), Browser(hall.url, 1).start()
    before = heard(one)
    assert before["notices"] == []
    for text in ("单独一", "单独二"):
        assert console.do(do="message", sittings=["p1-s0"], text=text).status_code == 200
    assert console.do(do="broadcast", text="全体").status_code == 200
    assert console.do(do="message", sittings=["p1-s0"], text="单独三").status_code == 200
    reply = heard(one, before["message_number"])
    assert texts(reply) == ["单独一", "单独二", "全体", "单独三"]
    assert len({one["id"] for one in reply["notices"]}) == 4
    assert texts(heard(other)) == ["全体"]
    assert "notices" not in heard(one, reply["message_number"]), "nobody is told again what he has heard"
    assert "notices" not in one.client.post("/api/answers", json={"answers": []}).json(), "an earlier page knows none"


def test_a_page_that_is_opened_anew_is_told_them_all_and_so_is_one_that_waits(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console = Console(hall.url)
    waiting = Browser(hall.url)
    assert waiting.sign_in().json()["notices"] == []
    for text in ("单独一", "单独二"):
        console.do(do="message", sittings=["p1-s0"], text=text)
    console.do(do="broadcast", text="全体")
    assert texts(waiting.client.get("/api/profile").json()) == ["单独一", "单独二", "全体"]
    opened = waiting.client.post("/api/key", json={}).json()
    assert texts(opened) == texts(waiting.state()) == ["单独一", "单独二", "全体"]
    assert opened["message_number"] == 3


def test_a_notice_that_is_taken_back_stays_as_such_and_takes_no_other_with_it(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    console.do(do="broadcast", text="第 3 题有误")
    console.do(do="broadcast", text="第 4 题有误")
    console.do(do="message", sittings=["p1-s0"], text="请坐好")
    number, shown = browser.state()["message_number"], console.room()
    assert (shown["message"], shown["message_number"]) == ("第 4 题有误", 2)
    assert console.do(do="withdraw", number=1).status_code == 409, "another than the one that was meant"
    assert console.do(do="withdraw", number=2).status_code == 200
    reply = heard(browser, number)
    assert [(one["text"], one["withdrawn"]) for one in reply["notices"]] == [
        ("第 3 题有误", False),
        ("第 4 题有误", True),
        ("请坐好", False),
    ]
    assert console.room()["message"] == "第 3 题有误"
    assert console.do(do="withdraw", number=2).status_code == 409, "a second click takes back nothing else"


def test_after_the_hall_was_started_anew_no_notice_is_gone(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        for said in ("单独一", "单独二"):
            await one.do_to("message", text=said)
            one.now += 2000
        await one.do("broadcast", text="全体")
        number = number_of(one.sitting())
        await one.away(30)
        assert [notice.text for notice in told(one.sitting())] == ["单独一", "单独二", "全体"]
        assert [notice.text for notice in told(one.sitting(1))] == ["全体"]
        assert number_of(one.sitting()) == number == 3

    morning(story)


def test_what_a_hall_of_an_earlier_version_has_told_is_told_still(morning: Happen) -> None:
    """It kept the newest alone, of the room and of each candidate."""

    async def story(one: Morning) -> None:
        await one.take_up()
        own = msgspec.json.encode(
            {"epoch": 1, "arrived_at": 5, "started_at": 6, "message": "请举手", "message_number": 2, "message_at": 30}
        )
        room = msgspec.json.encode({"message": "第 3 题有误", "message_number": 4, "message_at": 20})
        one.sitting().facts = msgspec.json.decode(own, type=SittingFacts)
        one.room.facts = msgspec.json.decode(room, type=RoomFacts)
        assert [notice.text for notice in told(one.sitting())] == ["第 3 题有误", "请举手"]
        await one.do_to("message", text="请坐好")
        await one.do("withdraw")
        await one.away(30)
        assert [(notice.text, notice.withdrawn) for notice in told(one.sitting())] == [
            ("第 3 题有误", True),
            ("请举手", False),
            ("请坐好", False),
        ]
        assert number_of(one.sitting()) == 8

    morning(story)
