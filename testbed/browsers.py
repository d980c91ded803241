"""The browser that tests and pictures are taken with: Debian's Chromium without its own windows, which nobody would look at."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
