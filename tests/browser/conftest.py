"""A site of its own and a real browser, several people at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from testbed.site import Site

from tests.patience import PATIENCE_MS

PASSWORD = "demo-2026-assay"
SHOTS = Path(__file__).parents[2] / "var" / "screenshots"


def press(page: Page, name: str, exact: bool = False) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).first.click()


class Journey:
    """People at their screens. `at` moves everybody to another day."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self.site = browser, site
        self._people: dict[str, Page] = {}
        self.errors: list[str] = []

    def at(self, day: date, hour: int = 9, minute: int = 0) -> None:
        self.site.begin(day, hour, minute)

    def page(self, *, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
        context: BrowserContext = self._browser.new_context(viewport=size, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def person(self, username: str) -> Page:
        """The signed-in member of staff, on the worktable."""
        if username not in self._people:
            page = self._people[username] = self.page()
            page.goto(f"{self.site.url}/sign-in/")
            page.get_by_label("账号").fill(username)
            page.get_by_label("密码").fill(PASSWORD)
            press(page, "登录")
        page = self._people[username]
        page.goto(f"{self.site.url}/desk/")
        assert page.get_by_role("heading", name="我的工作台").is_visible()
        return page

    def batch(self, username: str, name: str) -> Page:
        """The cockpit of a batch, found by its name."""
        page = self.person(username)
        page.goto(f"{self.site.url}/batches/?q={name}")
        page.get_by_role("link", name=name).first.click()
        return page

    def work(self, username: str, batch: str, title: str) -> Page:
        """A page of work on a batch, by the button in its cockpit."""
        page = self.batch(username, batch)
        page.locator("#content").get_by_role("link", name=title, exact=True).click()
        return page

    def advance(self, batch: str, to: str) -> None:
        page = self.batch("kaowu", batch)
        press(page, f"进入“{to}”")
        page.get_by_text("已进入").wait_for()

    def said(self, page: Page, text: str) -> None:
        page.get_by_text(text).first.wait_for()

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What the office's database says (read only)."""
        with sqlite3.connect(f"file:{self.site.var / 'office.sqlite3'}?mode=ro", uri=True) as connection:
            return connection.execute(sql, values).fetchall()

    def shot(self, page: Page, name: str) -> None:
        """A picture for whoever wants to look: var/screenshots/."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png")

    def shot_everybody(self) -> None:
        """How everybody's screen looked at the end: what to look at first when a journey broke off."""
        for username, page in self._people.items():
            self.shot(page, f"last-{username}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's school with its bank, and no batch yet."""
    made = Site(tmp_path_factory.mktemp("site"))
    made.command("demo", "--candidates", "0")
    made.open()
    yield made
    made.close()


@pytest.fixture
def journey(browser: Browser, site: Site) -> Iterator[Journey]:
    found = Journey(browser, site)
    yield found
    found.shot_everybody()
    assert found.errors == []


@pytest.fixture
def days() -> Callable[[int], date]:
    """Days from today on; the first exam is on day 40."""
    return lambda count: date.today() + timedelta(days=count)
