"""What stands in a window of any size and with letters of any size: everything that fits is seen whole, and nothing covers the item."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from testbed.browsers import resized

from tests.accessibility import violations
from tests.hall_pages.conftest import HallAtWork, goes_to, in_view, notice, replies_with

pytestmark = pytest.mark.browser
WINDOWS = ((1366, 768), (1280, 720), (1024, 600))


def overlap(page: Page, one: str, other: str) -> bool:
    """Whether one lies over a part of the other."""
    script = """([one, other]) => {
        const [a, b] = [one, other].map((name) => document.querySelector(name).getBoundingClientRect());
        return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    }"""
    return bool(page.evaluate(script, [one, other]))


def as_high_as_the_window(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollHeight === innerHeight && scrollY === 0"))


def wholly_seen(page: Page, name: str) -> bool:
    """In the window, and nothing of it cut off or covered by something else."""
    script = """(name) => {
        const node = document.querySelector(name), box = node.getBoundingClientRect();
        const at = (x, y) => { const top = document.elementFromPoint(x, y); return top && (node.contains(top) || top.contains(node)); };
        return box.width > 0 && box.height > 0 && at(box.left + 2, box.top + 2) && at(box.right - 2, box.bottom - 2);
    }"""
    return bool(page.evaluate(script, name))


@pytest.mark.parametrize("rehearsal", [True, False])
def test_where_everything_fits_the_page_is_as_high_as_the_window(one_hall: HallAtWork, rehearsal: bool) -> None:
    one_hall.publish(count=60)
    page = one_hall.page(one_hall.computer())
    replies_with(page, "/api/sign-in", rehearsal=rehearsal)
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()
    for width, height in WINDOWS:
        resized(page, width, height)
        for number in (2, 5):
            goes_to(page, number)
            assert as_high_as_the_window(page), (width, height)
            assert page.locator("#rehearsal").is_visible() is rehearsal
            assert page.locator("fieldset.item label.choice").last.bounding_box()["y"] < height - 100  # type: ignore[index]
            assert wholly_seen(page, ".answer-card .hint .line:last-child")


def test_a_notice_lies_over_nothing_that_is_read(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    page = told_more(one_hall)
    for width, height in (*WINDOWS, (390, 844)):
        resized(page, width, height)
        goes_to(page, 2)
        assert not overlap(page, ".notice-rows", "fieldset.item"), (width, height)
        assert wholly_seen(page, ".notice-row button")
        assert wholly_seen(page, ".steps")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    resized(page, 1366, 768)
    assert as_high_as_the_window(page)


def told_more(hall: HallAtWork, title: str = "示例试卷", size: str = "") -> Page:
    """A page with a long title, an announcement of three lines and more time."""
    page = hall.page(hall.computer())
    for path in ("/api/answers", "/api/key"):
        text = "第 3 题题干有误，请按最大扭矩作答；十点以后有消防演练声响，请勿离开座位，监考员会在原处等候。"
        replies_with(page, path, notices=[notice(text)], message_number=1, minutes=75)
    replies_with(page, "/api/paper", title=title)
    if size:
        page.evaluate("(size) => localStorage.setItem('assay-display', JSON.stringify({ size: Number(size) }))", size)
        page.reload()
    hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.locator(".notice-row").wait_for()
    return page


def test_the_end_of_a_long_title_can_be_read_beside_everything_else(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    title = "汽车维修工（四级/中级工）电控方向理论知识考核试卷（A 卷）"
    page = told_more(one_hall, title)
    for width, height in (*WINDOWS, (1200, 800), (1920, 1080)):
        resized(page, width, height)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate("""() => {
            const end = document.querySelector(".about h1 span:last-child"), room = document.querySelector(".about");
            return end.textContent.endsWith("（A 卷）") && end.scrollWidth <= end.clientWidth
                && end.getBoundingClientRect().right <= room.getBoundingClientRect().right;
        }"""), width
        assert page.locator(".exam-bar").bounding_box()["height"] < 80  # type: ignore[index]
    assert page.get_by_role("heading", name=title).count() == 1


def test_with_the_largest_letters_nothing_covers_the_item_and_it_has_most_of_the_window(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    page = told_more(one_hall, size="200")
    page.keyboard.press("c")
    assert not overlap(page, ".notice-rows", "fieldset.item")
    for edge in ("#rehearsal", ".exam-bar", ".steps"):
        assert wholly_seen(page, edge)
    heights = [page.locator(one).bounding_box()["height"] for one in ("#rehearsal", ".exam-bar", ".steps")]  # type: ignore[index]
    assert sum(heights) < 768 / 3
    page.get_by_role("button", name="本人信息与显示设置").click()
    page.get_by_role("button", name="放大字号").wait_for()
    assert not overlap(page, ".exam-bar", "fieldset.item")
    page.get_by_role("button", name="知道了").press("Enter")
    goes_to(page, 2)
    assert not page.get_by_role("button", name="放大字号").is_visible()
    goes_to(page, 1)
    for option in page.locator("fieldset.item label.choice").all():
        assert in_view(page, option)
    assert violations(page) == []


def test_in_a_low_window_a_notice_is_short_and_its_button_whole(one_hall: HallAtWork) -> None:
    one_hall.publish(minutes=60)
    page = told_more(one_hall)
    resized(page, 342, 192)  # 400 %
    goes_to(page, 2)
    notice = page.locator(".notice-row").last
    page.wait_for_function(
        "() => document.querySelector('.notice-row p').tabIndex === 0"
    )  # the rest of it is reached by keyboard
    assert notice.bounding_box()["height"] < 192 / 3  # type: ignore[index]
    assert wholly_seen(page, ".notice-row:last-child button")
    assert in_view(page, page.locator("fieldset.item .stem"))
    assert not overlap(page, ".notice-row:last-child", "fieldset.item .stem")
    assert violations(page) == []


def test_nothing_moves_when_a_notice_goes_and_who_writes_sees_what_he_writes(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, written=True)
    page = one_hall.sits()
    resized(page, 1366, 600)
    goes_to(page, 4)
    page.locator("fieldset.item .stem").evaluate("one => { one.style.paddingTop = '300px'; }")
    page.locator("textarea").fill("先热车")
    page.keyboard.press("Control+End")
    page.mouse.wheel(0, 3000)
    page.wait_for_function("() => scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    for path in ("/api/answers", "/api/key"):
        replies_with(page, path, notices=[notice("第 3 题有误")], message_number=7)
    page.keyboard.type("，再放油")
    page.get_by_text("第 3 题有误").wait_for()
    page.wait_for_timeout(300)
    assert not overlap(page, ".notice-rows", "textarea")
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(300)
    stands = page.locator("textarea").bounding_box()
    page.get_by_role("button", name="知道了").press("Enter")
    expect(page.locator(".notice-row")).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.locator("textarea").bounding_box() == stands
    page.mouse.move(500, 300)
    page.mouse.wheel(0, -3000)  # whoever scrolls has the page as it was
    page.wait_for_function("() => getComputedStyle(document.documentElement).getPropertyValue('--notices') === '0px'")
