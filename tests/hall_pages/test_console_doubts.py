"""Whoever is in doubt is looked at by himself; what was noted of somebody is proposed where it is needed next."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import confirm, press, seat

pytestmark = pytest.mark.browser


def test_who_sits_swapped_or_is_said_to_be_another_is_not_verified_together_with_others(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6, addresses={n: f"127.0.0.{n + 10}" for n in range(1, 7)})
    for index, number in ((0, 12), (1, 11), (2, 13), (3, 14), (4, 15)):
        one = Candidate(one_hall.url, index, address=f"127.0.0.{number}").start()
        if index == 2:
            one.client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console()
    console.get_by_role("button", name="点名", exact=True).click()
    dialog = console.get_by_role("dialog")
    expect(dialog).to_contain_text("身份不符和坐错机位的 3 人不在其内，请逐人核对。")
    press(console, "已登录未核验的 2 人全部核验通过")
    asked = console.get_by_role("dialog").last
    expect(asked.get_by_role("listitem")).to_have_text(["4 号 考生3", "5 号 考生4"])
    expect(asked).to_contain_text(
        "身份不符和坐错机位的不在其内，请到座位核对后逐人办理：1 号 考生0、2 号 考生1、3 号 考生2。"
    )
    asked.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(1)
    expect(dialog).to_contain_text("已核验 2，到场 5")
    assert [one.admitted for one in one_hall.invigilator().sittings().values()] == [False] * 3 + [True] * 2 + [False]


def test_who_is_made_to_hand_in_after_a_breach_that_was_noted_is_so_for_the_same_words(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    for n in range(2):
        Candidate(one_hall.url, n).start()
    console = one_hall.console()
    console.locator(seat(0)).click()
    press(console, "记录情况或违纪")
    console.get_by_label("情况记录").fill("翻看夹带的纸条")
    console.get_by_label("性质").select_option("misconduct")
    confirm(console)
    expect(console.locator(seat(0))).to_contain_text("! 违纪")
    console.locator(seat(1)).click()
    press(console, "强制交卷")
    expect(console.get_by_label("原因")).to_have_value("")
    expect(console.get_by_label("性质")).to_have_value("ordinary")
    console.get_by_role("dialog").get_by_role("button", name="取消").click()
    console.locator(seat(1)).press("Enter")
    press(console, "强制交卷")
    expect(console.get_by_label("原因")).to_have_value("翻看夹带的纸条")
    expect(console.get_by_label("性质")).to_have_value("misconduct")
    confirm(console)
    expect(console.locator(seat(0))).to_contain_text("强制交卷")
    record = one_hall.invigilator().record()
    assert [line for line in record if "翻看夹带的纸条" in line][1:] == ["违纪：1 号 考生0：翻看夹带的纸条"], "once"
