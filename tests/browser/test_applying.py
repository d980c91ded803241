"""A candidate applies on a phone: the job narrows the form, and a file once chosen stays chosen when something is to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from assay.applications.models import Application, Person
from assay.kernel import clock
from tests import factories as f
from tests.applications.rosters import photo
from tests.browser.conftest import SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browsers_loop() -> Iterator[None]:
    """The browser's loop runs in the thread of the tests, which reads and writes the database too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def person() -> Person:
    f.centre()
    major = f.major()
    rows = [f.scope_row("车工"), f.scope_row("保育师")]
    for row in rows:
        row.majors.add(major)
    f.batch("exam", stage="apply", lines=[(row, "4", 9) for row in rows])
    made = f.person(student_no="S1", major=major, graduates_on=clock.today() + timedelta(days=200))
    f.candidate(made)
    return made


def phone(browser: Browser, url: str, person: Person, *, scripts: bool = True) -> Page:
    client = Client()
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=scripts)
    context.set_default_timeout(15_000)
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": url,
            }
        ]
    )
    return context.new_page()


def fill(page: Page) -> None:
    page.get_by_label("依据的申报条件").select_option(index=1)
    page.get_by_label("照片").set_input_files({"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": photo()})


def shot(page: Page, name: str) -> None:
    Path(SHOTS).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def test_a_chosen_photo_stays_when_something_else_is_to_be_mended(
    browser: Browser, live_server, person: Person
) -> None:
    page = phone(browser, live_server.url, person)
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="报名", exact=True).first.click()
    assert page.get_by_label("照片").count() == 0
    page.get_by_label("申报工种和等级").select_option(index=1)
    page.wait_for_url("**/?line=*")
    fill(page)
    page.get_by_label("本职业工作年限").fill("99")
    page.get_by_label("本人承诺").check()
    page.evaluate("document.querySelector('form[data-keep-files]').noValidate = true")
    page.get_by_role("button", name="提交报名").click()
    page.locator(".invalid-feedback").first.wait_for()
    shot(page, "apply-to-mend")
    assert page.get_by_text("没有保存").count() == 0
    assert page.evaluate("document.querySelector('input[name=photo]').files[0].name") == "照片.jpg"
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.get_by_label("本职业工作年限").fill("0")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("已提交，等待系部初审").wait_for()
    assert Application.objects.get().state == "submitted"
    page.goto(f"{live_server.url}/my/apply/{Application.objects.get().batch_id}/")
    page.get_by_text("您在本批次已有报名").wait_for()
    shot(page, "applied")


def test_without_scripts_the_file_to_choose_again_is_named(browser: Browser, live_server, person: Person) -> None:
    page = phone(browser, live_server.url, person, scripts=False)
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="报名", exact=True).first.click()
    page.get_by_label("申报工种和等级").select_option(index=2)
    page.get_by_role("button", name="选定").click()
    fill(page)
    page.get_by_label("本职业工作年限").fill("60")
    page.get_by_label("本人承诺").check()
    Person.objects.update(student_no="")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("“照片.jpg”没有保存").wait_for()
    shot(page, "apply-without-scripts")
    assert not Application.objects.exists()
