"""What is asked before a room ends is what its record and its last page say afterwards; the record is followed while it is read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.accessibility import violations
from tests.hall.candidate import Browser as Candidate
from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import confirm, press, seat

pytestmark = pytest.mark.browser


def test_the_question_before_the_end_the_page_and_the_record_say_the_same_of_everybody(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=6, starts_in_s=-1900, minutes=90)  # the doors are shut
    deed = one_hall.invigilator()
    candidates = [Candidate(one_hall.url, n) for n in range(6)]
    for n in (0, 1, 2, 4):
        assert candidates[n].sign_in().status_code == 403
    for n in (0, 1, 4):
        deed.do(do="late_entry", sittings=[f"p1-s{n}"], text="交通管制")
    candidates[0].start().hand_in()
    candidates[1].sign_in()
    deed.do(do="mismatch", sittings=["p1-s3"], text="与照片不符")
    console = one_hall.console()
    expect(console.get_by_role("button", name="到场，没有登录 3")).to_be_visible()
    expect(console.get_by_role("button", name="未到 1")).to_be_visible()
    expect(console.locator(seat(4))).to_contain_text("○ 没有登录")
    expect(console.locator(seat(5))).to_contain_text("○ 未到")
    for n in (2, 3, 4):
        expect(console.locator(seat(n))).not_to_contain_text("未到")
    press(console, "考场情况页")
    page = console.get_by_role("region", name="考场情况")
    reasons = [
        "2 号 考生1：登录后未开始作答",
        "3 号 考生2：迟到，未准入场",
        "4 号 考生3：信息不符",
        "5 号 考生4：迟到，准许入场后没有登录",
    ]
    expect(page.get_by_role("listitem").filter(has_text="考生").filter(has_text="：")).to_contain_text(reasons)
    press(console, "结束考场并确认记录")
    dialog = console.get_by_role("dialog")
    expect(dialog).to_contain_text("应考 6，实考 1，到场未作答 4，缺考 1")
    expect(dialog).to_contain_text("缺考 1 人：6 号 考生5。")
    expect(dialog).to_contain_text("到场未作答 4 人，结束后不能再进入：")
    expect(dialog.get_by_role("list", name="到场未作答").get_by_role("listitem")).to_have_text(reasons)
    assert violations(console) == []
    confirm(console)
    expect(page).to_contain_text("监考员甲 确认")
    said = f"应考 6，实考 1，到场未作答 4（{'、'.join(reasons)}），缺考 1（6 号 考生5）"
    assert deed.record()[0] == f"考场记录已确认：{said}"
    expect(page).to_contain_text("缺考（1）6 号 考生5")


def test_the_record_that_is_open_goes_on_and_says_of_when_it_is(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=2)
    console, deed = one_hall.console(), one_hall.invigilator()
    deed.do(do="note", text="空调停机")
    press(console, "查看考场记录")
    record = console.get_by_role("dialog", name="考场记录")
    expect(record.get_by_role("listitem")).to_have_text([re.compile("空调停机（监考员甲）$")])
    before = record.get_by_text("的情况").inner_text()
    assert re.fullmatch(r"\d\d:\d\d:\d\d 的情况，新的在前。", before)
    first = record.get_by_role("listitem").element_handle()
    deed.do(do="note", text="空调恢复")
    expect(record.get_by_role("listitem")).to_have_text([re.compile("空调恢复"), re.compile("空调停机")])
    assert record.get_by_text("的情况").inner_text() > before
    assert first is not None
    assert "空调停机" in first.inner_text(), "what is being read keeps its place"
    assert violations(console) == []
