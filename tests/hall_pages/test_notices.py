"""What the invigilator says, on the candidate's page: nothing of it is lost between two contacts, nor by a reload or a new computer."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import violations
from tests.hall_pages.conftest import HallAtWork, saved

pytestmark = pytest.mark.browser


def listed(page: Page) -> list[str]:
    """The list of all notices, newest first, without their times."""
    page.get_by_role("button", name="通知，共").click()
    lines = page.get_by_role("dialog").get_by_role("listitem").all_inner_texts()
    page.keyboard.press("Escape")
    return ["考场通知：" + line.split("考场通知：", 1)[1] for line in lines]


def contact(page: Page) -> None:
    """The page speaks with the hall."""
    with page.expect_response("**/api/answers"):
        page.keyboard.press("a")
    saved(page)


def test_every_notice_is_shown_to_be_acknowledged_and_stands_in_the_list(at_work: HallAtWork) -> None:
    at_work.publish()
    page = at_work.sits()
    invigilator = at_work.invigilator()
    for text in ("单独一", "单独二"):
        assert invigilator.do(do="message", sittings=["p1-s0"], text=text).status_code == 200
    assert invigilator.do(do="broadcast", text="全体").status_code == 200
    contact(page)
    page.get_by_text("考场通知：单独一").wait_for()
    expect(page.get_by_role("button", name="知道了（还有 2 条）")).to_be_visible()
    assert listed(page) == ["考场通知：全体", "考场通知：单独二", "考场通知：单独一"]
    assert violations(page) == []
    page.get_by_role("button", name="知道了").press("Enter")
    page.get_by_text("考场通知：单独二").wait_for()
    page.reload()
    expect(page.locator(".notice-row")).to_have_text("考场通知：单独二知道了（还有 1 条）")
    assert listed(page) == ["考场通知：全体", "考场通知：单独二", "考场通知：单独一"]
    assert invigilator.do(do="withdraw").status_code == 200
    page.keyboard.press("ArrowRight")
    contact(page)
    expect(page.get_by_role("button", name="知道了")).to_have_text("知道了")
    assert listed(page)[0] == "考场通知：全体（已撤回）"
    assert invigilator.do(do="move", sittings=["p1-s0"], text="换机").status_code == 200
    other = at_work.sits()
    assert listed(other) == ["考场通知：全体（已撤回）", "考场通知：单独二", "考场通知：单独一"]


def test_who_waits_for_the_start_sees_all_that_holds(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    invigilator = one_hall.invigilator()
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    invigilator.do(do="message", sittings=["p1-s0"], text="请关闭手机")
    invigilator.do(do="broadcast", text="请保持安静")
    expect(page.locator(".notice p")).to_have_text(["考场通知：请保持安静", "考场通知：请关闭手机"])
    assert violations(page) == []


def test_what_a_page_of_an_earlier_version_kept_is_not_told_twice(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    one_hall.invigilator().do(do="broadcast", text="第 3 题有误")
    kept = {
        "list": [{"at": 1, "text": "考场通知：第 3 题有误", "read": True, "announced": True}],
        "heard": "1 第 3 题有误",
    }
    page.evaluate(
        "(kept) => localStorage.setItem('assay-notices-p1-s0', kept)",
        json.dumps({**kept, "minutes": 60, "reminded": []}),
    )
    page.reload()
    page.get_by_role("button", name="通知，共 1 条").wait_for()
    contact(page)
    assert listed(page) == ["考场通知：第 3 题有误"]
    expect(page.locator(".notice-row")).to_have_count(0)
