"""The roll is called by keys alone, whatever was clicked in between."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import at_work_now, confirm

pytestmark = pytest.mark.browser


def test_the_keys_go_on_after_all_were_passed_at_one_click(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=5)
    at_work_now(one_hall, 4)
    console = one_hall.console()
    console.get_by_role("button", name="点名", exact=True).click()
    roll = console.get_by_role("dialog", name="点名")
    roll.get_by_role("button", name="全部核验通过").click()
    confirm(console)
    expect(roll).to_contain_text("已核验 4，到场 4")
    expect(roll.get_by_role("button", name="全部核验通过")).to_have_count(0)
    console.keyboard.press("ArrowRight")
    expect(roll).to_contain_text("点名 2/5")
    console.keyboard.press("ArrowLeft")
    expect(roll).to_contain_text("点名 1/5")


def test_who_is_verified_together_is_named_one_by_one_beforehand_and_in_the_record(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=16)
    at_work_now(one_hall, 15)
    console = one_hall.console()
    console.get_by_role("button", name="点名", exact=True).click()
    console.get_by_role("button", name="已登录未核验的 15 人全部核验通过").click()
    dialog = console.get_by_role("dialog", name="已登录的全部核验通过")
    everybody = [f"{n + 1} 号 考生{n}" for n in range(15)]
    expect(dialog.get_by_role("listitem")).to_have_text(everybody)
    dialog.get_by_role("button", name="确定").click()
    expect(console.get_by_role("dialog", name="点名")).to_contain_text("已核验 15，到场 15")
    assert one_hall.invigilator().record()[0] == f"15 人身份核验通过：{'、'.join(everybody)}"


def test_enter_passes_whoever_is_shown_after_a_click_on_the_one_before(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    at_work_now(one_hall, 4)
    console = one_hall.console()
    console.get_by_role("button", name="点名", exact=True).click()
    roll = console.get_by_role("dialog", name="点名")
    roll.get_by_role("button", name="跳过").click()
    expect(roll).to_contain_text("点名 2/4")
    roll.get_by_role("button", name="上一个").click()
    expect(roll).to_contain_text("点名 1/4")
    console.keyboard.press("Enter")
    expect(roll).to_contain_text("已核验 1，到场 4")
    assert "身份核验通过：1 号 考生0" in one_hall.invigilator().record()
