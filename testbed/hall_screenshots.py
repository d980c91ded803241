"""`python -m testbed.hall_screenshots`: pictures of the hall's pages for docs/screenshots, of a hall of its own with made-up people."""

from __future__ import annotations

import tempfile
from http import HTTPStatus

import httpx
import msgspec
from playwright.sync_api import Browser, Page, sync_playwright
from tests.hall.candidate import Browser as Computer
from tests.hall.console import Console, pass_to
from tests.hall.packs import number_of, pack

from assay.bridge.client import HallClient
from assay.bridge.contract import Pack, Plan
from assay.bridge.tokens import DEEDS
from testbed import browsers, programs
from testbed.screenshots import FOLDER, keep

SECRET = "screenshots"
SEATS = 48
FAMILY = "周吴郑冯陈褚卫蒋沈韩杨朱"
GIVEN = ("若溪", "子墨", "雨桐", "浩然")
CANDIDATE = {
    "hall-answering": (1366, 768), "hall-1024x600": (1024, 600), "hall-phone": (390, 844), "hall-400-percent": (342, 192),
}  # fmt: skip
CONSOLE = {"hall-console-tablet": (1024, 768), "hall-console-phone": (390, 844)}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hall = programs.hall(f"{folder}/hall.sqlite3", SECRET)
        hall.start()
        browser = browsers.launched(playwright)
        try:
            with HallClient(hall.url, SECRET.encode()) as office:
                office.publish(_school())
            _take_all(browser, hall.url)
        finally:
            browser.close()
            hall.stop()


def _school() -> Pack:
    made = pack(candidates=SEATS, minutes=90, count=60, every_type=True)
    named = [
        msgspec.structs.replace(one, name=FAMILY[n % len(FAMILY)] + GIVEN[n // len(FAMILY)])
        for n, one in enumerate(made.sittings)
    ]
    rooms = [msgspec.structs.replace(room, name="理论 1 号机房", plan=Plan(8, 6)) for room in made.rooms]
    return msgspec.structs.replace(made, sittings=named, rooms=rooms, batch_name="2026 年第二批（演示）")


def _take_all(browser: Browser, url: str) -> None:
    computers = [Computer(url, n).start() for n in range(2, SEATS - 2)]
    for n, one in enumerate(computers):
        for item in range(n % 30 + 5):
            answered(one.save(str(100 + item), "B" if item % 3 == 0 else "对" if item % 3 == 1 else "AC"))
    page = _sits(browser, url, 0)
    for name, (width, height) in CANDIDATE.items():
        browsers.resized(page, width, height)
        _keep(page, name)
    browsers.resized(page, 1366, 768)
    for _ in range(4):
        page.get_by_role("button", name="放大字号").click()
    _keep(page, "hall-200-percent")
    contrast = _sits(browser, url, 1, forced_colors="active")
    _keep(contrast, "hall-high-contrast")
    console = Console(url, secret=SECRET)
    answered(console.do(do="admit", sittings=[f"p1-s{n}" for n in range(SEATS - 2)]))
    room = _console(browser, url, (1366, 768))
    _keep(room, "hall-console")
    _deviate(url, console, computers)
    room.get_by_text("报告信息不符").first.wait_for()
    _keep(room, "hall-console-deviations")
    for name, size in CONSOLE.items():
        _keep(_console(browser, url, size), name)
    seats = console.sittings()
    left = [f"p1-s{n}" for n in range(SEATS) if (seat := seats[f"p1-t{n}"]).started and seat.state != "handed_in"]
    answered(console.do(do="force", sittings=left, text="演示结束"))
    answered(console.do(do="close", room="r0"))
    room.get_by_role("button", name="考场情况页").click()
    room.get_by_text("结束，监考员甲 确认").wait_for()
    _keep(room, "hall-console-end")


def _deviate(url: str, console: Console, computers: list[Computer]) -> None:
    """Five things that need a hand."""
    answered(computers[3].client.post("/api/remarks", json={"kind": "mismatch"}))
    stranger = Computer(url, 47)
    for _ in range(3):
        answered(stranger.sign_in(number_of(900)), HTTPStatus.UNAUTHORIZED)
    answered(console.do(do="pause", sittings=["p1-s9"], text="键盘失灵"))
    answered(console.do(do="extend", sittings=["p1-s20"], minutes=10, text="停电后补时"))
    answered(computers[11].sign_in(), HTTPStatus.CONFLICT)
    answered(computers[30].hand_in())


def answered(reply: httpx.Response, *expected: int) -> None:
    """A picture of what was refused without anybody seeing it would be a lie."""
    if reply.status_code not in (expected or range(200, 300)):
        raise RuntimeError(f"{reply.request.url.path}: {reply.status_code} {reply.text}")


def _sits(browser: Browser, url: str, index: int, **more: object) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", **more).new_page()  # type: ignore[arg-type]
    page.goto(url)
    page.get_by_label("准考证号").fill(f"p1-t{index}")
    page.get_by_label("证件号码").fill(number_of(index))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()
    for key in ("b", "ArrowRight", "m", "a", "ArrowRight", "a", "c"):
        page.keyboard.press(key)
    return page


def _console(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN").new_page()
    page.goto(f"{url}/room#token={pass_to('p1', 'r0', '监考员甲', kind=DEEDS, secret=SECRET)}")
    page.get_by_text("实时").wait_for()
    return page


def _keep(page: Page, name: str) -> None:
    keep(page, name, after_ms=1500)


if __name__ == "__main__":
    main()
