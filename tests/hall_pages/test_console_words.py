"""What the console says is said once, says of whom, and stands only as long as it is so; on a telephone all of it can be read."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, expect

from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import at_work_now, confirm, need, press, seat, settle

pytestmark = pytest.mark.browser
ALARM = re.compile(r"\b(warn|bad)\b")


def test_of_many_who_were_made_to_hand_in_nobody_is_named_twice(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6)
    candidates, deed = at_work_now(one_hall, 6), one_hall.invigilator()
    candidates[4].hand_in()
    deed.do(do="reopen", sittings=["p1-s4"], text="误按")
    Candidate(one_hall.url, 4).start().save("100", "B", rev=9)
    deed.do(do="force", sittings=[f"p1-s{n}" for n in range(6)], text="停电")
    console = one_hall.console()
    press(console, "考场情况页")
    page = console.get_by_role("region", name="考场情况")
    expect(page).to_contain_text(
        re.compile("强制交卷（6）[0-9:]+ 停电：1–4、6 号（已答和回执见下表）、5 号 考生4（答 1/12，回执 ")
    )


def test_a_notice_is_not_said_to_be_shown_where_nobody_has_a_page_any_more(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    candidates, console = at_work_now(one_hall, 2), one_hall.console()
    press(console, "广播通知")
    console.get_by_label("通知内容").fill("请安静")
    confirm(console)
    expect(console.locator(".said")).to_have_text("第 1 考场：通知已发，现在能看到的 2 人")
    need(console, "正在考生页面上显示的通知：请安静").wait_for()
    for one in candidates:
        one.hand_in()
    expect(need(console, "正在考生页面上显示的通知")).to_have_count(0)


def test_a_decision_about_answers_says_of_whom_it_is(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    old = at_work_now(one_hall, 1)[0]
    one_hall.invigilator().do(do="move", sittings=["p1-s0"], text="键盘失灵")
    Candidate(one_hall.url, address="127.0.0.12").start()
    late = {"item": "103", "rev": 5, "choice": "B", "at": int(time.time() * 1000) - 2000}
    assert old.client.post("/api/late", json={"answers": [late]}).status_code == 202
    console = one_hall.console()
    settle(console, "1 号 考生0 有旧机补来的答案 1 题")
    console.get_by_label("决定", exact=True).select_option("no")
    confirm(console, "不是本人")
    expect(console.locator(".said")).to_have_text("1 号 考生0 旧机补来的答案：全部不接受，已记录")


def test_a_seat_alarms_only_as_long_as_there_is_something_to_do(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=3, starts_in_s=-600)
    candidates, deed = at_work_now(one_hall, 2), one_hall.invigilator()
    wrong = Candidate(one_hall.url, 2)
    wrong.sign_in("410105200603159999")
    deed.do(do="note", sittings=["p1-s0"], text="翻看纸条", misconduct=True)
    console = one_hall.console()
    expect(console.locator(seat(2))).to_contain_text("! 登录输错 1 次")
    expect(console.locator(seat(2))).not_to_have_class(ALARM)
    expect(console.locator(seat(0))).to_have_class(ALARM)
    for _ in range(2):
        wrong.sign_in("410105200603159999")
    expect(console.locator(seat(2))).to_have_class(ALARM)
    for one in candidates:
        one.hand_in()
    expect(console.locator(seat(0))).to_contain_text("! 违纪 · ✓ 已交卷")
    expect(console.locator(seat(0))).not_to_have_class(ALARM)
    assert deed.do(do="close").status_code == 200
    expect(console.locator(".bar h1")).to_contain_text("已结束")
    for index in range(3):
        expect(console.locator(seat(index))).not_to_have_class(ALARM)


def test_a_number_that_is_sought_is_a_seat(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6)
    console = one_hall.console()
    console.get_by_role("searchbox").fill("5")  # the ticket of seat 6 ends with it
    expect(console.locator("[data-sitting].dim")).to_have_count(5)
    expect(console.locator(seat(4))).not_to_have_class(re.compile("dim"))
    console.get_by_role("searchbox").fill("p1-t5")
    expect(console.locator(seat(5))).not_to_have_class(re.compile("dim"))


def whole(one: Locator) -> bool:
    """Whether all of its text is within it."""
    return bool(
        one.evaluate("""(node) => { const words = document.createRange(), box = node.getBoundingClientRect();
            words.selectNodeContents(node); const text = words.getBoundingClientRect();
            return text.bottom <= box.bottom && text.right <= box.right + 1 && text.top >= box.top; }""")
    )


@pytest.mark.parametrize("candidates", [16, 48])
def test_on_a_phone_a_seat_with_much_to_say_is_read_whole_and_rows_show_that_they_go_on(
    one_hall: HallAtWork, candidates: int
) -> None:
    one_hall.publish(candidates=candidates)
    people, deed = at_work_now(one_hall, 6), one_hall.invigilator()
    people[5].client.post("/api/remarks", json={"kind": "mismatch"})
    deed.do(do="note", sittings=["p1-s5"], text="翻看纸条", misconduct=True)
    deed.do(do="extend", sittings=["p1-s5"], minutes=3, text="断电")
    deed.do(do="pause", sittings=["p1-s5"], text="离座")
    console = one_hall.console(size=(390, 844))
    press(console, "座位")
    tile = console.locator(seat(5))
    expect(tile).to_contain_text("‖ 暂停")
    assert whole(tile)
    row = console.locator(".tools-row")
    expect(row).to_have_class(re.compile("goes-on"))
    row.evaluate("(one) => { one.scrollLeft = one.scrollWidth; }")
    expect(row).not_to_have_class(re.compile("goes-on"))
