"""A room that asks for Safe Exam Browser, in a browser: the file from the console, the page by its own hashes, and a computer that is
let in without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assay.bridge.tokens import READING
from tests.hall.seb import PROGRAM, key_of, opened
from tests.hall_pages.conftest import HallAtWork, answer, saved, until, whole_paper
from tests.hall_pages.test_console import confirm, press

pytestmark = pytest.mark.browser
ON_WEBKIT = """
async function hashed(key) {
  const said = new TextEncoder().encode(location.href.split("#")[0] + key);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", said));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}
const security = { configKey: "", browserExamKey: "", updateKeys: async (callback) => {
  await new Promise((resolve) => setTimeout(resolve, 400));
  security.configKey = await hashed("CONFIG"); security.browserExamKey = await hashed("PROGRAM"); callback();
} };
globalThis.SafeExamBrowser = { version: "SEB_macOS_3.6", security };
"""
"""What Safe Exam Browser gives to a page where it cannot add headers: nothing before it is asked to."""


def settings_from(console: Page) -> dict[str, Any]:
    """The session's settings, by the file and the password that the console has."""
    press(console, "专用浏览器")
    dialog = console.get_by_role("dialog")
    password = dialog.locator("dt:text-is('打开密码') + dd").inner_text()
    with console.expect_download() as given:
        press(console, "下载本场次的设置文件")
    assert given.value.suggested_filename == "assay-p1.seb"
    dialog.get_by_role("button", name="关闭").click()
    return opened(Path(given.value.path()).read_bytes(), password)


def with_locked_browser(hall: HallAtWork, settings: dict[str, Any]) -> BrowserContext:
    computer = hall.computer()
    computer.add_init_script(ON_WEBKIT.replace("CONFIG", key_of(settings)).replace("PROGRAM", PROGRAM))
    return computer


def test_a_candidate_goes_all_the_way_by_the_pages_own_hashes(one_hall: HallAtWork) -> None:
    one_hall.publish(locked=True, picture=True)
    console = one_hall.console()
    settings = settings_from(console)
    page = one_hall.page(with_locked_browser(one_hall, settings))
    page.goto(settings["startURL"])
    one_hall.sign_in(page)
    press(page, "信息无误")
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    answer(page, "101", "对")
    saved(page)
    expect(page.locator("fieldset.item img").first).to_be_visible()
    page.reload()
    whole_paper(page)
    answer(page, "100", "B")
    saved(page)
    until(lambda: one_hall.answers() == {"100": "B", "101": "对"})
    press(page, "交卷")
    press(page, "确认交卷")
    page.get_by_text("回执").first.wait_for()
    with page.expect_request(settings["quitURL"]):
        press(page, "关闭考试专用浏览器")
    page.get_by_label("准考证号").wait_for()  # a browser that does not close itself is back at the door
    expect(console.get_by_text("没有放行")).to_have_count(0)


def test_an_ordinary_browser_is_let_in_by_the_invigilator_and_no_answer_is_lost(one_hall: HallAtWork) -> None:
    one_hall.publish(locked=True, candidates=2)
    console, page = one_hall.console(), one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_text("须使用考试专用浏览器").wait_for()
    console.get_by_text("1 号 考生0（来自 127.0.0.1）未用本场的考试专用浏览器，没有放行").wait_for()
    press(console, "允许不用专用浏览器")
    expect(console.get_by_role("dialog")).to_contain_text("1 号 考生0　来自 127.0.0.1")
    confirm(console, "专用浏览器打不开")
    expect(console.get_by_text("没有放行")).to_have_count(0)
    one_hall.sign_in(page)
    press(page, "信息无误")
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    answer(page, "100", "C")
    saved(page)
    until(lambda: one_hall.answers() == {"100": "C"})
    press(console, "查看考场记录")
    expect(console.get_by_role("dialog")).to_contain_text(
        "允许不用专用浏览器：1 号 考生0（127.0.0.1）：专用浏览器打不开"
    )


def test_builds_are_registered_from_the_console_and_who_looks_on_sees_no_password(one_hall: HallAtWork) -> None:
    one_hall.publish(locked=True, rooms=2)
    console = one_hall.console(room="*")
    press(console, "专用浏览器")
    expect(console.get_by_role("dialog")).to_contain_text("第 1 考场：不限定；第 2 考场：不限定")
    press(console, "登记浏览器版本")
    console.get_by_label("浏览器考试密钥").fill(PROGRAM)
    confirm(console)
    press(console, "专用浏览器")
    expect(console.get_by_role("dialog")).to_contain_text("第 1 考场：5b5b5b5b；第 2 考场：5b5b5b5b")
    looking = one_hall.console(kind=READING)
    press(looking, "专用浏览器")
    dialog = looking.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="下载本场次的设置文件")).to_be_visible()
    expect(dialog.get_by_text("退出密码", exact=True)).to_have_count(0)
    expect(dialog.get_by_role("button", name="登记浏览器版本")).to_have_count(0)
