"""The browser that tests and pictures are taken with: Debian's Chromium without its own windows, which nobody would look at."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)


def resized(page: Page, width: int, height: int) -> None:
    """The window in another size, and the page as it is after it has heard of that. A full screen has the one size that it has."""
    page.evaluate("() => document.fullscreenElement && document.exitFullscreen()")
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
