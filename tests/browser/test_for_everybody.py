"""The pages of the public and of candidates, on a phone and on a desk: axe finds nothing, best practices among it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from assay.applications.models import Person
from tests.accessibility import violations
from tests.browser.test_applying import _database_beside_the_browsers_loop, person, phone  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = (
    "/",
    "/verify/",
    "/verify/codes/",
    "/verify/?number=S000041000123264000001",
    "/my/sign-up/",
    "/my/sign-in/",
    "/my/activate/",
)
OWN = ("/my/", "/my/details/")


def found_on(page: Page, url: str, addresses: tuple[str, ...]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        answer = page.goto(url + address)
        assert answer is not None
        assert answer.ok, address
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            found[f"{address} {width}"] = violations(page)
    return {place: said for place, said in found.items() if said}


def test_the_public_s_pages(browser: Browser, live_server, person: Person) -> None:  # noqa: F811
    page = browser.new_context(locale="zh-CN").new_page()
    assert found_on(page, live_server.url, PUBLIC) == {}


def test_a_candidate_s_pages(browser: Browser, live_server, person: Person) -> None:  # noqa: F811
    page = phone(browser, live_server.url, person)
    page.goto(f"{live_server.url}/my/")
    apply = page.get_by_role("link", name="报名", exact=True).first.get_attribute("href")
    assert apply is not None
    assert found_on(page, live_server.url, (*OWN, apply)) == {}
    page.goto(live_server.url + apply)
    page.get_by_label("申报工种和等级").select_option(index=2)
    page.get_by_label("依据的申报条件").select_option(index=1)
    assert violations(page) == []
