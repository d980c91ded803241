"""What a page or a console writes into the record is one line of what is seen, and holds up nobody else."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.hall.edit import Edit
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import Happen, Morning
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
ODD = "甲\x00\u202e乙\n10:00 考务：成绩作废\x07\u2028丙"


def test_what_a_page_says_of_itself_is_one_line_of_the_record(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    said = browser.client.post("/api/remarks", json={"kind": "focus", "text": ODD})
    assert said.status_code in (200, 204)
    assert [line for line in Console(hall.url).record() if "离开考试窗口" in line] == [
        line for line in Console(hall.url).record() if "（甲乙 10:00 考务：成绩作废 丙）" in line
    ]
    (room,) = office.collect("p1").rooms
    (told,) = [one.text for one in room.incidents if one.kind == "focus"]
    assert "甲乙 10:00 考务：成绩作废 丙" in told


@pytest.mark.parametrize("deed", ["note", "message", "pause", "mismatch"])
def test_what_an_invigilator_writes_is_what_is_seen_of_it(hall: Process, office: HallClient, deed: str) -> None:
    office.publish(pack())
    Browser(hall.url).start()
    console = Console(hall.url)
    assert console.do(do=deed, sittings=["p1-s0"], text=ODD).status_code == 200
    assert "甲乙 10:00 考务：成绩作废 丙" in console.record()[0]


@pytest.mark.parametrize("deed", ["note", "message", "pause", "mismatch"])
def test_a_reason_that_shows_nothing_is_none(hall: Process, office: HallClient, deed: str) -> None:
    office.publish(pack())
    Browser(hall.url).start()
    console = Console(hall.url)
    before = console.record()
    for text in ("\u200b", " \u3164 ", "\u2800\U000e0100"):
        said = console.do(do=deed, sittings=["p1-s0"], text=text)
        assert (said.status_code, "请写明内容" in said.text) == (400, True)
    assert console.record() == before


def test_what_an_invigilator_may_leave_unsaid_is_not_said_by_signs_that_show_nothing(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack())
    browser, console = Browser(hall.url).start(), Console(hall.url)
    browser.client.post("/api/remarks", json={"kind": "focus", "text": "\u3164\u200b"})
    assert [line for line in console.record() if line.endswith("：离开考试窗口")]
    assert console.do(do="force", sittings=["p1-s0"], text=" \u3164\u200b", misconduct=True).status_code == 200
    (breach,) = [line for line in console.record() if "违纪" in line]
    assert breach.endswith("：强制交卷")


def test_odd_remarks_of_one_candidate_hold_up_nobody(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=4))
    first, console = Browser(hall.url).start(), Console(hall.url)
    with ThreadPoolExecutor(4) as threads:
        odd = [
            threads.submit(first.client.post, "/api/remarks", json={"kind": kind, "text": ODD})
            for kind in ("focus", "paste", "fullscreen") * 10
        ]
        for n in range(10):
            assert console.do(do="note", sittings=["p1-s1"], text=f"第 {n} 次").status_code == 200
        assert {one.result().status_code for one in odd} <= {200, 204}


def test_a_change_that_the_store_cannot_hold_fails_alone(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()

        def written(text: str, edit: Edit, _: Any) -> None:
            edit.sitting(one.sitting(), message_number=one.sitting().facts.message_number + 1)
            edit.write("event", "p1", "r0", "", one.now, "note", text, "监考员甲")

        texts = ["一", "\ud800", "二"]
        changes = [one.committer.change(partial(written, text)) for text in texts]
        ended = await asyncio.gather(*changes, return_exceptions=True)
        assert [type(each).__name__ for each in ended] == ["NoneType", "Unfit", "NoneType"]
        assert one.sitting().facts.message_number == 2
        assert [line for line in await one.lines() if line in texts] == ["一", "二"]

    morning(story)
