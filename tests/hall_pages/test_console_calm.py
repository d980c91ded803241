"""What lies under the invigilator's hand stays there: rows of buttons, and the list of what needs a hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import at_work_now, confirm, need, press, seat

pytestmark = pytest.mark.browser
BUTTONS = """(row) => Object.fromEntries([...document.querySelectorAll(`${row} button, ${row} .file`)].map((one) => {
    const { x, y, width } = one.getBoundingClientRect(); return [one.textContent, [x, y, width].map(Math.round)]; }))"""
HEIGHTS = """() => [...document.querySelectorAll(".need")].map((one) => one.getBoundingClientRect().top)"""


def places(console: Page, row: str) -> dict[str, list[int]]:
    """Every button of a row, and where it lies."""
    return dict(console.evaluate(BUTTONS, row))


def moved(before: dict[str, list[int]], after: dict[str, list[int]]) -> list[str]:
    return [name for name, place in before.items() if after.get(name) != place]


def test_no_deed_of_the_room_moves_when_another_comes_or_goes(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console, colleague = one_hall.console(), one_hall.invigilator()
    before = places(console, ".tools-row")
    colleague.do(do="extend", minutes=5, text="停电")
    expect(console.get_by_role("button", name="收回全场延长")).to_be_enabled()
    after = places(console, ".tools-row")
    assert moved(before, after) == []
    colleague.do(do="pause", text="停电")
    expect(console.get_by_role("button", name="恢复考试").first).to_be_enabled()
    expect(console.get_by_role("button", name="全场暂停")).to_be_disabled()
    assert moved(after, places(console, ".tools-row")) == []
    colleague.do(do="resume")
    colleague.do(do="take_back", minutes=5, text="按错了")
    expect(console.get_by_role("button", name="收回全场延长")).to_be_disabled()
    assert moved(after, places(console, ".tools-row")) == []


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768), (390, 844)])
def test_no_deed_for_who_is_chosen_moves_when_another_comes_or_goes(
    one_hall: HallAtWork, size: tuple[int, int]
) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console, colleague = one_hall.console(size=size), one_hall.invigilator()
    if size[0] < 600:
        press(console, "座位")
    console.locator(seat(0)).click()
    bar = console.get_by_role("group", name="对选中的考生")
    before = places(console, ".deeds")
    press(console, "记录情况或违纪")
    console.get_by_label("情况记录").fill("翻看夹带的纸条")
    console.get_by_label("性质").select_option("misconduct")
    confirm(console)
    expect(bar.get_by_role("button", name="撤销违纪记录")).to_be_enabled()
    after = places(console, ".deeds")
    assert moved(before, after) == []
    colleague.do(do="admit", sittings=["p1-s0"])
    colleague.do(do="extend", sittings=["p1-s0"], minutes=5, text="断电")
    expect(bar.get_by_role("button", name="身份核验通过")).to_be_disabled()
    expect(bar.get_by_role("button", name="收回延长")).to_be_enabled()
    assert moved(after, places(console, ".deeds")) == []
    console.locator(seat(0)).press("Enter")
    console.locator(seat(0)).press("Enter")
    expect(bar.get_by_role("button", name="身份核验通过")).to_have_count(0)


def test_a_line_that_is_settled_keeps_its_height_while_the_hand_is_on_the_list(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates, colleague = at_work_now(one_hall, 4), one_hall.invigilator()
    candidates[2].client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console()
    need(console, "3 号 考生2 报告信息不符").wait_for()
    line = need(console, "人已在答题但没有核验身份")
    line.hover()
    before = console.evaluate(HEIGHTS)
    colleague.do(do="admit", sittings=["p1-s2"])
    settled = need(console, "3 号 考生2 报告信息不符")
    expect(settled.get_by_role("button")).to_have_count(0)
    expect(settled).to_contain_text("不用再办")
    assert console.evaluate(HEIGHTS) == before


def test_a_line_that_went_into_another_is_not_called_done(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, addresses={n: f"127.0.0.{n + 10}" for n in (1, 2, 3)})
    Candidate(one_hall.url, 0, address="127.0.0.12").start()
    console = one_hall.console()
    line = need(console, "1 号 考生0 用的是 2 号的计算机")
    line.hover()
    Candidate(one_hall.url, 1, address="127.0.0.11").start()
    need(console, "1 号 考生0 和 2 号 考生1 坐反了").wait_for()
    expect(line).to_contain_text("已并入另一项")
    expect(line).not_to_contain_text("已办")


def test_the_list_is_not_held_by_a_focus_that_only_came_back(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 4)
    console = one_hall.console()
    need(console, "4 人已在答题但没有核验身份").get_by_role("button").click()
    console.mouse.move(300, 400)
    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).to_have_count(0)
    assert console.evaluate("document.querySelector('.needs ul').contains(document.activeElement)")
    candidates[2].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "3 号 考生2 报告信息不符").wait_for()
    expect(console.locator(".need").first).to_contain_text("报告信息不符")
    assert console.evaluate("document.querySelector('.needs ul').contains(document.activeElement)")


def test_what_is_more_urgent_is_announced_above_the_list_that_is_held(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 4)
    console = one_hall.console()
    line = need(console, "4 人已在答题但没有核验身份")
    line.get_by_role("button").focus()
    console.keyboard.press("Shift+Tab")
    console.keyboard.press("Tab")
    box = console.get_by_role("button", name="声音").bounding_box()
    candidates[2].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "3 号 考生2 报告信息不符").wait_for()
    expect(console.locator(".need").first).to_contain_text("没有核验身份")
    urgent = console.get_by_role("button", name="有更急的")
    urgent.wait_for()
    assert console.get_by_role("button", name="声音").bounding_box() == box
    urgent.click()
    expect(console.locator(".need").first).to_contain_text("报告信息不符")
    expect(urgent).to_have_count(0)


def test_who_came_too_late_is_kept_out_by_one_click_and_may_be_let_in_afterwards(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2, starts_in_s=-32 * 60)
    assert Candidate(one_hall.url, 1).sign_in().status_code == 403
    console = one_hall.console()
    line = need(console, "2 号 考生1 迟到 32 分钟")
    expect(line.get_by_role("button")).to_have_text(["准许入场…", "不准入场"])
    line.get_by_role("button", name="不准入场").click()
    console.get_by_text("已登记不准入场：2 号 考生1").wait_for()
    console.mouse.move(300, 400)
    expect(line).to_have_count(0)
    expect(console.locator(seat(1))).to_contain_text("○ 迟到，不准入场")
    assert "迟到不准入场：2 号 考生1：迟到 32 分钟，按规定不得入场" in one_hall.invigilator().record()
    console.locator(seat(1)).click()
    press(console, "准许迟到入场")
    confirm(console, "交通管制")
    expect(console.locator(seat(1))).not_to_contain_text("不准入场")
    assert Candidate(one_hall.url, 1).sign_in().status_code == 200
