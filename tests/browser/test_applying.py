"""A candidate applies on a phone: the job narrows the form, and a file once chosen stays chosen when something is to be mended."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page

from assay.applications.models import Application, Person
from assay.batches.models import Batch, BatchLine
from assay.kernel import clock, files
from tests import factories as f
from tests.accessibility import violations
from tests.applications.rosters import photo
from tests.browser.conftest import SHOTS
from tests.kernel.test_photos import person as tall
from tests.kernel.test_photos import taken
from tests.patience import PATIENCE_MS

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
    context.set_default_timeout(PATIENCE_MS)
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


def test_without_scripts_the_chosen_file_is_kept_and_handed_in_later(
    browser: Browser, live_server, person: Person
) -> None:
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
    page.get_by_text("“照片.jpg”已暂存，不用再选").wait_for()
    shot(page, "apply-without-scripts")
    assert not Application.objects.exists()
    Person.objects.update(student_no="S1")
    page.get_by_label("本职业工作年限").fill("0")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("已提交，等待系部初审").wait_for()
    assert files.read(str(Person.objects.get().photo_id)) == photo()


def in_the_frame(page: Page) -> bytes:
    """The file that would be sent."""
    return base64.b64decode(
        page.evaluate("""async () => {
        const bytes = new Uint8Array(await document.querySelector('input[name=photo]').files[0].arrayBuffer());
        return btoa(String.fromCharCode(...bytes));
    }""")
    )


def colours(content: bytes, above: int = 60) -> list[str]:
    """Above, so many rows from the edge; below left, below right."""
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (295, 413))
        assert not image.getexif()
        seen = image.convert("RGB")
        return ["rgb"[max(range(3), key=seen.getpixel(at).__getitem__)] for at in ((147, above), (60, 350), (235, 350))]


def test_a_photo_of_the_telephone_stands_is_moved_enlarged_turned_and_sent_as_it_is_seen(
    browser: Browser, live_server, person: Person
) -> None:
    page = phone(browser, live_server.url, person)
    page.goto(f"{live_server.url}/my/apply/{Batch.objects.get().pk}/?line={BatchLine.objects.first().pk}")
    field = page.get_by_label("照片", exact=True)
    field.set_input_files(
        {"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": taken(tall(1500, 2000), 6, quality=95)}
    )
    frame = page.get_by_role("application")
    frame.wait_for()
    assert colours(in_the_frame(page)) == ["b", "r", "g"]
    assert page.evaluate("document.querySelector('input[name=photo]').files[0].name") == "IMG_1.jpg"
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    shot(page, "photo-frame")

    page.get_by_label("放大").fill("2")
    frame.focus()
    for _ in range(40):
        page.keyboard.press("ArrowUp")
    assert colours(in_the_frame(page))[0] == "r" or colours(in_the_frame(page))[0] == "g", (
        "the lower half fills the frame"
    )
    box = frame.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 240, steps=5)
    page.mouse.up()
    assert colours(in_the_frame(page), above=150)[0] == "b", "the upper half, under twice as much of the ground"
    page.get_by_role("button", name="转 90°").click()
    assert colours(in_the_frame(page)) != ["b", "r", "g"]
    for _ in range(3):
        page.get_by_role("button", name="转 90°").click()
    page.get_by_role("button", name="还原").click()
    assert colours(in_the_frame(page)) == ["b", "r", "g"]

    seen = in_the_frame(page)
    page.get_by_label("依据的申报条件").select_option(index=1)
    page.evaluate("document.querySelector('form[data-keep-files]').noValidate = true")
    page.get_by_role("button", name="提交报名").click()
    page.locator(".invalid-feedback").first.wait_for()
    assert frame.is_visible(), "what was chosen is still seen"
    page.get_by_label("本人承诺").check()
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("已提交，等待系部初审").wait_for()
    assert files.read(str(Person.objects.get().photo_id)) == seen


def test_a_picture_that_the_browser_cannot_open_is_said_to_be_so_and_is_not_sent(
    browser: Browser, live_server, person: Person
) -> None:
    page = phone(browser, live_server.url, person)
    page.goto(f"{live_server.url}/my/apply/{Batch.objects.get().pk}/?line={BatchLine.objects.first().pk}")
    heic = {"name": "IMG_2.HEIC", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(60)}
    page.get_by_label("照片", exact=True).set_input_files(heic)
    page.get_by_text("打不开这张照片").wait_for()
    assert page.evaluate("document.querySelector('input[name=photo]').files.length") == 0
    shot(page, "photo-unreadable")
    page.get_by_label("照片", exact=True).set_input_files(
        {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_role("application").wait_for()
    assert page.get_by_text("打不开这张照片").count() == 0
    assert in_the_frame(page) == photo(), "what is fit is sent as it came"


def test_a_file_field_speaks_the_page_s_language_in_every_browser(
    browser: Browser, live_server, person: Person
) -> None:
    page = phone(browser, live_server.url, person)
    page.goto(f"{live_server.url}/my/apply/{Batch.objects.get().pk}/?line={BatchLine.objects.order_by('pk')[0].pk}")
    fields = page.locator(".file-field")
    assert fields.count() >= 1
    assert all(field.inner_text().split() == ["选择文件", "未选择文件"] for field in fields.all())
    shot(page, "file-fields")
    page.get_by_label("照片").set_input_files({"name": "我的照片.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_text("我的照片.jpg").wait_for()
    assert violations(page) == []
