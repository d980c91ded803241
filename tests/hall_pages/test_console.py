"""The invigilator's console in a browser: through a power cut, at the end, and with the keyboard."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from testbed.browsers import resized

from assay.bridge.contract import Plan
from assay.bridge.tokens import READING
from tests.accessibility import violations
from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork, answer, chosen, saved, until, whole_paper
from tests.papers import text_of

pytestmark = pytest.mark.browser
EVERY_DEED = ("延长时间", "允许换机", "强制交卷")


def seat(index: int) -> str:
    return f'[data-sitting="p1-s{index}"]'


def press(console: Page, name: str) -> None:
    console.get_by_role("button", name=name).first.click()


def need(console: Page, text: str) -> Locator:
    """The line of the list of what needs a hand that says this."""
    return console.get_by_role("region", name="需要处理").get_by_role("listitem").filter(has_text=text)


def settle(console: Page, text: str) -> None:
    """Press the button of that line."""
    need(console, text).get_by_role("button").first.click()


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
    expect(console.locator(seat(0))).to_have_accessible_name(re.compile("已答 2/12 题"))
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
    need(console, "3 人曾离线后恢复：1 号 考生0（2 分）、2 号 考生1（7 分）、3 号 考生2（3 分）").wait_for()
    console.locator(seat(2)).click()
    press(console, "延长时间")
    expect(console.get_by_label("延长分钟数")).to_have_value("3")
    confirm(console, "停电")
    need(console, "2 人曾离线后恢复：").wait_for()
    expect(console.locator(seat(2))).to_contain_text("已补 3 分")
    press(console, "待补时 2")
    console.locator(seat(3)).click()
    press(console, "延长时间")
    console.get_by_label("怎样补").select_option("same")
    expect(console.get_by_label("延长分钟数")).to_have_value("7")
    console.get_by_label("怎样补").select_option("each")
    confirm(console, "停电")
    expect(need(console, "曾离线后恢复")).to_have_count(0)
    expect(console.locator(seat(0))).to_contain_text("已补 2 分")
    expect(console.locator(seat(1))).to_contain_text("已补 7 分")
    expect(console.locator(seat(3))).not_to_contain_text("60→")
    said = [event.text for event in one_hall.collect().rooms[0].incidents if event.kind == "extend"]
    assert said[1:] == [
        "各按离线时间补：1 号 考生0 由 60 分钟延长至 62 分钟；2 号 考生1 由 60 分钟延长至 67 分钟：停电"
    ]


def test_the_clock_tells_the_time_of_the_first_and_of_the_last(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3)
    candidates = at_work_now(one_hall, 3)
    console = one_hall.console()
    clock = console.locator(".bar .clock")
    until(lambda: clock.inner_text().startswith("剩余 00:59:"))
    console.locator(seat(1)).click()
    press(console, "延长时间")
    console.get_by_label("延长分钟数").fill("7")
    confirm(console, "设备故障")
    until(lambda: clock.inner_text().startswith("最早 00:59:") and "最晚 01:06:" in clock.inner_text())
    console.locator(seat(0)).click()
    console.locator(seat(2)).press("Enter")
    press(console, "延长时间")
    console.get_by_label("延长分钟数").fill("9")
    confirm(console, "设备故障")  # the first to end is one of three now
    until(lambda: clock.inner_text().startswith("最早 01:06:") and "最晚 01:08:" in clock.inner_text())
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
    expect(dialog.get_by_role("listitem")).to_contain_text(
        ["2 号 考生1　已答 1/12　剩 00:59", "3 号 考生2　已答 1/12　剩 00:59"]
    )
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
    expect(console.get_by_role("region", name="考场情况").get_by_role("button", name="打印")).to_be_visible()


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


def test_the_second_click_of_a_double_click_does_nothing_to_the_seat_behind_the_dialog(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=48)
    at_work_now(one_hall, 2)
    console = one_hall.console()
    press(console, "广播通知")
    console.get_by_role("dialog").get_by_role("textbox").fill("请安静")
    yes = console.get_by_role("dialog").get_by_role("button", name="确定")
    box = yes.bounding_box()
    assert box
    yes.dblclick()
    expect(console.get_by_role("dialog")).to_have_count(0)
    behind = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('[data-sitting]'))"
    assert console.evaluate(behind, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    expect(console.locator("[data-sitting][aria-pressed=true]")).to_have_count(0)
    expect(console.get_by_role("group", name="对选中的考生")).to_have_count(0)
    console.locator(seat(0)).click()
    expect(console.locator("[data-sitting][aria-pressed=true]")).to_have_count(1)
    console.locator(seat(1)).focus()
    console.keyboard.press("Enter")
    expect(console.locator("[data-sitting][aria-pressed=true]")).to_have_count(2)


def test_a_double_click_on_what_opens_a_dialog_does_nothing_in_it(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    console = one_hall.console()
    everywhere = "dialog button { position: fixed; inset: 0; }"  # one lies under the pointer, wherever that is
    console.evaluate(
        """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet]; }""",
        everywhere,
    )
    console.get_by_role("button", name="广播通知").dblclick()
    expect(console.get_by_role("dialog")).to_have_count(1)
    console.get_by_role("dialog").get_by_role("button", name="取消").press("Enter")
    expect(console.get_by_role("dialog")).to_have_count(0)


def test_a_pause_is_shown_on_the_tiles_and_a_message_is_withdrawn(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page, console = one_hall.sits(), one_hall.console()
    press(console, "广播通知")
    console.get_by_label("通知内容").fill("第 3 题有误")
    confirm(console)
    need(console, "正在考生页面上显示的通知：第 3 题有误").wait_for()
    page.keyboard.press("a")
    page.get_by_text("考场通知：第 3 题有误").wait_for()
    settle(console, "正在考生页面上显示的通知")
    expect(need(console, "正在考生页面上显示的通知").get_by_role("button")).to_have_count(0)
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
    expect(console.get_by_role("dialog")).to_have_count(0)
    page.get_by_text("考试暂停").wait_for(state="hidden", timeout=8_000)
    assert page.get_by_role("button", name="交卷").is_enabled()


def test_a_candidate_whose_identity_is_wrong_is_seen_at_the_console(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600, candidates=2)
    console, page = one_hall.console(), one_hall.page(one_hall.computer())
    one_hall.sign_in(page, 1)
    page.get_by_role("button", name="信息不符").click()
    page.get_by_text("信息不符请举手联系监考员").wait_for()
    need(console, "2 号 考生1 报告信息不符").wait_for()
    expect(console.locator(seat(1))).to_contain_text("≠ 报告信息不符")
    settle(console, "2 号 考生1 报告信息不符")
    expect(console.get_by_role("dialog")).to_contain_text("≠ 报告信息不符，请核对")
    expect(console.get_by_role("dialog")).to_contain_text("（这是最后一个）")
    press(console, "核验通过")
    expect(console.get_by_role("dialog")).to_contain_text("✓ 已核验")
    press(console, "结束点名")
    expect(need(console, "报告信息不符")).to_have_count(0)
    expect(console.locator(seat(1))).not_to_contain_text("信息不符")


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
    need(console, "交卷时离线，可能有未送达的答案。先取答案文件或等其恢复").wait_for()
    expect(console.locator(seat(0))).to_contain_text("✕ 交卷时离线")
    console.get_by_role("button", name="交卷时离线 1").wait_for()
    press(console, "结束考场并确认记录")
    expect(console.get_by_role("dialog")).to_contain_text("1 人交卷时离线，可能有未送达的答案")
    expect(console.get_by_role("dialog").get_by_role("listitem").first).to_contain_text("1 号 考生0　")
    console.get_by_role("button", name="取消").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="保存答案文件").click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    with console.expect_file_chooser() as chooser:
        settle(console, "可能有未送达的答案")
    chooser.value.set_files(file)
    press(console, "作出决定")
    confirm(console, "断网")
    until(lambda: at_work.answers() == {"100": "A", "103": "B"})
    expect(need(console, "先取答案文件或等其恢复")).to_have_count(0)
    console.locator("input[type=file]").set_input_files(file)
    console.get_by_text("2 题考试端都已收到，不用再决定").wait_for()
    page.context.set_offline(False)
    page.get_by_text("结束后送达的 1 题考试端已收到").wait_for()
    expect(console.get_by_role("button", name="作出决定")).to_have_count(0)
    press(console, "考场情况页")
    row = console.get_by_role("region", name="考场情况").get_by_role("row").filter(has_text="考生0")
    expect(row).to_contain_text("2/12")
    expect(row).to_contain_text(re.compile("[A-Z0-9-]{11}，替换 [A-Z0-9-]{11}（"))


def test_who_looks_on_sees_the_rooms_and_no_deed(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, rooms=2)
    candidate, _ = at_work_now(one_hall, 2)
    candidate.client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console("*", "督导员", READING)
    console.get_by_text("只看不办").wait_for()
    expect(console.get_by_role("button", name="向全部考场广播")).to_have_count(0)
    console.get_by_role("button", name="打开座位图").first.click()
    need(console, "1 号 考生0 报告信息不符").wait_for()
    shown = [
        button.inner_text()
        for button in console.get_by_role("button").all()
        if button.get_attribute("data-sitting") is None
    ]
    assert shown == ["← 全部考场", "查看考场记录", "考场情况页", "声音：开"]
    expect(console.locator("input[type=file]")).to_have_count(0)
    console.locator(seat(0)).click()
    expect(console.get_by_role("dialog")).to_contain_text("考生信息")
    console.get_by_role("button", name="关闭").click()
    expect(console.locator("[data-sitting][aria-pressed]")).to_have_count(0)
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
    need(console, "1 号 考生0 的准考证号登录时输错证件号码 10 次（来自 127.0.0.1 10 次）").wait_for()
    settle(console, "输错证件号码")
    console.get_by_text("已放行登录：1 号 考生0。请考生本人马上登录").wait_for()
    expect(need(console, "登录时输错证件号码").get_by_role("button")).to_have_count(0)
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()


BOXES = """() => [...document.querySelectorAll("[data-sitting], .bar, .tools-row, .summary, .needs, .deeds")].map((one) => {
    const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height].map(Math.round); })"""
HIDDEN_SEATS = """() => { const bar = document.querySelector(".deeds").getBoundingClientRect().top;
    const list = document.querySelector(".needs").getBoundingClientRect().left;
    return [...document.querySelectorAll("[data-sitting]")].filter((one) => { const box = one.getBoundingClientRect();
        return box.top < 0 || box.bottom > bar || box.right > list || box.height < 40 || box.width < 50; }).length; }"""
SCROLLED = """() => [document.documentElement, document.querySelector("main"), document.querySelector(".room-map")].filter(
    (one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth).length"""


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (1024, 768)])
@pytest.mark.parametrize("columns", [0, 6, 8, 12])
def test_all_seats_of_a_room_of_48_are_in_view_without_scrolling(
    one_hall: HallAtWork, size: tuple[int, int], columns: int
) -> None:
    one_hall.publish(candidates=48, plan=Plan(columns, 48 // columns) if columns else None)
    at_work_now(one_hall, 2)
    console = one_hall.console(size=size)
    console.locator(seat(47)).click()
    assert console.locator("[data-sitting]").count() == 48
    assert console.evaluate(HIDDEN_SEATS) == 0
    assert console.evaluate(SCROLLED) == 0


def test_seats_lie_as_the_room_is_seen_from_above(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6, plan=Plan(3, 3, "left", "bottom"))
    console = one_hall.console()
    first, second, fourth = (console.locator(seat(n)).bounding_box() for n in (0, 1, 3))
    assert first
    assert second
    assert fourth
    assert (second["x"], fourth["y"]) == (first["x"], first["y"])
    assert second["y"] > first["y"]
    assert fourth["x"] > first["x"]
    desk, door = (console.get_by_text(text, exact=True).bounding_box() for text in ("讲台", "门"))
    assert desk
    assert door
    assert desk["x"] < first["x"]
    assert door["y"] > second["y"]


@pytest.mark.parametrize(("front", "way"), [("top", "x"), ("bottom", "x"), ("left", "y"), ("right", "y")])
def test_between_some_columns_one_walks(
    one_hall: HallAtWork, front: Literal["top", "bottom", "left", "right"], way: str
) -> None:
    one_hall.publish(candidates=8, plan=Plan(4, 2, front, aisles=(1, 3)))
    console = one_hall.console()
    across = [box[way] for n in range(4) if (box := console.locator(seat(n)).bounding_box())]
    steps = [round(after - before) for before, after in pairwise(across)]
    assert steps[0] == steps[2] > steps[1] + 10, "after the first and the third there is an aisle"
    second = [box[way] for n in range(4, 8) if (box := console.locator(seat(n)).bounding_box())]
    assert second == across, "in every row"
    resized(console, 390, 844)
    press(console, "座位")
    widths = [box["width"] for n in range(8) if (box := console.locator(seat(n)).bounding_box())]
    assert max(widths) - min(widths) < 2, "on a phone they stand in fours"


def test_nothing_moves_when_news_come_and_the_title_counts_them(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=24)
    candidates = at_work_now(one_hall, 20)
    console = one_hall.console()
    need(console, "20 人已在答题但没有核验身份").wait_for()
    expect(console).to_have_title("(1) 第 1 考场 · 考场控制台")
    before = console.evaluate(BOXES)
    invigilator = one_hall.invigilator()
    candidates[3].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "4 号 考生3 报告信息不符").wait_for()
    for _ in range(4):
        Candidate(one_hall.url, 22).sign_in("410105200603159999")
    need(console, "23 号 考生22 的准考证号登录时输错证件号码 4 次").wait_for()
    expect(console).to_have_title("(3) 第 1 考场 · 考场控制台")
    invigilator.do(do="broadcast", text="第 3 题更正")
    need(console, "第 3 题更正").wait_for()
    candidates[5].hand_in()
    invigilator.do(do="extend", sittings=["p1-s6"], minutes=9, text="设备故障")
    console.locator(seat(6)).get_by_text("60→69 分").wait_for()
    assert console.evaluate(BOXES) == before
    console.locator(seat(6)).click()
    invigilator.do(do="pause", text="停电")
    need(console, "全场暂停中").wait_for()
    assert console.evaluate(BOXES) == before
    expect(console).to_have_title("(4) 第 1 考场 · 考场控制台")


def test_what_is_proposed_is_one_click_and_the_record_says_why(one_hall: HallAtWork, tmp_path: Path) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    were_away(one_hall, tmp_path, {0: 61})
    for n in range(2):
        Candidate(one_hall.url, n).sign_in()
    console = one_hall.console()
    expect(need(console, "1 号 考生0（2 分）").get_by_role("button")).to_have_text("补 2 分")
    need(console, "1 号 考生0（2 分）").get_by_role("button").dblclick()
    expect(console.locator(seat(0))).to_contain_text("60→62 分")
    expect(need(console, "曾离线后恢复：1 号 考生0（2 分）。已办").get_by_role("button")).to_have_count(0)
    console.locator(seat(1)).hover()
    expect(need(console, "曾离线后恢复")).to_have_count(0)
    given = [line for line in one_hall.invigilator().record() if "延长至" in line]
    assert len(given) == 1, "a second click gives nothing more"
    assert given[0].endswith("1 号 考生0 由 60 分钟延长至 62 分钟：计算机离线，补时")


def test_of_what_is_as_urgent_the_newest_stands_first(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4, starts_in_s=600)
    candidates = [Candidate(one_hall.url, n) for n in range(4)]
    lines = one_hall.console().get_by_role("region", name="需要处理").get_by_role("listitem")
    console = lines.page

    def mismatch(index: int) -> None:
        candidates[index].sign_in()
        candidates[index].client.post("/api/remarks", json={"kind": "mismatch"})
        need(console, f"{index + 1} 号 考生{index} 报告信息不符").wait_for()

    mismatch(1)
    for _ in range(3):
        candidates[2].sign_in("410105200603159999")
    need(console, "3 号 考生2 的准考证号登录时输错证件号码 3 次").wait_for()
    mismatch(3)
    expect(lines).to_contain_text(["4 号 考生3 报告信息不符", "3 号 考生2 的准考证号", "2 号 考生1 报告信息不符"])
    anew = one_hall.console().get_by_role("region", name="需要处理").get_by_role("listitem")
    expect(anew.filter(has_text="报告信息不符")).to_contain_text(["4 号 考生3", "2 号 考生1"])


def test_the_list_keeps_its_places_while_the_hand_is_on_it(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 4)
    console = one_hall.console()
    line = need(console, "4 人已在答题但没有核验身份")
    line.hover()
    before = line.bounding_box()
    candidates[2].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "3 号 考生2 报告信息不符").wait_for()
    assert need(console, "人已在答题但没有核验身份").bounding_box() == before
    console.locator(seat(0)).hover()
    first = console.get_by_role("region", name="需要处理").get_by_role("listitem").first
    expect(first).to_contain_text("报告信息不符")


def test_the_roll_is_called_by_keyboard_from_the_first_who_is_not_verified(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=5)
    at_work_now(one_hall, 4)
    one_hall.invigilator().do(do="admit", sittings=["p1-s0"])
    console = one_hall.console()
    console.get_by_role("button", name="点名", exact=True).focus()
    console.keyboard.press("Enter")
    dialog = console.get_by_role("dialog")
    expect(dialog).to_contain_text("点名 2/5")
    expect(dialog).to_contain_text("410***********0001")
    expect(dialog).to_contain_text("已核验 1，到场 4")
    console.keyboard.press("Enter")
    expect(dialog).to_contain_text("点名 3/5")
    expect(dialog).to_contain_text("已核验 2，到场 4")
    console.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("点名 4/5")
    console.keyboard.press("ArrowLeft")
    press(console, "不符")
    confirm(console)
    expect(dialog).to_contain_text("点名 4/5")
    console.keyboard.press("ArrowRight")
    press(console, "○ 未到")
    expect(dialog).to_contain_text("○ 点名未到")
    press(console, "结束点名")
    expect(console.locator(seat(2))).to_contain_text("点名不符")
    expect(console.locator(seat(4))).to_contain_text("点名未到")
    record = one_hall.invigilator().record()
    assert "身份核验通过：2 号 考生1" in record
    assert "点名不符：3 号 考生2：本人与身份证件或照片不符" in record
    assert "点名未到：5 号 考生4" in record


def test_an_open_dialog_follows_the_news(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    candidates = at_work_now(one_hall, 2)
    console = one_hall.console()
    dialog = console.get_by_role("dialog")
    press(console, "结束考场并确认记录")
    expect(dialog).to_contain_text("还有 2 名考生没有交卷")
    candidates[0].hand_in()
    expect(dialog).to_contain_text("还有 1 名考生没有交卷（2 号 考生1）")
    expect(dialog.get_by_role("button", name="确定")).to_have_count(0)
    press(console, "关闭")
    console.locator(seat(1)).click()
    press(console, "强制交卷")
    console.get_by_label("原因").fill("夹带")
    expect(dialog.get_by_role("button", name="确定")).to_be_visible()
    candidates[1].hand_in()
    expect(dialog).to_contain_text("情况已变，不能再办理：2 号 考生1（已交卷）")
    expect(dialog.get_by_role("button", name="确定")).to_have_count(0)
    press(console, "关闭")
    press(console, "结束考场并确认记录")
    expect(dialog).to_contain_text("应考 2，实考 2，缺考 0，作答的全部已交卷")


def test_a_console_that_hears_nothing_says_since_when_and_its_clocks_stand_still(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console = one_hall.console()
    clock = console.locator(".bar .clock")
    until(lambda: clock.inner_text().startswith("剩余 00:59:"))
    one_hall.process.stop()
    expect(console.get_by_role("alert").filter(has_text="时钟已停")).to_have_text(
        re.compile(r"连接中断：下面是 \d\d:\d\d:\d\d 的情况，时钟已停")
    )
    stood = """async () => { const clock = document.querySelector(".bar .clock"), seen = new Set();
        for (let drawn = 0; drawn < 25; drawn += 1) { seen.add(clock.textContent); await new Promise((go) => setTimeout(go, 100)); }
        return [...seen].length; }"""
    assert console.evaluate(stood) == 1
    assert console.locator(".work").evaluate("(one) => getComputedStyle(one).filter") == "grayscale(1)"
    one_hall.process.start()
    console.get_by_text("实时").wait_for(timeout=30_000)
    assert console.locator(".work").evaluate("(one) => getComputedStyle(one).filter") == "none"


def test_a_soft_sound_comes_with_what_is_new_and_stays_switched_off(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3)
    candidates = at_work_now(one_hall, 3)
    console = one_hall.console()
    listening = """() => { window.tones = 0; const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); }; }"""
    console.evaluate(listening)
    need(console, "没有核验身份").wait_for()
    press(console, "声音：开")
    press(console, "声音：关")
    until(lambda: console.evaluate("window.tones") > 0)
    console.evaluate("window.tones = 0")
    candidates[0].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "1 号 考生0 报告信息不符").wait_for()
    until(lambda: console.evaluate("window.tones") > 0)
    press(console, "声音：开")
    console.reload()
    console.get_by_role("button", name="声音：关").wait_for()
    console.evaluate(listening)
    candidates[1].client.post("/api/remarks", json={"kind": "mismatch"})
    need(console, "2 号 考生1 报告信息不符").wait_for()
    assert console.evaluate("window.tones") == 0


def test_the_deeds_for_one_candidate(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page, console = one_hall.sits(), one_hall.console()
    tile = console.locator(seat(0))
    tile.click()
    press(console, "单独通知")
    console.get_by_label("通知内容").fill("请坐正")
    confirm(console)
    page.keyboard.press("a")
    page.get_by_text("请坐正").first.wait_for()
    press(console, "暂停作答")
    confirm(console, "离座")
    expect(tile).to_contain_text("‖ 暂停")
    tile.click()
    console.get_by_role("group", name="对选中的考生").get_by_role("button", name="恢复作答").click()
    expect(tile).not_to_contain_text("暂停")
    tile.click()
    press(console, "延长时间")
    console.get_by_label("延长分钟数").fill("15")
    confirm(console, "填错")
    expect(tile).to_contain_text("60→75 分")
    tile.click()
    press(console, "收回延长")
    expect(console.get_by_label("收回分钟数")).to_have_value("15")
    confirm(console, "填错")
    expect(tile).not_to_contain_text("60→75")
    tile.click()
    press(console, "释放计算机")
    confirm(console, "坐错座位")
    expect(tile).to_contain_text("可换机")
    kinds = [event.kind for event in one_hall.collect().rooms[0].incidents]
    assert [
        kind for kind in ("message", "pause", "resume", "extend", "take_back", "give_back") if kind not in kinds
    ] == []


def test_before_the_end_an_old_computer_that_was_not_heard_of_again_is_named(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=1)
    Candidate(one_hall.url).start()
    assert one_hall.invigilator().do(do="move", sittings=["p1-s0"], text="断网").status_code == 200
    Candidate(one_hall.url).start().hand_in()
    console = one_hall.console()
    press(console, "结束考场并确认记录")
    expect(console.get_by_role("dialog")).to_contain_text("1 人原来的计算机还没有联系上，可能有未送达的答案")
    expect(console.get_by_role("dialog")).to_contain_text("1 号 考生0")


def test_how_late_somebody_came_is_said_in_minutes_of_the_exam(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2, starts_in_s=-32 * 60)
    assert Candidate(one_hall.url, 1).sign_in().status_code == 403
    console = one_hall.console()
    need(console, "2 号 考生1 迟到 32 分钟，").wait_for()
    assert one_hall.invigilator().do(do="pause", text="停电").status_code == 200
    need(console, "2 号 考生1 迟到 32 分钟（不计暂停），").wait_for()


def test_who_was_never_let_in_is_nowhere_called_unverified(one_hall: HallAtWork) -> None:
    """The figure above the map, the question before the end and the record count the same people."""
    one_hall.publish(candidates=2, starts_in_s=-120, minutes=1, grace_seconds=0, late_minutes=1)
    invigilator, inside, at_the_door = one_hall.invigilator(), *(Candidate(one_hall.url, n) for n in (0, 1))
    assert [one.sign_in().status_code for one in (inside, at_the_door)] == [403, 403]
    invigilator.do(do="late_entry", sittings=["p1-s0"], text="交通管制")
    assert inside.sign_in().status_code == 200
    assert [one.state for one in invigilator.sittings().values()] == ["came", "came"]
    console = one_hall.console()
    expect(console.get_by_role("button", name="未核验 1")).to_have_count(1)
    press(console, "结束考场并确认记录")
    dialog = console.get_by_role("dialog")
    unverified = dialog.get_by_role("list", name="1 人身份未核验（写入考场记录）：")
    expect(unverified.get_by_role("listitem")).to_have_text(["1 号 考生0"])
    confirm(console)
    expect(console.locator(".sheet")).to_contain_text("1 人身份未核验：1 号 考生0")


def test_minutes_that_all_were_given_are_taken_back(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console = one_hall.console()
    press(console, "全场延长")
    confirm(console, "停电")
    press(console, "收回全场延长")
    expect(console.get_by_role("dialog")).to_contain_text("已全场延长 5 分")
    confirm(console, "按错了")
    expect(console.get_by_role("button", name="收回全场延长")).to_be_disabled()
    assert one_hall.invigilator().sittings()["p1-t0"].minutes == 60


def test_a_hand_in_by_mistake_is_taken_back(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    candidates = at_work_now(one_hall, 2)
    candidates[0].hand_in()
    console = one_hall.console()
    tile = console.locator(seat(0))
    expect(tile).to_contain_text("✓ 已交卷")
    tile.click()
    press(console, "撤销误交")
    expect(console.get_by_role("dialog")).to_contain_text("1 号 考生0 还可撤销 00:01:")
    confirm(console, "误按")
    console.get_by_text("考生页面几秒内自动恢复作答").wait_for()
    expect(tile).not_to_contain_text("已交卷")
    assert Candidate(one_hall.url).start().save("100", "B", rev=9).status_code == 200
    expect(tile).not_to_contain_text("可换机")
    expect(tile).not_to_contain_text("旧机")
    expect(need(console, "1 号 考生0")).to_have_count(0)


def test_the_page_of_who_handed_in_by_mistake_goes_on_by_itself(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("已交卷").wait_for()
    done = one_hall.invigilator().do(do="reopen", sittings=["p1-s0"], text="误按")
    assert done.status_code == 200
    page.get_by_text("监考员已撤销交卷，请继续作答").wait_for()
    whole_paper(page)
    assert chosen(page) == {"100": "A"}
    answer(page, "103", "B")
    saved(page)
    assert one_hall.answers() == {"100": "A", "103": "B"}
    seat = one_hall.invigilator().sittings()["p1-t0"]
    assert (seat.state, seat.may_move, seat.remarks) == ("answering", False, {})


def test_who_came_too_late_waits_on_the_list_and_is_let_in_with_a_reason(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2, starts_in_s=-32 * 60)
    assert Candidate(one_hall.url, 1).sign_in().status_code == 403
    console = one_hall.console()
    press(console, "结束考场并确认记录")
    expect(console.get_by_role("dialog")).to_contain_text("应考 2，实考 0，到场未作答 1，缺考 1，")
    press(console, "取消")
    settle(console, "2 号 考生1 迟到 32 分钟")
    expect(console.get_by_label("原因（写入考场记录）")).to_have_value("迟到 32 分钟，经核对准许入场")
    confirm(console)
    console.get_by_text("已准许迟到入场：2 号 考生1。请考生登录作答，结束时间不变").wait_for()
    expect(need(console, "迟到 32 分钟").get_by_role("button")).to_have_count(0)
    assert "准许迟到入场：2 号 考生1：迟到 32 分钟，经核对准许入场" in one_hall.invigilator().record()
    assert Candidate(one_hall.url, 1).sign_in().status_code == 200


def test_computers_tell_that_they_are_ready_and_the_console_what_is_missing(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, starts_in_s=1200)
    for n, storage in ((0, True), (1, False)):
        candidate = Candidate(one_hall.url, n)
        candidate.sign_in()
        report = {"browser": "Chromium 126", "storage": storage, "clock_ms": 200, "net_ms": 3}
        assert candidate.client.post("/api/ready", json=report).status_code == 200
    console = one_hall.console()
    press(console, "1 / 3 台就绪")
    expect(console.get_by_role("dialog").get_by_role("listitem")).to_have_text(
        ["2 号机：本机存储不可用", "3 号机：还没有报告"]
    )
    press(console, "关闭")
    need(console, "2 号机没有就绪：本机存储不可用。请在开考前换一台。").wait_for()


def test_the_end_of_a_room_is_one_page_to_read_print_and_sign(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 2)
    Candidate(one_hall.url, 2).sign_in()
    one_hall.invigilator().do(do="move", sittings=["p1-s2"], text="键盘失灵")
    receipt = candidates[0].hand_in().json()["receipt"]
    one_hall.invigilator().do(do="force", sittings=["p1-s1"], text="夹带")
    console = one_hall.console()
    press(console, "考场情况页")
    page = console.get_by_role("region", name="考场情况")
    expect(page).to_contain_text("应考 4，实考 2，到场，尚未作答 1，尚未到场 1")  # the doors are open still
    expect(page).to_contain_text("3 号 考生2：")
    expect(page).to_contain_text("强制交卷（1）")
    expect(page).to_contain_text(re.compile("夹带：2 号 考生1（答 1/12，回执 .*）（监考员甲）"))
    expect(page).to_contain_text("违纪（0）无")
    row = page.get_by_role("row").filter(has_text="考生0")
    expect(row).to_contain_text(receipt)
    expect(row.get_by_role("cell").nth(3)).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    console.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.get_by_text("监考员签名：").first).to_be_visible()
    assert page.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
    console.emulate_media(media="screen")
    press(console, "结束考场并确认记录")
    confirm(console)
    expect(page).to_contain_text("监考员甲 确认")
    expect(page).to_contain_text("应考 4，实考 2，到场未作答 1，缺考 1")
    press(console, "← 座位图")
    expect(console.get_by_text("点座位，可对一人或几人办理")).to_have_count(0)
    expect(console.locator(seat(2))).not_to_contain_text("可换机")
    console.locator(seat(2)).click()
    expect(console.get_by_role("dialog")).to_contain_text("考生信息")


def test_the_end_of_a_room_of_48_is_printed_on_one_sheet(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=48)
    for n in range(46):
        Candidate(one_hall.url, n).start()
    forced = one_hall.invigilator().do(do="force", sittings=[f"p1-s{n}" for n in range(46)], text="到点统一收卷")
    assert forced.status_code == 200
    console = one_hall.console()
    press(console, "考场情况页")
    page = console.get_by_role("region", name="考场情况")
    expect(page).to_contain_text("到点统一收卷：1–46 号（已答和回执见下表）")
    assert len(re.findall(rb"/Type\s*/Page\b", console.pdf(prefer_css_page_size=True))) == 1


def test_every_printed_page_says_of_which_room_it_is_and_its_number(one_hall: HallAtWork) -> None:
    """The signatures may stand on a page of their own."""
    one_hall.publish(candidates=48)
    invigilator = one_hall.invigilator()
    for n in range(40):
        reason = f"第 {n + 1} 次巡视：举手询问，监考员说明规则后继续作答，其他考生没有受到影响，桌面和显示器都已看过"
        assert invigilator.do(do="note", text=reason).status_code == 200
    Candidate(one_hall.url, 0).start().hand_in()
    console = one_hall.console()
    press(console, "考场情况页")
    expect(console.get_by_role("region", name="考场情况")).to_contain_text("第 40 次巡视")
    printed = console.pdf(prefer_css_page_size=True)
    pages, said = len(re.findall(rb"/Type\s*/Page\b", printed)), text_of(printed)
    assert pages > 1
    assert [n for n in range(1, pages + 1) if f"第{n}页，共{pages}页" not in said] == []
    assert said.count("示例认定中心考场情况表") == pages + 1, "the title, and the head of each page"
    assert "以上是示例批次理论第1场第1考场的考场情况和考场记录（40条）" in said


def test_misconduct_is_noted_on_the_seat_and_stands_apart_from_who_was_collected(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    console = one_hall.console()
    console.locator(seat(0)).click()
    press(console, "记录情况或违纪")
    console.get_by_label("情况记录").fill("翻看夹带的纸条")
    console.get_by_label("性质").select_option("misconduct")
    confirm(console)
    expect(console.locator(".said")).to_have_text("已记录违纪：1 号 考生0")
    expect(console.locator(seat(0))).to_contain_text("! 违纪")
    press(console, "强制交卷")
    dialog = console.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_be_visible()
    expect(console.locator(".said")).to_have_count(0)
    gap = dialog.evaluate("""(one) => one.querySelector("input").getBoundingClientRect().top
        - one.querySelector("label").getBoundingClientRect().bottom""")
    assert gap > 5, "the ring of the focus has room"
    confirm(console, "夹带")
    press(console, "考场情况页")
    page = console.get_by_role("region", name="考场情况")
    expect(page).to_contain_text(re.compile("违纪（1）[0-9:]+ 1 号 考生0：翻看夹带的纸条（监考员甲）"))
    expect(page).to_contain_text(re.compile("强制交卷（1）[0-9:]+ 夹带：1 号 考生0（"))


def test_what_became_of_a_deed_is_said_once_and_covers_nothing(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    at_work_now(one_hall, 4)
    console = one_hall.console()
    said = console.locator(".said")
    console.get_by_role("button", name="点名", exact=True).click()
    console.keyboard.press("Enter")
    expect(said).to_have_text("已核验通过：1 号 考生0")
    covered = """(one) => { const box = one.getBoundingClientRect();
        return [...document.querySelectorAll(".bar h1, .bar .clock, dialog h2, dialog button, dialog dd")].filter((other) => {
            const there = other.getBoundingClientRect(); return !one.contains(other) && there.width && there.left < box.right
                && there.right > box.left && there.top < box.bottom && there.bottom > box.top; }).length; }"""
    assert said.evaluate(covered) == 0
    press(console, "不符")
    expect(said).to_have_count(0)
    confirm(console)
    expect(said).to_have_text("已记录身份不符：2 号 考生1")
    press(console, "结束点名")
    expect(said).to_have_count(1)
    assert said.evaluate(covered) == 0


def test_a_seat_with_minutes_of_its_own_says_the_same_as_its_candidates_page(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page, console = one_hall.sits(), one_hall.console()
    one_hall.invigilator().do(do="extend", sittings=["p1-s0"], minutes=2, text="断电")
    one_hall.invigilator().do(do="extend", minutes=1, text="考试端停止")
    expect(console.locator(seat(0))).to_contain_text("60→63 分")
    expect(console.locator(seat(1))).not_to_contain_text("→")
    page.get_by_text("原 60 分钟，延长至 63 分钟").first.wait_for(timeout=20_000)
    press(console, "考场情况页")
    sheet = console.get_by_role("region", name="考场情况")
    expect(sheet).to_contain_text("全场延长 1 分，已算在各人时长内")
    expect(sheet.get_by_role("row").filter(has_text="考生0")).to_contain_text("63 分（单独 2 分）")


def test_on_a_phone_what_needs_a_hand_and_a_seat_sought_are_at_hand(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=48)
    candidates = at_work_now(one_hall, 30)
    candidates[3].client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console(size=(390, 844))
    need(console, "4 号 考生3 报告信息不符").wait_for()
    assert console.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(console.get_by_role("button", name="全场暂停")).to_be_visible()
    console.get_by_role("searchbox").fill("考生29")
    console.keyboard.press("Enter")
    expect(console.locator(seat(29))).to_have_attribute("aria-pressed", "true")
    expect(console.locator(seat(29))).to_be_in_viewport()
    tall = console.get_by_role("button", name="延长时间").bounding_box()
    assert tall
    assert tall["height"] >= 36


def test_axe_finds_nothing_on_any_state_of_the_console(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=8, rooms=2, plan=Plan(2, 2))
    candidates = at_work_now(one_hall, 6)
    candidates[2].client.post("/api/remarks", json={"kind": "mismatch"})
    candidates[4].hand_in()
    console = one_hall.console("*")
    assert violations(console) == []
    press(console, "打开座位图")
    need(console, "报告信息不符").wait_for()
    assert violations(console) == []
    console.locator(seat(0)).click()
    assert violations(console) == []
    press(console, "延长时间")
    assert violations(console) == []
    console.get_by_role("dialog").get_by_role("button", name="取消").click()
    console.get_by_role("button", name="点名", exact=True).click()
    assert violations(console) == []
    press(console, "结束点名")
    press(console, "考场情况页")
    console.get_by_text("考场情况表").wait_for()
    assert violations(console) == []
    press(console, "← 座位图")
    resized(console, 390, 844)
    assert violations(console) == []
    one_hall.process.stop()
    console.get_by_text("时钟已停").wait_for()
    assert violations(console) == []


FORCED = """(one) => {
    const own = getComputedStyle(one), done = getComputedStyle(one.querySelector(".done"), "::after");
    return { border: `${own.borderTopStyle} ${own.borderTopWidth}`, ground: own.backgroundColor, done: done.backgroundColor,
        outline: own.outlineStyle };
}"""


def test_with_forced_colours_what_deviates_is_told_by_sign_word_and_line(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 2)
    candidates[0].client.post("/api/remarks", json={"kind": "mismatch"})
    Candidate(one_hall.url, 2).start()
    one_hall.invigilator().do(do="note", sittings=["p1-s2"], text="传递纸条", misconduct=True)
    console = one_hall.console()
    assert console.locator("html").get_attribute("translate") == "no"
    console.emulate_media(forced_colors="active")
    console.locator(seat(1)).click()
    expect(console.locator(seat(0))).to_contain_text("≠ 报告信息不符")
    expect(console.locator(seat(2))).to_contain_text("! 违纪")
    expect(console.locator(seat(3))).to_contain_text("○ 未到")
    console.get_by_role("button", name="取消选择").focus()  # the focus has a ring of its own
    bad, chosen_one, warned, empty = (console.locator(seat(n)).evaluate(FORCED) for n in range(4))
    assert len({one["border"] for one in (bad, chosen_one, warned, empty)}) == 4
    assert chosen_one["done"] != chosen_one["ground"], "how much is answered"
    assert [one["outline"] for one in (bad, chosen_one, warned, empty)] == ["none", "solid", "none", "none"]
    assert violations(console) == []
    one_hall.process.stop()
    console.get_by_text("时钟已停").wait_for()
    assert console.locator(".work").evaluate("(one) => getComputedStyle(one).borderTopStyle") == "dashed"


def test_the_hall_says_that_it_was_away_and_the_time_is_given_to_all(one_hall: HallAtWork, tmp_path: Path) -> None:
    one_hall.publish(candidates=2, starts_in_s=-600)
    at_work_now(one_hall, 2)
    one_hall.process.stop()
    with sqlite3.connect(tmp_path / "hall.sqlite3") as database:
        database.execute("UPDATE mark SET value = value - 170000 WHERE name = 'awake'")
    database.close()
    one_hall.process.start()
    console = one_hall.console()
    line = need(console, "考试端停了 3 分钟")
    expect(line.get_by_role("button")).to_have_text(["给全场 3 分", "另行办理…"])
    line.get_by_role("button", name="另行办理").click()
    expect(console.get_by_label("原因")).to_have_value(re.compile("考试端 .* 停止"))
    press(console, "取消")
    line.get_by_role("button", name="给全场 3 分").dblclick()
    console.get_by_text("已给全场 3 分钟").wait_for()
    expect(line.get_by_role("button")).to_have_count(0)
    given = [line for line in one_hall.invigilator().record() if "全场延长 3 分钟" in line]
    assert len(given) == 1
    assert re.search("：考试端 .* 停止$", given[0])


def test_many_who_were_away_are_named_in_few_words(one_hall: HallAtWork, tmp_path: Path) -> None:
    one_hall.publish(candidates=7)
    candidates = at_work_now(one_hall, 7)
    were_away(one_hall, tmp_path, {0: 61, 1: 62, 2: 63, 4: 61, 5: 61, 6: 130})
    for one in candidates:
        one.sign_in()
    console = one_hall.console()
    need(console, "6 人曾离线后恢复：1–3、5、6 号（2 分）；7 号（3 分）。").wait_for()
    settle(console, "6 人曾离线后恢复")
    expect(console.locator(seat(6))).to_contain_text("60→63 分")
    candidates[6].hand_in()
    expect(console.locator(seat(6))).to_contain_text("✓ 已交卷")
    expect(console.locator(seat(6))).not_to_contain_text("60→63 分")


def test_two_at_each_other_s_computers_are_one_line_and_both_go_back_by_one_click(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, addresses={n: f"127.0.0.{n + 10}" for n in (1, 2, 3)})
    for index, number in ((0, 12), (1, 11)):
        Candidate(one_hall.url, index, address=f"127.0.0.{number}").start()
    console = one_hall.console()
    line = need(console, "1 号 考生0 和 2 号 考生1 坐反了，各用对方的计算机")
    expect(line).to_have_count(1)
    expect(need(console, "用的是")).to_have_count(0)
    press(console, "点名")
    expect(console.get_by_role("dialog")).to_contain_text("⇄ 用的是 2 号机，请核对座位")
    press(console, "结束点名")
    settle(console, "坐反了")
    console.get_by_text("已释放计算机：1 号 考生0、2 号 考生1。请考生到自己的座位重新登录").wait_for()
    for index in (0, 1):
        Candidate(one_hall.url, index, address=f"127.0.0.{index + 11}").start()
    console.locator(seat(2)).hover()
    expect(need(console, "坐反了")).to_have_count(0)
    expect(console.locator(seat(0))).not_to_contain_text("⇄")
    record = one_hall.invigilator().record()
    assert any("释放计算机：1 号 考生0、2 号 考生1" in one and one.endswith("坐反座位，请各回本座位") for one in record)


def test_two_who_sit_at_each_other_s_computers_again_are_shown_again_until_it_is_said_that_they_stay(
    one_hall: HallAtWork,
) -> None:
    one_hall.publish(candidates=3, addresses={n: f"127.0.0.{n + 10}" for n in (1, 2, 3)})
    crosswise = ((0, "127.0.0.12"), (1, "127.0.0.11"))
    for index, address in crosswise:
        Candidate(one_hall.url, index, address=address).start()
    console = one_hall.console()
    settle(console, "坐反了")
    for index, address in crosswise:
        Candidate(one_hall.url, index, address=address).start()
    console.locator(seat(2)).hover()
    line = need(console, "1 号 考生0 和 2 号 考生1 坐反了")
    expect(line).not_to_contain_text("已办")
    expect(console.locator(seat(0))).to_contain_text("⇄ 坐在 2 号机")
    line.get_by_role("button", name="准许这样坐").click()
    confirm(console, "1 号机键盘失灵")
    expect(need(console, "坐反了").get_by_role("button")).to_have_count(0)
    expect(console.locator(seat(0))).to_contain_text("准坐 2 号机")
    press(console, "点名")
    expect(console.get_by_role("dialog")).to_contain_text("2 号机，监考员已准许")


def test_a_page_that_was_opened_anew_at_the_own_computer_is_no_other_computer(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2, addresses={1: "127.0.0.11", 2: "127.0.0.12"})
    Candidate(one_hall.url, 0, address="127.0.0.11").start()
    console = one_hall.console()
    for address, said in (
        ("127.0.0.11", "1 号 考生0 在本机（1 号机位）上又登录一次，没有放行"),
        ("127.0.0.12", "1 号 考生0 的准考证在 2 号机位的计算机登录，没有放行"),
    ):
        assert Candidate(one_hall.url, 0, address=address).sign_in().status_code == 409
        need(console, said).wait_for()


def test_who_sits_at_a_free_computer_of_another_seat_is_named_with_its_number(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2, addresses={1: "127.0.0.11", 2: "127.0.0.12"})
    Candidate(one_hall.url, 0, address="127.0.0.12").start()
    console = one_hall.console()
    expect(console.locator(seat(0))).to_contain_text("⇄ 坐在 2 号机")
    settle(console, "1 号 考生0 用的是 2 号的计算机")
    expect(need(console, "用的是 2 号的计算机").get_by_role("button")).to_have_count(0)
    assert any(one.endswith("坐在 2 号机，请回本座位") for one in one_hall.invigilator().record())


def test_a_computer_that_was_left_is_named_until_it_has_reported(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    old = at_work_now(one_hall, 1)[0]
    one_hall.invigilator().do(do="move", sittings=["p1-s0"], text="键盘失灵")
    new = Candidate(one_hall.url, address="127.0.0.12").start()
    assert new.client.headers["authorization"] != old.client.headers["authorization"]
    console = one_hall.console()
    line = need(console, "1 号 考生0 已换机，旧机可能还有未送达的答案")
    expect(line.get_by_role("button")).to_have_text(["装入答案文件", "不再等候…"])
    expect(console.locator(seat(0))).to_contain_text("! 旧机可能有答案")
    assert old.client.post("/api/late", json={"answers": []}).status_code == 202
    expect(line).to_have_count(0)
    expect(console.locator(seat(0))).not_to_contain_text("旧机")


def test_computers_that_were_left_are_one_line_and_are_set_aside_by_one_deed(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3)
    at_work_now(one_hall, 3)
    both = ["p1-s0", "p1-s1"]
    one_hall.invigilator().do(do="move", sittings=both, text="主机坏")
    for n in (0, 1):
        Candidate(one_hall.url, n, address=f"127.0.0.1{n}").start()
    console = one_hall.console()
    line = need(console, "1 号 考生0、2 号 考生1 已换机，旧机可能还有未送达的答案")
    line.get_by_role("button", name="不再等候").click()
    expect(console.get_by_label("原因")).to_have_value("原计算机已关机，无法开机")
    confirm(console)
    expect(line.get_by_role("button")).to_have_count(0)
    expect(console.locator(seat(0))).not_to_contain_text("旧机")
    assert "不再等候旧机：1 号 考生0、2 号 考生1：原计算机已关机，无法开机" in one_hall.invigilator().record()


def test_a_pause_of_one_candidate_stands_on_the_list_and_ends_by_one_click(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)
    one_hall.invigilator().do(do="pause", sittings=["p1-s1"], text="键盘失灵")
    console = one_hall.console()
    settle(console, "2 号 考生1 单独暂停中，已 0 分钟")
    console.get_by_text("已恢复作答：2 号 考生1").wait_for()
    expect(console.locator(seat(1))).not_to_contain_text("暂停")


def test_a_roll_call_says_who_is_missing_and_ends_with_the_last_who_came(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4, starts_in_s=600)
    for n in (0, 2):
        Candidate(one_hall.url, n).sign_in()
    console = one_hall.console()
    press(console, "点名")
    dialog = console.get_by_role("dialog")
    console.keyboard.press("Enter")
    expect(dialog).to_contain_text("点名 3/4")
    console.keyboard.press("Enter")
    expect(dialog).to_contain_text("到场的 2 人都已核验。未到 2 人：2 号 考生1、4 号 考生3。")
    press(console, "未到的 2 人都记点名未到")
    dialog.get_by_text("已记点名未到：2 号 考生1、4 号 考生3").wait_for()
    dialog.get_by_role("button", name="结束点名").last.click()
    expect(dialog).to_have_count(0)
    expect(console.locator(seat(3))).to_contain_text("点名未到")
    console.locator(seat(0)).click()
    expect(console.get_by_role("group", name="对选中的考生").get_by_role("button", name="身份核验通过")).to_have_count(
        0
    )


def test_who_stands_in_the_way_of_the_end_is_chosen_on_the_map_from_the_page_of_the_end_too(
    one_hall: HallAtWork,
) -> None:
    one_hall.publish(candidates=2)
    at_work_now(one_hall, 2)[0].hand_in()
    console = one_hall.console()
    press(console, "考场情况页")
    close = console.get_by_role("button", name="结束考场并确认记录")
    expect(close).not_to_have_class("primary")
    close.click()
    press(console, "选中这些人")
    expect(console.locator(seat(1))).to_have_attribute("aria-pressed", "true")
    group = console.get_by_role("group", name="对选中的考生")
    group.get_by_role("button", name="强制交卷").click()
    confirm(console, "离场")
    expect(console.locator(seat(1))).to_contain_text("强制交卷")
    console.locator(seat(0)).click()
    expect(group).to_contain_text("1 号 考生0已交卷 1/12")
    expect(group).not_to_contain_text("剩 ")


def test_the_same_line_of_many_seats_is_one_line_on_the_page_of_the_end(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=4)
    candidates = at_work_now(one_hall, 4)
    for one in candidates[:3]:
        one.client.post("/api/remarks", json={"kind": "mismatch"})
    console = one_hall.console()
    press(console, "考场情况页")
    noted = console.get_by_role("region", name="考场情况").locator(".record li")
    expect(noted.filter(has_text="信息不符")).to_have_count(1)
    expect(noted.filter(has_text="信息不符")).to_contain_text("1 号 考生0、2 号 考生1、3 号 考生2：报告信息不符")


def test_choosing_a_seat_on_a_phone_does_not_move_the_map_and_it_stays_in_view(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=48)
    at_work_now(one_hall, 2)
    console = one_hall.console(size=(390, 844))
    press(console, "座位")
    size = "() => { const box = document.querySelector('.room-map').getBoundingClientRect(); return [box.top, box.height]; }"
    before, tile = console.evaluate(size), console.locator(seat(0)).bounding_box()
    console.locator(seat(0)).click()
    expect(console.get_by_role("button", name="延长时间")).to_be_visible()
    assert (console.evaluate(size), console.locator(seat(0)).bounding_box()) == (before, tile)
    press(console, "取消选择")
    console.locator(seat(47)).click()
    bar = console.get_by_role("group", name="对选中的考生").bounding_box()
    last = console.locator(seat(47)).bounding_box()
    assert bar
    assert last
    assert last["y"] + last["height"] <= bar["y"]
    assert console.evaluate(size) == before
