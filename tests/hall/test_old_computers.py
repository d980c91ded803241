"""Computers that candidates left for others: when they are waited for, and when nobody need wait any more."""

from __future__ import annotations

import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.contract import Need
from assay.hall.state import BEAT_MS, OFFLINE_MS
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import Happen, Morning
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
HERE = "0f" * 16


class Named(Browser):
    """A computer whose page says in which browser it is."""

    def sign_in_here(self, browser: str = HERE) -> None:
        asked = {"ticket": self.ticket, "id_number": self.number, "browser": browser}
        reply = self.client.post("/api/sign-in", json=asked)
        assert reply.status_code == 200
        self.client.headers["authorization"] = f"Bearer {reply.json()['token']}"


def test_a_computer_that_was_just_given_back_has_its_next_beat_to_tell_that_it_holds_nothing(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.do_to("give_back")
        assert one.sitting().old_computer_since(one.now) == 0
        one.now += BEAT_MS + 1
        assert one.sitting().old_computer_since(one.now), "it was not heard of"

    morning(story)


def test_a_computer_is_waited_for_at_once_when_somebody_signed_in_at_another(hall: Process, office: HallClient) -> None:
    office.publish(pack(candidates=1))
    console, first = Console(hall.url), Browser(hall.url, address="127.0.0.2").start()
    assert console.do(do="give_back", sittings=["p1-s0"], text="键盘坏").status_code == 200
    assert console.sittings()["p1-t0"].old_computer_since == 0
    assert Browser(hall.url, address="127.0.0.3").sign_in().status_code == 200
    assert console.sittings()["p1-t0"].old_computer_since
    assert first.client.post("/api/late", json={"answers": []}).status_code == 202
    assert console.sittings()["p1-t0"].old_computer_since == 0


def test_nobody_waits_for_a_computer_that_was_set_aside_with_a_reason_and_what_it_brings_is_decided_about(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    console, first = Console(hall.url), Browser(hall.url, address="127.0.0.2").start()
    aside = {"do": "set_aside", "sittings": ["p1-s0"], "text": "原计算机已关机，无法开机"}
    assert console.do(**aside).status_code == 409, "none was left"
    console.do(do="move", sittings=["p1-s0"], text="主机坏")
    spare = Browser(hall.url, address="127.0.0.3").start()
    assert console.do(**{**aside, "text": ""}).status_code == 400
    assert console.do(**aside).status_code == 200
    assert console.record()[0] == "不再等候旧机：1 号 考生0：原计算机已关机，无法开机"
    hall.kill()
    hall.start()
    assert console.sittings()["p1-t0"].old_computer_since == 0
    assert Need.OLD_COMPUTER not in office.rooms("p1")[0].needs
    assert spare.hand_in().status_code == 200
    held = [{"item": "103", "choice": "B", "rev": 1, "at": spare.state()["now"] - 3000}]
    assert first.client.post("/api/late", json={"answers": held}).json()["in_time"] == 1
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="送到了").status_code == 200
    assert console.do(do="close").status_code == 200
    assert not [line for line in console.record() if "没有恢复联系" in line]


def test_an_earlier_sign_in_in_the_same_browser_is_settled_once_its_page_has_nothing_left_to_send(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console = Console(hall.url)
    for n, browser in ((0, HERE), (1, "1e" * 16)):
        first = Named(hall.url, n)
        first.sign_in_here()
        first.client.post("/api/key", json={})
        console.do(do="give_back", sittings=[f"p1-s{n}"], text="重开浏览器")
        again = Named(hall.url, n)
        again.sign_in_here(browser)
        assert console.sittings()[f"p1-t{n}"].old_computer_since
        assert again.save("100", "A").status_code == 200
        assert console.sittings()[f"p1-t{n}"].old_computer_since, "there may be more"
        assert again.client.post("/api/answers", json={"answers": []}).status_code == 200
    seats = console.sittings()
    assert not seats["p1-t0"].old_computer_since
    assert seats["p1-t1"].old_computer_since, "another browser kept what it held for itself"
    assert "1 号 考生0 是在同一台计算机上重新登录的，没有未送达的答案" in console.record()


def test_only_where_the_computer_is_another_the_record_says_that_the_old_one_may_hold_answers(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        one.now += OFFLINE_MS + 5000
        for address in ("10.0.0.1", "10.0.0.9"):
            await one.enter(address)
            one.now += OFFLINE_MS + 5000
        same, other = [line for line in await one.lines() if "重新登录" in line]
        assert same.startswith("1 号 考生0 在原计算机上重新登录，继续作答，")
        assert "旧机" not in same
        assert other.startswith("1 号 考生0 在 10.0.0.9 的计算机上重新登录，继续作答，")
        assert other.endswith("，旧机可能还有未送达的答案")

    morning(story)
