"""What a candidate is told and shown while answering: nothing moves, nothing is lost from sight, everything can be reached."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect
from testbed.browsers import resized

from assay.bridge.contract import Plan
from assay.hall.app import STATIC
from tests.accessibility import violations
from tests.hall.packs import number_of
from tests.hall_pages.conftest import (
    HallAtWork,
    answer,
    goes_to,
    in_view,
    notice,
    replies_with,
    saved,
    until,
    whole_paper,
)

pytestmark = pytest.mark.browser

ORDERING = "fieldset[data-item='201']"
WINDOWS = ((1366, 768), (1280, 720), (1024, 600), (390, 844))


def places_of(page: Page) -> list[object]:
    """Where the options stand in the window."""
    return [one.bounding_box() for one in page.locator("label.choice").all()]


def room_says(console: Page, button: str, **fields: str) -> None:
    """A deed of the invigilator on the room."""
    console.get_by_role("button", name=button).first.click()
    for label, text in fields.items():
        console.get_by_label(label).fill(text)
    console.get_by_role("dialog").get_by_role("button", name="确定").click()


def test_notices_wait_over_the_page_until_they_are_acknowledged_and_can_be_read_again(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    page = one_hall.sits()
    before = places_of(page)
    for path in ("/api/answers", "/api/key"):
        replies_with(page, path, notices=[notice("第 3 题有误")], message_number=7, minutes=75)
    page.keyboard.press("a")
    first = page.get_by_text("考场通知：第 3 题有误")
    first.wait_for()
    assert page.get_by_text("延长 15 分钟").count() == 0  # one after the other
    assert places_of(page) == before
    assert violations(page) == []
    page.get_by_role("button", name="知道了（还有 1 条）").press("Enter")
    page.get_by_text("您的考试时间延长 15 分钟，共 75 分钟").wait_for()
    assert first.count() == 0
    page.get_by_role("button", name="知道了").press("Enter")
    expect(page.locator(".notice-row")).to_have_count(0)
    assert page.evaluate("() => document.activeElement.className") == "bell"
    saved(page)
    page.reload()
    page.get_by_role("button", name="通知，共 2 条").click()
    said = page.get_by_role("dialog").get_by_role("listitem").all_inner_texts()
    assert ["延长 15 分钟" in said[0], "第 3 题有误" in said[1]] == [True, True]
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".notice-row").count() == 0  # what was acknowledged is not said again


def test_who_presses_where_a_notice_appears_that_moment_has_not_acknowledged_it(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    left = page.evaluate("""async () => {
        const { Notices } = await import("/static/notices.js");
        const notices = new Notices("x", 60, () => Date.now());
        const press = (detail) => notices.view.querySelector("button").dispatchEvent(new MouseEvent("click", { detail }));
        notices.tell("通知"); document.body.append(notices.view);
        press(1); const byHand = notices.unread().length;
        press(0); return [byHand, notices.unread().length];
    }""")
    assert left == [1, 0]


def test_after_a_reload_the_page_opens_where_it_was(one_hall: HallAtWork) -> None:
    one_hall.publish(count=8)
    page = one_hall.sits()
    item = goes_to(page, 6).get_attribute("data-item")
    page.reload()
    page.get_by_role("button", name="交卷").wait_for()
    assert page.locator("fieldset.item").get_attribute("data-item") == item


def test_who_signs_in_after_the_hand_in_is_told_the_receipt(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    receipt = page.locator(".receipt").inner_text()
    page.get_by_text("3 分钟没有人操作").wait_for()
    page.get_by_role("button", name="退出，下一位考生登录").click()
    one_hall.sign_in(page)
    page.get_by_text(f"您已交卷，回执 {receipt}").wait_for()


def test_an_order_is_made_with_buttons_and_arrow_keys_and_a_place_may_stay_open(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, every_type=True)
    page = one_hall.sits()
    item = goes_to(page, 5)
    assert item.get_attribute("data-item") == "201"
    options = item.locator(".unplaced")
    stands = options.bounding_box()
    for text in ("检查", "拆下"):
        options.get_by_role("button", name=text).press("Enter")
    until(lambda: one_hall.answers() == {"201": "BA-"})
    item.get_by_role("button", name="拆下 上移").focus()
    page.keyboard.press("ArrowUp")
    until(lambda: one_hall.answers() == {"201": "AB-"})
    for _ in range(4):  # to the end, and no further
        page.keyboard.press("ArrowDown")
    until(lambda: one_hall.answers() == {"201": "B-A"})
    assert page.evaluate("() => document.activeElement.closest('li').textContent").startswith("第 3 位拆下")
    assert item.locator("[role=status]").inner_text() == "拆下，第 3 位"
    options.get_by_role("button", name="装回").click()
    until(lambda: one_hall.answers() == {"201": "BCA"})
    item.get_by_role("button", name="装回 移出").click()
    until(lambda: one_hall.answers() == {"201": "B-A"})
    assert options.bounding_box() == stands  # nothing moved under the hand
    assert violations(page) == []
    page.reload()
    goes_to(page, 5)
    assert item.locator(".place-text").all_inner_texts()[-3:] == ["检查", "（空）", "拆下"]
    for text in ("检查", "拆下"):
        options.get_by_role("button", name=text).click()
    until(lambda: not any(one_hall.answers().values()))


@pytest.mark.parametrize(("paper", "field"), [({"every_type": True}, "input.blank"), ({"written": True}, "textarea")])
def test_half_a_word_of_an_input_method_is_not_an_answer(
    one_hall: HallAtWork, paper: dict[str, bool], field: str
) -> None:
    one_hall.publish(count=3, **paper)
    page = one_hall.sits()
    whole_paper(page)
    keyboard = page.context.new_cdp_session(page)
    page.locator(field).first.focus()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.post_data or "") if "/api/answers" in request.url else None)
    keyboard.send("Input.imeSetComposition", {"text": "dian'ya", "selectionStart": 7, "selectionEnd": 7})
    expect(page.locator(".badge")).to_have_text("待上传 1")
    typed = page.evaluate("() => performance.now()")
    page.wait_for_function("typed => performance.now() > typed + 1500", arg=typed)  # a typed word would have been told
    keyboard.send("Input.insertText", {"text": "电压"})
    saved(page)
    until(lambda: any("电压" in text for text in one_hall.answers().values()))
    assert not any("dian" in text for text in told)


def test_words_from_elsewhere_are_refused_in_words_and_ones_own_may_be_moved(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, written=True)
    page = one_hall.sits()
    whole_paper(page)
    essay, other = (page.locator(f"fieldset[data-item='{item}'] textarea") for item in ("300", "302"))
    noticed: list[str] = []
    page.on("request", lambda request: noticed.append(request.url) if "/api/remarks" in request.url else None)
    essay.fill("先热车")
    essay.press("Control+a")
    essay.press("Control+x")
    essay.press("Control+v")
    essay.press("Control+v")
    assert essay.input_value() == "先热车先热车"
    with page.expect_request("**/api/remarks*"):
        other.press("Control+v")
    page.get_by_text("考试中不能粘贴或拖入外来的内容").wait_for()
    assert other.input_value() == ""
    saved(page)
    assert len(noticed) == 1


def test_the_next_item_begins_at_the_top_has_the_focus_and_is_followed_by_the_card(one_hall: HallAtWork) -> None:
    one_hall.publish(count=120, written=True)
    page = one_hall.sits()
    goes_to(page, 121)  # long enough to be scrolled
    page.locator("textarea").evaluate("one => { one.rows = 40; }")
    page.mouse.wheel(0, 2000)
    page.wait_for_function("() => scrollY > 200")
    forward = page.get_by_role("button", name="下一题")
    assert in_view(page, forward)
    forward.click()
    item = page.locator("fieldset.item")
    assert page.evaluate("() => document.activeElement.tagName") == "LEGEND"
    assert page.evaluate("() => document.activeElement.textContent").endswith("先查蓄电池。")
    bar = page.locator(".exam-bar").bounding_box()
    top = item.bounding_box()
    assert bar
    assert top
    assert 0 <= top["y"] - (bar["y"] + bar["height"]) < 40
    assert in_view(page, page.locator(".number.current"))
    assert page.locator(".number.current").inner_text().startswith("122")
    page.keyboard.press("Tab")  # its first field is the next stop
    assert page.evaluate("() => document.activeElement.closest('fieldset.item') !== null")
    assert page.evaluate("() => getComputedStyle(document.getElementById('app')).outlineStyle") == "none"


def test_the_bar_has_one_row_in_every_window_and_a_name_for_every_reader(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    page = one_hall.sits()
    page.keyboard.press("a")
    saved(page)
    for width, height in WINDOWS:
        resized(page, width, height)
        bar = page.locator(".exam-bar").bounding_box()
        assert bar
        assert bar["height"] < 80, (width, bar)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
        clock, hand_in = page.locator(".clock").bounding_box(), page.get_by_role("button", name="交卷").bounding_box()
        assert clock
        assert hand_in
        assert abs(clock["x"] + clock["width"] - hand_in["x"]) < 20
        assert violations(page) == []
    resized(page, 342, 192)  # 400 %
    assert page.locator(".exam-bar").evaluate("bar => getComputedStyle(bar).position") == "relative"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    goes_to(page, 2)
    assert in_view(page, page.locator("fieldset.item .stem"))
    assert page.get_by_role("heading", name="示例试卷").count() == 1
    assert page.get_by_text("考生0　1 号").count() == 1
    page.get_by_role("button", name="本人信息与显示设置").click()
    assert page.get_by_text("考生0　1 号").bounding_box()["width"] > 50  # type: ignore[index]
    page.get_by_role("button", name="放大字号").click()
    assert page.get_by_role("button", name="放大字号").is_visible()
    assert violations(page) == []


def test_with_the_largest_letters_and_more_time_the_hand_in_stays_in_the_window(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    page = one_hall.page(one_hall.computer())
    for path in ("/api/answers", "/api/key"):
        replies_with(page, path, notices=[notice("第 3 题有误")], message_number=1, minutes=75, verified=True)
    one_hall.sign_in(page)
    for _ in range(4):
        page.get_by_role("button", name="放大字号").click()
    page.get_by_role("button", name="信息无误").click()
    page.locator(".notice-row").wait_for()
    hand_in = page.get_by_role("button", name="交卷")
    for width, height in (*WINDOWS, (342, 192)):
        resized(page, width, height)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
        box = hand_in.bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
        assert page.get_by_role("heading", name="示例试卷").count() == 1


def test_signs_tell_what_is_answered_marked_and_current(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.emulate_media(forced_colors="active")
    page.keyboard.press("a")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    saved(page)
    numbers = page.locator(".number")
    assert numbers.nth(0).locator(".sign").inner_text() == "⚑✓"
    assert numbers.nth(1).locator(".sign").inner_text() == ""
    assert numbers.nth(1).evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"
    assert numbers.nth(1).get_attribute("aria-current") == "true"


def test_a_hidden_clock_comes_back_for_the_last_ten_minutes_which_are_told(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=-45, minutes=11)
    page = one_hall.sits()
    clock = page.locator(".clock")
    page.get_by_role("button", name="隐藏时钟").click()
    expect(clock).to_have_text("时钟已隐藏")
    before = places_of(page)
    expect(clock).to_have_text(re.compile("^00:(10:00|09:)"), timeout=25_000)
    page.get_by_text("距考试结束还有 10 分钟。").wait_for()
    assert places_of(page) == before
    assert page.get_by_role("button", name="隐藏时钟").count() == 0


def test_a_pause_closes_what_is_open_and_the_time_stands_still_through_a_reload(one_hall: HallAtWork) -> None:
    one_hall.publish(picture=True)
    page, console = one_hall.sits(), one_hall.console()
    whole_paper(page)
    page.get_by_role("button", name="放大第").first.click()
    page.get_by_role("dialog").wait_for()
    room_says(console, "全场暂停", 原因="停电")
    page.get_by_text("考试暂停").wait_for(timeout=20_000)
    assert page.get_by_role("button", name="收起").count() == 0  # there is nothing else on the page
    page.get_by_role("dialog").wait_for(state="detached")
    assert violations(page) == []
    page.reload()
    page.get_by_text("考试暂停").wait_for()
    expect(page.locator(".clock")).to_have_text(re.compile("^00:59:"))


def test_when_time_is_over_every_dialog_closes_and_the_page_says_why(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=-48, minutes=1)
    page = one_hall.sits()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("dialog").wait_for()
    page.get_by_text("考试时间到，系统已自动为您交卷。").wait_for(timeout=30_000)
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_text("考生0　1 号").is_visible()


def test_before_the_hand_in_every_open_and_marked_item_is_named_and_reached(one_hall: HallAtWork) -> None:
    one_hall.publish(count=6)
    page = one_hall.sits()
    page.keyboard.press("a")
    goes_to(page, 4)
    page.keyboard.press("m")
    page.get_by_role("button", name="交卷").click()
    overview = page.get_by_role("dialog")
    assert "共 6 题，已答 1 题，还有 5 题未答，标记 1 题" in overview.inner_text()
    assert page.evaluate("() => document.activeElement.tagName") == "H2"
    assert violations(page) == []
    overview.get_by_role("button", name="第 5 题，未答").first.click()
    overview.wait_for(state="detached")
    assert "第 5 题" in page.locator("fieldset.item legend").inner_text()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("button", name="继续作答").click()
    assert one_hall.collect().sittings[0].receipt == ""


def test_who_sits_before_anothers_exam_says_so_and_nothing_is_handed_in(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.keyboard.press("a")
    saved(page)
    page.get_by_role("button", name="不是我").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="不是我，告诉监考员").click()
    page.get_by_text("已告诉监考员，请举手等候").wait_for()
    until(lambda: any(event.kind == "mismatch" for event in one_hall.collect().rooms[0].incidents))
    assert one_hall.collect().sittings[0].receipt == ""
    assert len(one_hall.answers()) == 1


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_the_invigilator_says_before_the_start_is_seen_by_who_waits(one_hall: HallAtWork, confirmed: bool) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    if confirmed:
        page.get_by_role("button", name="信息无误").click()
        page.get_by_text("试卷已下发").wait_for()
    console = one_hall.invigilator()
    assert console.do(do="broadcast", text="请关闭手机").status_code == 200
    expect(page.get_by_text("考场通知：请关闭手机")).to_be_visible()
    assert violations(page) == []
    assert console.do(do="withdraw").status_code == 200
    expect(page.get_by_text("请关闭手机")).to_be_hidden()


def test_the_time_until_the_start_is_right_however_long_somebody_reads_the_own_name(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    page.wait_for_timeout(3000)

    def left(text: str) -> int:
        minutes, seconds = re.search(r"00:(\d\d):(\d\d)", text).groups()  # type: ignore[union-attr]
        return int(minutes) * 60 + int(seconds)

    before = left(page.locator(".until-start").inner_text())
    page.get_by_role("button", name="信息无误").click()
    clock = page.locator(".clock")
    expect(clock).to_have_text(re.compile(r"00:0\d:\d\d"))
    assert before - 2 <= left(clock.inner_text()) <= before


def test_who_finds_anothers_waiting_room_signs_in_for_the_own_exam(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="不是我").click()
    one_hall.sign_in(page, 1)
    page.get_by_text("考生1").wait_for()
    assert not any(event.kind == "mismatch" for event in one_hall.collect().rooms[0].incidents)


def test_nobodys_receipt_waits_for_the_next_candidate(one_hall: HallAtWork) -> None:
    one_hall.publish()
    context = one_hall.computer()
    page = context.new_page()
    page.clock.install()
    page.goto(one_hall.url)
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("回执").first.wait_for()
    page.get_by_role("button", name="退出，下一位考生登录").wait_for()
    assert violations(page) == []
    page.mouse.move(100, 100)
    page.clock.pause_at(
        page.evaluate("() => Date.now() / 1000 + 30")
    )  # it stands from here on, however slow this computer is
    page.mouse.move(200, 200)
    page.clock.fast_forward(179_000)
    assert page.get_by_text("回执").first.is_visible()
    page.clock.fast_forward(2_000)
    page.get_by_label("准考证号").wait_for()
    page.reload()
    page.get_by_label("准考证号").wait_for()
    assert "回执" not in page.locator("main").inner_text()


def test_a_page_that_has_ended_shows_the_receipt_that_counts(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=-60)
    page = one_hall.page(one_hall.computer())
    ends_with_an_answer_unsent(one_hall, page)
    page.get_by_text("时限内作答 1 题，由监考员决定是否接收。决定后回执可能改变，本页会显示新的回执。").wait_for()
    first = page.locator(".receipt").inner_text()
    assert violations(page) == []
    decides(one_hall)
    page.get_by_text("监考员已接收时限内作答的 1 题").wait_for()
    page.get_by_text(f"原回执 {first} 已作废").wait_for()
    assert page.get_by_text("由监考员决定").count() == 0
    now = one_hall.collect().sittings[0].receipt
    assert page.locator(".receipt").inner_text() == now != first
    assert violations(page) == []
    page.reload()
    expect(page.locator(".receipt")).to_have_text(now)
    page.get_by_text(f"原回执 {first} 已作废").wait_for()


def ends_with_an_answer_unsent(hall: HallAtWork, page: Page) -> None:
    """Handed in for the candidate while the cable is out."""
    hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()
    page.context.set_offline(True)
    page.keyboard.press("a")
    page.get_by_text("待上传 1").wait_for()
    assert hall.invigilator().do(do="force", sittings=["p1-s0"], text="违纪").status_code == 200
    page.context.set_offline(False)
    page.get_by_text("监考员已为您交卷").wait_for()


def decides(hall: HallAtWork) -> None:
    done = hall.invigilator().do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网")
    assert done.status_code == 200


def test_nothing_of_who_waited_for_a_decision_comes_back_before_the_next_candidate(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=-60)
    page = one_hall.page(one_hall.computer())
    asked: list[Route] = []
    ends_with_an_answer_unsent(one_hall, page)
    page.route("**/api/outcome", lambda route: asked.append(route))
    with page.expect_request("**/api/outcome"):
        page.get_by_text("本页会显示新的回执").wait_for()
    page.get_by_role("button", name="退出，下一位考生登录").click()
    one_hall.sign_in(page, 1)
    page.get_by_role("button", name="信息无误").wait_for()
    decides(one_hall)
    asked[0].continue_()
    page.wait_for_timeout(6000)  # longer than it takes to ask again
    assert len(asked) == 1
    assert page.get_by_role("button", name="信息无误").is_visible()
    assert "考生0" not in page.locator("body").inner_text()


def test_after_a_long_time_without_a_decision_the_page_says_that_it_does_not_ask_any_more(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=-60)
    page = one_hall.computer().new_page()
    page.clock.install()
    page.goto(f"{one_hall.url}/?door=x")  # as in a locked browser, where the page stays
    ends_with_an_answer_unsent(one_hall, page)
    page.get_by_text("本页会显示新的回执").wait_for()
    page.clock.fast_forward(4 * 3_600_000)
    page.get_by_text("监考员决定后回执可能改变；本页不再更新，请向监考员查询。").wait_for()


def test_an_exam_that_opens_when_its_candidate_has_left_the_computer_is_not_shown_there(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=6)
    page = one_hall.page(one_hall.computer())
    opening: list[Route] = []
    page.route("**/api/key", lambda route: opening.append(route))
    one_hall.sign_in(page)
    with page.expect_request("**/api/key"):
        page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="不是我").click()
    page.get_by_label("准考证号").wait_for()
    with page.expect_response("**/api/key"):
        opening[0].continue_()
    page.wait_for_timeout(1000)
    assert page.get_by_label("准考证号").is_visible()
    assert page.locator("fieldset.item").count() == 0


TOO_OLD = "delete Element.prototype.replaceChildren"
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


@pytest.mark.parametrize(("init", "why"), [(TOO_OLD, "版本过旧"), (BLOCKED, "禁止了本地存储"), (FULL, "本地存储已满")])
def test_a_browser_that_cannot_be_used_is_told_so_in_words(one_hall: HallAtWork, init: str, why: str) -> None:
    one_hall.publish()
    page = one_hall.computer().new_page()
    page.add_init_script(init)
    page.goto(one_hall.url)
    page.get_by_text(f"此浏览器不能用于考试：{why}，请举手。").wait_for()
    assert page.get_by_text("监考员：").is_visible()
    assert violations(page) == []


def test_a_browser_that_cannot_open_the_console_is_told_so_in_words(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.computer().new_page()
    page.add_init_script(TOO_OLD)
    page.goto(f"{one_hall.url}/room")
    page.get_by_text("此浏览器不能打开控制台：版本过旧。").wait_for()
    assert page.get_by_text("举手").count() == 0
    assert violations(page) == []


@pytest.mark.parametrize(
    ("program", "said"),
    [("", "页面还没有全部送到，正在重试"), ("let broken = ;", "此浏览器不能用于考试：不能运行考试程序")],
)
def test_after_the_second_try_the_page_says_why_it_does_not_open(one_hall: HallAtWork, program: str, said: str) -> None:
    one_hall.publish()
    page = one_hall.computer().new_page()
    page.add_init_script("window.name = 'assay-tries-2'")

    def lose(route: Route) -> None:
        route.fulfill(body=program, content_type="text/javascript") if program else route.abort()

    page.route("**/static/sealing.js", lose)
    page.goto(one_hall.url)
    page.get_by_text(said).wait_for()
    assert page.get_by_text("监考员：").is_visible()


def test_with_the_invigilators_word_a_browser_that_keeps_nothing_still_answers(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.computer().new_page()
    page.on("pageerror", lambda error: one_hall.errors.append(str(error)))
    page.add_init_script(BLOCKED)
    page.goto(one_hall.url)
    page.get_by_role("button", name="监考员同意，继续登录").click()
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    answer(page, "100", "B")
    page.get_by_role("button", name="标记").click()
    saved(page)
    assert one_hall.answers() == {"100": "B"}


def test_what_runs_first_needs_no_browser_of_this_decade() -> None:
    """boot.js has to say that a browser is too old: in words that it understands."""
    code = "\n".join(
        line for line in (STATIC / "boot.js").read_text().splitlines() if not line.strip().startswith("//")
    )
    assert (
        re.findall(r"=>|`|\b(?:const|let|class|async|await|import|export)\b|\.\.\.|\?\.|\?\?|\.includes\(", code) == []
    )


def test_at_the_door_of_a_hall_out_of_reach_nobody_is_told_of_answers(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    page.context.set_offline(True)
    one_hall.sign_in(page)
    page.get_by_text("本机没有人登录").wait_for()
    assert "作答内容" not in page.locator("main").inner_text()


def test_after_a_refused_sign_in_what_was_typed_stays_to_be_corrected(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.page(one_hall.computer())
    ticket, number = page.get_by_label("准考证号"), page.get_by_label("证件号码")
    ticket.fill("p1-t0")
    number.fill(number_of(1))
    page.get_by_role("button", name="登录").click()
    page.get_by_text("准考证号或证件号码不对").wait_for()
    assert (ticket.input_value(), number.input_value()) == ("p1-t0", number_of(1))
    assert violations(page) == []
    number.press("End")
    number.press("Backspace")
    number.press("0")
    number.press("Enter")
    page.get_by_role("button", name="信息无误").wait_for()


def test_who_checks_his_own_name_sees_how_long_until_the_start(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=8)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_text(re.compile("^距开考：00:00:0[1-8]$")).wait_for()
    assert violations(page) == []
    page.get_by_text("考试已经开始，核对后即可作答。").wait_for()
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()


def test_right_and_wrong_stand_side_by_side_on_one_line(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        right, wrong = (page.get_by_role("button", name=name).bounding_box() for name in ("信息无误", "信息不符"))
        assert right
        assert wrong
        assert (right["y"], right["height"]) == (wrong["y"], wrong["height"])
        assert wrong["x"] > right["x"] + right["width"], "and apart, so that none is pressed for the other"


def test_a_computer_says_before_the_exam_that_it_can_be_used(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=60)
    page = one_hall.computer().new_page()
    told: list[dict[str, object]] = []

    def ready(route: Route) -> None:
        told.append({**json.loads(route.request.post_data or "{}"), "known": "authorization" in route.request.headers})
        route.fulfill(status=404, json={})  # a hall that does not ask for it

    page.route("**/api/ready*", ready)
    with page.expect_response("**/api/ready*"):
        page.goto(one_hall.url)
    page.get_by_text(re.compile(r"^本机 · 浏览器可用 · 时钟差 不到 2 秒 · 网络 正常$")).wait_for()
    assert sorted(told[0]) == ["browser", "clock_ms", "known", "net_ms", "storage"]
    assert (told[0]["storage"], told[0]["known"]) == (True, False)
    assert str(told[0]["browser"]).startswith("Chrome ")
    with page.expect_response("**/api/ready*"):
        one_hall.sign_in(page)
    page.get_by_text(re.compile("^本机 · 浏览器可用")).wait_for()
    assert told[1]["known"] is True
    assert violations(page) == []


@pytest.mark.parametrize(
    ("index", "said"), [(0, "第 2 号机（您的座位是 1 号） · 浏览器可用"), (1, "第 2 号机 · 浏览器可用")]
)
def test_a_computer_is_called_by_its_own_number_whoever_signs_in_there(
    one_hall: HallAtWork, index: int, said: str
) -> None:
    one_hall.publish(starts_in_s=600, plan=Plan(2, 2), addresses={1: "127.0.0.9", 2: "127.0.0.1"})
    page = one_hall.page(one_hall.computer())
    page.get_by_text(re.compile("^第 2 号机 · 浏览器可用")).wait_for()  # before anybody has signed in
    one_hall.sign_in(page, index)
    page.get_by_text(said).wait_for()
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("练习题").wait_for()
    assert page.get_by_text(said).is_visible()


def test_the_candidate_at_work_sees_that_the_identity_was_checked(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    checked = page.get_by_text("✓ 身份已核验")
    assert not checked.is_visible()
    one_hall.invigilator().do(do="admit", sittings=["p1-s0"])
    page.keyboard.press("a")
    checked.wait_for()
    assert page.locator("html").get_attribute("translate") == "no"
