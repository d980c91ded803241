"""Who cannot begin reads why, in large letters; and the console says who found that out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assay.bridge.tokens import READING
from tests.accessibility import violations
from tests.hall_pages.conftest import HallAtWork

pytestmark = pytest.mark.browser
WHY = "身份核对不符，不能开始考试，请等待监考员处理"


def waits(hall: HallAtWork, index: int = 0) -> Page:
    """In the waiting room."""
    page = hall.page(hall.computer())
    hall.sign_in(page, index)
    page.get_by_role("button", name="信息无误").click()
    return page


def letters(page: Page, text: str) -> float:
    """How large they are."""
    return float(page.get_by_text(text).evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)"))


@pytest.mark.parametrize("starts_in_s", [600, -1])
def test_the_reason_stands_large_where_the_time_stood(one_hall: HallAtWork, starts_in_s: int) -> None:
    one_hall.publish(starts_in_s=starts_in_s)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    invigilator = one_hall.invigilator()
    assert invigilator.do(do="mismatch", sittings=["p1-s0"], text="与照片不是一人").status_code == 200
    page.get_by_role("button", name="信息无误").click()
    expect(page.get_by_role("alert").filter(has_text=WHY)).to_be_visible()
    expect(page.get_by_text("正在等待开卷")).to_be_hidden()
    expect(page.get_by_text("距开考")).to_be_hidden()
    assert letters(page, WHY) > 24
    assert violations(page) == []
    invigilator.do(do="message", sittings=["p1-s0"], text="请到门口")
    expect(page.get_by_text("考场通知：请到门口")).to_be_visible()
    assert invigilator.do(do="admit", sittings=["p1-s0"], text="换证后核对").status_code == 200
    if starts_in_s > 0:
        expect(page.get_by_text("距开考")).to_be_visible()
        expect(page.get_by_text(WHY)).to_be_hidden()
    else:
        page.get_by_role("button", name="交卷").wait_for()


def test_who_waits_for_the_papers_reads_that(one_hall: HallAtWork) -> None:
    one_hall.publish(opened=False)
    page = waits(one_hall)
    sealed = "试卷尚未启封，请等待监考员通知"
    expect(page.get_by_text(sealed)).to_be_visible()
    assert letters(page, sealed) > 24


def test_the_console_says_who_found_the_identity_wrong(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    for index in (0, 1):
        page = one_hall.page(one_hall.computer())
        one_hall.sign_in(page, index)
        page.get_by_role("button", name="信息不符" if index else "信息无误").click()
    invigilator = one_hall.invigilator()
    assert invigilator.do(do="mismatch", sittings=["p1-s0"], text="与照片不是一人").status_code == 200
    console = one_hall.console(who="监考员乙")
    expect(console.get_by_text("1 号 考生0 点名不符（监考员甲登记）。请到座位核对")).to_be_visible()
    expect(console.get_by_text("2 号 考生1 报告信息不符。请到座位核对")).to_be_visible()
    expect(console.locator("[data-sitting='p1-s0']")).to_contain_text("≠ 点名不符")
    expect(console.locator("[data-sitting='p1-s1']")).to_contain_text("≠ 报告信息不符")
    assert {"点名不符：1 号 考生0：与照片不是一人", "2 号 考生1：报告信息不符"} <= set(invigilator.record())
    console.get_by_role("button", name="点名", exact=True).click()
    expect(console.get_by_role("dialog", name="点名")).to_contain_text("≠ 点名不符（监考员甲登记），请核对")
    looker = one_hall.console(who="督导员", kind=READING)
    looker.locator("[data-sitting='p1-s0']").click()
    expect(looker.get_by_role("dialog")).to_contain_text("点名不符（监考员甲登记）")
