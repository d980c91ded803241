"""A form that is refused comes back to its page filled in as it was sent; a computer that several people use keeps nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.browser.conftest import Journey, press

pytestmark = pytest.mark.browser


def test_what_was_typed_and_ticked_is_there_again_and_is_forgotten_afterwards(
    journey: Journey, days: Callable[[int], date]
) -> None:
    journey.at(days(1))
    page = journey.person("xiaozhang")
    page.goto(f"{journey.site.url}/centre/accounts/?q=kaowu")
    page.get_by_role("link", name="kaowu", exact=True).click()
    account = page.url
    page.get_by_label("任职至").first.fill("2001-01-01")
    press(page, "免职")
    assert page.url == account
    journey.said(page, "免职日期早于任职日期")
    assert page.get_by_label("任职至").first.input_value() == "2001-01-01"
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    assert page.get_by_label("任职至").first.input_value() != "2001-01-01"
