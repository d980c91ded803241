"""A hall of its own with a small pack, candidates at their computers, and the console."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route
from testbed import programs

from assay.bridge.client import HallClient
from assay.bridge.contract import Collection, LogEntry, Plan
from assay.bridge.tokens import DEEDS
from tests.hall.console import Console, pass_to
from tests.hall.packs import number_of, pack
from tests.patience import PATIENCE_MS

SECRET = "pages-secret"
SHOTS = Path(__file__).parents[2] / "var" / "screenshots"


class HallAtWork:
    """A running hall; `publish` puts pack p1 into it."""

    def __init__(self, browser: Browser, database: str) -> None:
        self._browser = browser
        self.process = programs.hall(database, SECRET)
        self.process.start()
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    @property
    def url(self) -> str:
        return self.process.url

    def publish(self, *, plan: Plan | None = None, addresses: dict[int, str] | None = None, **wanted: object) -> None:
        made = pack(**wanted)  # type: ignore[arg-type]
        laid_out = [msgspec.structs.replace(room, plan=plan, addresses=addresses or {}) for room in made.rooms]
        with HallClient(self.url, SECRET.encode()) as office:
            office.publish(msgspec.structs.replace(made, rooms=laid_out))

    def computer(self, *, width: int = 1366, height: int = 768) -> BrowserContext:
        """A computer of the room: nothing of another candidate on it."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return context

    def open_to_the_network(self) -> None:
        """Let other machines reach the hall."""
        self.process.stop()
        self.process.environment["ASSAY_HALL_HOST"] = "0.0.0.0"
        self.process.start()

    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.url)
        return page

    def sits(self, index: int = 0, context: BrowserContext | None = None) -> Page:
        """Candidate number `index` has signed in, confirmed, and has the paper before him."""
        page = self.page(context or self.computer())
        self.sign_in(page, index)
        page.get_by_role("button", name="信息无误").click()
        page.get_by_role("button", name="交卷").wait_for()
        return page

    def sign_in(self, page: Page, index: int = 0) -> None:
        page.get_by_label("准考证号").fill(f"p1-t{index}")
        page.get_by_label("证件号码").fill(number_of(index))
        page.get_by_role("button", name="登录").click()

    def console(
        self, room: str = "r0", who: str = "监考员甲", kind: str = DEEDS, size: tuple[int, int] = (1366, 768)
    ) -> Page:
        page = self.computer(width=size[0], height=size[1]).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.url}/room#token={pass_to('p1', room, who, kind=kind, secret=SECRET)}")
        page.get_by_text("实时").wait_for()
        return page

    def invigilator(self) -> Console:
        """The same without a page."""
        return Console(self.url, secret=SECRET)

    def collect(self) -> Collection:
        with HallClient(self.url, SECRET.encode()) as office:
            return office.collect("p1")

    def log(self) -> list[LogEntry]:
        with HallClient(self.url, SECRET.encode()) as office:
            return office.log("p1")

    def answers(self, index: int = 0) -> dict[str, str]:
        """What the office would collect of a candidate now."""
        return next(s.answers for s in self.collect().sittings if s.sitting == f"p1-s{index}")

    def close(self) -> None:
        for context in self.contexts:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")  # what is on its way when the test is over
            context.close()
        self.process.stop()


@pytest.fixture
def at_work(browser: Browser, hall_database: str) -> Iterator[HallAtWork]:
    """A hall on SQLite and on PostgreSQL in turn; a page that broke is a failure."""
    hall = HallAtWork(browser, hall_database)
    yield hall
    hall.close()
    assert hall.errors == []


@pytest.fixture
def one_hall(browser: Browser, tmp_path: Path) -> Iterator[HallAtWork]:
    """A hall on SQLite: for what the page does by itself."""
    hall = HallAtWork(browser, str(tmp_path / "hall.sqlite3"))
    yield hall
    hall.close()
    assert hall.errors == []


def chosen(page: Page) -> dict[str, str]:
    """What the page in whole-paper view shows as chosen: item → letters of the original options."""
    script = """() => Object.fromEntries([...document.querySelectorAll("fieldset.item")].map((item) => [item.dataset.item,
        [...item.querySelectorAll("input:checked")].map((one) => one.value).sort().join("")]).filter(([, said]) => said))"""
    return dict(page.evaluate(script))


def whole_paper(page: Page) -> None:
    """All items on one page."""
    if page.get_by_role("button", name="整卷显示").count():
        page.get_by_role("button", name="整卷显示").click()


def answer(page: Page, item: str, *values: str) -> None:
    """Choose options by their original letters, in whole-paper view."""
    for value in values:
        page.locator(f'fieldset[data-item="{item}"] input[value="{value}"]').click()


def until(said: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until it is so."""
    ends = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < ends, "it never came so"
        time.sleep(0.1)


def saved(page: Page) -> None:
    """Wait until the badge says that everything is with the hall."""
    page.locator(".badge", has_text="已保存").wait_for()


def kept(page: Page) -> list[dict[str, Any]]:
    """Answers that the browser has on its disk and the hall has not acknowledged, whoever's they are."""
    script = """() => new Promise((resolve, reject) => {
        const asked = indexedDB.open("assay-hall");
        asked.onerror = () => reject(asked.error);
        asked.onsuccess = () => {
            const all = asked.result.transaction("unsent").objectStore("unsent").getAll();
            all.onsuccess = () => { asked.result.close(); resolve(all.result); };
        };
    })"""
    return list(page.evaluate(script))


def replies_with(page: Page, path: str, **more: object) -> None:
    """What the hall says at `path`, with something more in it."""

    def altered(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, json={**reply.json(), **more})

    page.route(f"**{path}*", altered)


def notice(text: str) -> dict[str, object]:
    """A notice to the room as a page is told it."""
    return {"id": "room-1", "at": 1, "text": text, "withdrawn": False}


def goes_to(page: Page, number: int) -> Locator:
    page.get_by_role("navigation", name="答题卡").get_by_role("button", name=f"第 {number} 题，").click()
    return page.locator("fieldset.item")


def in_view(page: Page, what: Locator) -> bool:
    box, window = what.bounding_box(), page.viewport_size
    return bool(box and window and box["y"] >= 0 and box["y"] + box["height"] <= window["height"])
