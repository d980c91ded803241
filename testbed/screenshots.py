"""`python -m testbed.screenshots URL`: pictures of a served demo for docs/screenshots."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from testbed import browsers

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
PASSWORD = "demo-2026-assay"
STAFF = {
    "kaowu": {
        "worktable": "/desk/",
        "cockpit": "/batches/5/",
        "arrangement": "/arrangement/1/",
        "exam": "/exam/1/",
        "results": "/results/1/",
        "roster": "/applications/roster/",
    },
    "zhuanjia": {"bank": "/bank/1/"},
    "zhengshu": {"certificates": "/certificates/batches/1/"},
    "xiaozhang": {"scope": "/catalogue/scope/", "ledger": "/desk/ledger/"},
}
PUBLIC = {"public": "/", "verify": "/verify/", "candidate-sign-in": "/my/sign-in/"}


def main(url: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = browsers.launched(playwright)
        for username, pages in STAFF.items():
            _take(browser, url, pages, username)
        _take(browser, url, PUBLIC, None)
        browser.close()


def _take(browser: Browser, url: str, pages: dict[str, str], username: str | None) -> None:
    size = {"width": 1280, "height": 860} if username else {"width": 420, "height": 860}
    page = browser.new_context(viewport=size, locale="zh-CN").new_page()
    if username:
        page.goto(f"{url}/sign-in/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
    for name, path in pages.items():
        page.goto(url + path)
        keep(page, name)


def keep(page: Page, name: str, after_ms: int = 300) -> None:
    """The page as it looks a moment later, under that name."""
    page.wait_for_timeout(after_ms)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
