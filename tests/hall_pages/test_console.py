"""The invigilator's console in a browser: through a power cut, at the end, and with the keyboard."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assay.hall.tokens import READING
from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork, answer, saved, until, whole_paper

pytestmark = pytest.mark.browser
EVERY_DEED = ("延长时间", "允许换机", "强制交卷")


def seat(index: int) -> str:
    return f'[data-sitting="p1-s{index}"]'


def press(console: Page, name: str) -> None:
    console.get_by_role("button", name=name).first.click()


def confirm(console: Page, reason: str = "") -> None:
    if reason:
        console.get_by_label("原因").fill(reason)
    console.get_by_role("dialog").get_by_role("button", name="确定").click()


def at_work_now(hall: HallAtWork, count: int) -> list[Candidate]:
    candidates = [Candidate(hall.url, n).start() for n in range(count)]
    for one in candidates:
        one.save("100", "A")
    return candidates


def were_away(hall: HallAtWork, folder: Path, away: dict[int, int]) -> None:
    """Seats of these numbers had been away so many seconds."""
    hall.process.stop()
    with sqlite3.connect(folder / "hall.sqlite3") as database:
        for index, seconds in away.items():
            (state,) = database.execute("SELECT state FROM sitting WHERE id = ?", (f"p1-s{index}",)).fetchone()
            changed = json.dumps({**json.loads(state), "away_ms": seconds * 1000})
            database.execute("UPDATE sitting SET state = ? WHERE id = ?", (changed, f"p1-s{index}"))
    database.close()
    hall.process.start()


def test_focus_and_buttons_stay_while_answers_come_in(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6)
    candidates = at_work_now(one_hall, 6)
    console = one_hall.console()
    console.locator(seat(2)).click()
    button = console.get_by_role("button", name="延长时间")
    button.focus()
    console.evaluate("""() => {
        window.kept = [...document.querySelectorAll("button")]; window.lost = 0;
        document.addEventListener("focusout", () => { window.lost += 1; });
    }""")
    ends = time.monotonic() + 10
    turn = 0
    while time.monotonic() < ends:
        turn += 1
        for one in candidates:
            one.save("100" if turn % 2 else "103", "ABCD"[turn % 4])
        time.sleep(0.4)
    expect(console.locator(seat(0))).to_contain_text("2/12")
    expect(button).to_be_focused()
    assert console.evaluate("window.lost") == 0
    assert console.evaluate("window.kept.every((one) => one.isConnected)")
    console.keyboard.press("Enter")
    expect(console.get_by_role("dialog")).to_be_visible()


def test_who_was_away_is_proposed_once_and_each_gets_his_own_minutes(one_hall: HallAtWork, tmp_path: Path) -> None:
    one_hall.publish(candidates=4)
    at_work_now(one_hall, 4)
    were_away(one_hall, tmp_path, {0: 61, 1: 400, 2: 130})
    for n in range(4):
        Candidate(one_hall.url, n).sign_in()
    console = one_hall.console()
    console.get_by_text("3 人曾离线后恢复：1 号 考生0（2 分）、2 号 考生1（7 分）、3 号 考生2（3 分）").wait_for()
    console.locator(seat(2)).click()
    press(console, "延长时间")
    expect(console.get_by_label("延长分钟数")).to_have_value("3")
    confirm(console, "停电")
    console.get_by_text("2 人曾离线后恢复：").wait_for()
    expect(console.get_by_role("status").filter(has_text="曾离线后恢复")).to_contain_text("其余已补：3 号已补 3 分")
    press(console, "选中待补时的 2 人")
    console.locator(seat(3)).click()
    press(console, "延长时间")
    console.get_by_label("怎样补").select_option("same")
    expect(console.get_by_label("延长分钟数")).to_have_value("7")
    console.get_by_label("怎样补").select_option("each")
    confirm(console, "停电")
    expect(console.get_by_text("曾离线后恢复")).to_have_count(0)
    expect(console.locator(seat(0))).to_contain_text("已补 2 分")
    expect(console.locator(seat(1))).to_contain_text("已补 7 分")
    expect(console.locator(seat(3))).not_to_contain_text("60→")
    said = [event.text for event in one_hall.collect().rooms[0].incidents if event.kind == "extend"]
    assert said[1:] == [
        "各按离线时间补：1 号 考生0 由 60 分钟延长至 62 分钟；2 号 考生1 由 60 分钟延长至 67 分钟：停电"
    ]


def test_the_clock_tells_the_time_of_most_and_of_the_last(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3)
    candidates = at_work_now(one_hall, 3)
    console = one_hall.console()
    clock = console.locator(".bar .clock")
    until(lambda: clock.inner_text().startswith("剩余 00:59:"))
    console.locator(seat(1)).click()
    press(console, "延长时间")
    console.get_by_label("延长分钟数").fill("7")
    confirm(console, "设备故障")
    until(lambda: clock.inner_text().startswith("多数 00:59:") and "最晚 01:06:" in clock.inner_text())
    for one in candidates:
        one.hand_in()
    expect(clock).to_have_text("全部已交卷")


def test_closing_too_early_is_said_beforehand_and_the_way_on_is_offered(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 3)
    candidates[0].hand_in()
    console = one_hall.console()
    close = console.get_by_role("button", name="结束考场并确认记录")
    expect(close).not_to_have_class("primary")
    close.click()
    dialog = console.get_by_role("dialog")
    expect(dialog).to_contain_text("还有 2 名考生没有交卷（2 号 考生1、3 号 考生2）")
    expect(dialog.get_by_role("button", name="确定")).to_have_count(0)
    press(console, "选中这些人")
    press(console, "强制交卷")
    expect(dialog.get_by_role("listitem")).to_contain_text(["2 号 考生1　剩 00:59", "3 号 考生2　剩 00:59"])
    confirm(console, "违纪")
    expect(close).to_have_class("primary")
    expect(console.locator(".bar .clock")).to_have_text("到场的全部已交卷，1 人未到")
    close.click()
    expect(dialog).to_contain_text("1 人未到，")
    expect(dialog).to_contain_text("前还可以入场：4 号 考生3。现在结束，他们不能再入场，按缺考处理。")
    expect(dialog).to_contain_text("3 人身份未核验")
    expect(dialog.get_by_role("listitem")).to_have_text(["1 号 考生0", "2 号 考生1", "3 号 考生2"])
    confirm(console)
    console.get_by_text("已结束，监考员甲").wait_for()


def test_nothing_is_offered_for_who_has_handed_in(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    candidates = at_work_now(one_hall, 2)
    candidates[0].hand_in()
    console = one_hall.console()
    console.locator(seat(0)).click()
    console.get_by_role("button", name="查看信息").wait_for()
    for name in EVERY_DEED:
        expect(console.get_by_role("button", name=name)).to_have_count(0)
    console.locator(seat(1)).click()
    press(console, "允许换机")
    expect(console.get_by_role("dialog").get_by_role("heading")).to_have_text("允许换机：2 号 考生1")


def test_no_field_of_a_dialog_stands_out_on_the_right(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console = one_hall.console()
    for name in ("广播通知", "全场延长", "全场暂停", "写考场记录"):
        press(console, name)
        wide = """(dialog) => [...dialog.querySelectorAll("input, textarea, select, p")].filter(
            (one) => one.getBoundingClientRect().right > dialog.getBoundingClientRect().right - 8).length"""
        dialog = console.get_by_role("dialog")
        assert dialog.evaluate(wide) == 0
        assert dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
        dialog.get_by_role("button", name="取消").click()


def test_a_pause_is_shown_on_the_tiles_and_a_message_is_withdrawn(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page, console = one_hall.sits(), one_hall.console()
    press(console, "广播通知")
    console.get_by_label("通知内容").fill("第 3 题有误")
    confirm(console)
    console.get_by_text("正在考生页面上显示的通知").wait_for()
    page.keyboard.press("a")
    page.get_by_text("监考员通知：第 3 题有误").wait_for()
    press(console, "撤回通知")
    confirm(console)
    expect(console.get_by_text("正在考生页面上显示的通知")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.get_by_text("第 3 题有误")).to_have_count(0)
    press(console, "全场暂停")
    confirm(console, "停电")
    expect(console.locator(seat(0))).to_contain_text("暂停")
    expect(console.locator(seat(0))).not_to_contain_text("答题中")
    console.get_by_role("button", name="暂停 1").wait_for()


def test_a_candidate_whose_exam_is_paused_cannot_hand_in_and_soon_hears_that_it_goes_on(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page, console = one_hall.sits(), one_hall.console()
    press(console, "全场暂停")
    confirm(console, "停电")
    expect(console.locator(seat(0))).to_contain_text("暂停")
    page.keyboard.press("a")
    page.get_by_text("考试暂停").wait_for()
    assert page.get_by_role("button", name="交卷").is_disabled()
    press(console, "恢复考试")
    confirm(console)
    page.get_by_text("考试暂停").wait_for(state="hidden", timeout=8_000)
    assert page.get_by_role("button", name="交卷").is_enabled()


def test_a_candidate_whose_identity_is_wrong_is_seen_at_the_console(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600, candidates=2)
    console, page = one_hall.console(), one_hall.page(one_hall.computer())
    one_hall.sign_in(page, 1)
    page.get_by_role("button", name="信息不符").click()
    page.get_by_text("信息不符请举手联系监考员").wait_for()
    console.get_by_text("2 号 考生1 报告信息不符").wait_for()
    expect(console.locator(seat(1))).to_contain_text("信息不符")
    press(console, "选中 2 号")
    press(console, "身份核验通过")
    confirm(console)
    expect(console.get_by_text("报告信息不符")).to_have_count(0)


@pytest.mark.faults
@pytest.mark.postgres
def test_who_was_offline_at_the_end_is_marked_until_his_file_is_there_and_the_page_hears_of_it(
    at_work: HallAtWork, tmp_path: Path
) -> None:
    at_work.publish(starts_in_s=-38, minutes=1, grace_seconds=0, candidates=2)
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.context.set_offline(True)
    answer(page, "103", "B")
    page.get_by_text("考试时间到，正在等待交卷").wait_for(timeout=60_000)
    console = at_work.console()
    console.get_by_text("先取答案文件或等其恢复").wait_for()
    expect(console.locator(seat(0))).to_contain_text("交卷时离线，可能有未送达的答案")
    console.get_by_role("button", name="交卷时离线 1").wait_for()
    press(console, "结束考场并确认记录")
    expect(console.get_by_role("dialog")).to_contain_text("1 人交卷时离线，可能有未送达的答案")
    expect(console.get_by_role("dialog").get_by_role("listitem").first).to_contain_text("1 号 考生0　")
    console.get_by_role("button", name="取消").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="保存答案文件").click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    console.locator("input[type=file]").set_input_files(file)
    press(console, "作出决定")
    confirm(console, "断网")
    until(lambda: at_work.answers() == {"100": "A", "103": "B"})
    expect(console.get_by_text("先取答案文件或等其恢复")).to_have_count(0)
    console.locator("input[type=file]").set_input_files(file)
    console.get_by_text("1 题考试端都已收到，不用再决定").wait_for()
    page.context.set_offline(False)
    page.get_by_text("结束后送达的 1 题考试端已收到").wait_for()
    expect(console.get_by_role("button", name="作出决定")).to_have_count(0)


def test_who_looks_on_sees_the_rooms_and_no_deed(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, rooms=2)
    candidate, _ = at_work_now(one_hall, 2)
    candidate.client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console("*", "督导员", READING)
    console.get_by_text("只看不办").wait_for()
    expect(console.get_by_role("button", name="向全部考场广播")).to_have_count(0)
    console.get_by_role("button", name="打开座位图").first.click()
    console.get_by_text("1 号 考生0 报告信息不符").wait_for()
    shown = [
        button.inner_text()
        for button in console.get_by_role("button").all()
        if button.get_attribute("data-sitting") is None
    ]
    assert shown == ["← 全部考场", "查看考场记录"]
    expect(console.locator("input[type=file]")).to_have_count(0)
    console.locator(seat(0)).click()
    expect(console.get_by_role("dialog")).to_contain_text("考生信息")
    console.get_by_role("button", name="关闭").click()
    expect(console.locator("[aria-pressed]")).to_have_count(0)
    expect(console.get_by_role("group", name="对选中的考生")).to_have_count(0)
    press(console, "查看考场记录")
    expect(console.get_by_role("dialog")).to_contain_text("报告信息不符")


def test_a_ticket_that_fails_again_and_again_is_shown_and_its_candidate_let_in(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600, candidates=2)
    console, page = one_hall.console(), one_hall.page(one_hall.computer())
    for _ in range(11):
        Candidate(one_hall.url).sign_in("410105200603159999")
    one_hall.sign_in(page)
    page.get_by_text("秒后再试").wait_for()
    console.get_by_text("1 号 考生0 的准考证号登录时输错证件号码 10 次（来自 127.0.0.1 10 次）").wait_for()
    press(console, "选中 1 号")
    press(console, "放行登录")
    expect(console.get_by_role("dialog")).to_contain_text("输错 127.0.0.1 10 次")
    confirm(console)
    expect(console.get_by_text("登录时输错证件号码")).to_have_count(0)
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
