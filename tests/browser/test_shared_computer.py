"""A computer that several people use: the back button serves who is signed in, and shows nothing to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.browser.conftest import Journey, press

pytestmark = pytest.mark.browser


def test_back_works_while_signed_in_and_shows_nothing_after_signing_out(
    journey: Journey, days: Callable[[int], date]
) -> None:
    journey.at(days(1))
    page = journey.person("kaowu")
    page.goto(f"{journey.site.url}/corps/members/")
    page.goto(f"{journey.site.url}/corps/members/?q=a")
    page.go_back()
    assert page.get_by_role("heading", name="队伍人员").is_visible()
    page.go_back()
    assert page.get_by_role("heading", name="我的工作台").is_visible()
    press(page, "退出")
    page.go_back()
    assert page.get_by_label("密码").is_visible()
    assert page.get_by_role("heading", name="我的工作台").count() == 0
