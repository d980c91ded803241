"""The candidate's page by itself: keyboard, zoom, whole paper, waiting, and what a screen reader is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.accessibility import violations
from tests.hall_pages.conftest import SHOTS, HallAtWork, answer, chosen, saved, until, whole_paper

pytestmark = pytest.mark.browser


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: var/screenshots/."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_a_whole_paper_is_answered_and_handed_in_by_keyboard_alone(one_hall: HallAtWork) -> None:
    """asks 25: items can be worked without a mouse."""
    one_hall.publish(count=12)
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    page.keyboard.type("p1-t0")
    page.keyboard.press("Tab")
    page.keyboard.type("410105200603150000")
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="信息无误")
    confirm.wait_for()
    _tab_to(page, "信息无误")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="交卷").wait_for()
    for _ in range(12):
        page.keyboard.press("a")
        if page.get_by_text("多项选择题").first.is_visible():
            page.keyboard.press("b")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    page.get_by_text("已答 12").wait_for()
    assert page.get_by_text("标记 1").is_visible()
    saved(page)
    _tab_to(page, "交卷")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    _tab_to(page, "确认交卷")
    page.keyboard.press("Enter")
    page.get_by_text("已交卷").wait_for()
    assert len(one_hall.answers()) == 12


def _tab_to(page: Page, name: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == name:
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_axe_finds_nothing_on_any_of_the_candidates_pages(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=14)
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    assert violations(page) == []
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("练习题").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="交卷").wait_for()
    page.keyboard.press("a")
    assert violations(page) == []
    whole_paper(page)
    assert violations(page) == []
    page.get_by_role("button", name="高对比度").click()
    assert violations(page) == []
    page.get_by_role("button", name="交卷").click()
    assert violations(page) == []
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("回执").first.wait_for()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_console(one_hall: HallAtWork) -> None:
    one_hall.publish(candidates=8)
    one_hall.sits()
    console = one_hall.console()
    console.locator("[data-sitting]").first.click()
    assert violations(console) == []


def test_size_and_contrast_are_the_candidates_own_and_stay(one_hall: HallAtWork) -> None:
    one_hall.publish(count=12)
    page = one_hall.sits()
    shot(page, "hall-normal")
    for _ in range(4):
        page.get_by_role("button", name="放大字号").click()
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "36px"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    shot(page, "hall-200")
    page.get_by_role("button", name="高对比度").click()
    shot(page, "hall-contrast")
    page.reload()
    page.get_by_role("button", name="交卷").wait_for()
    assert page.evaluate("() => document.documentElement.className") == "contrast large"


def test_answers_are_the_same_one_by_one_and_as_a_whole_paper(one_hall: HallAtWork) -> None:
    """asks 6: saved on change, whichever way the candidate moves about."""
    one_hall.publish(count=12)
    page = one_hall.sits()
    whole_paper(page)
    answer(page, "100", "B")
    answer(page, "102", "A", "D")
    saved(page)
    page.get_by_role("button", name="逐题显示").click()
    page.get_by_role("button", name="第 1 题").first.click()
    whole_paper(page)
    assert chosen(page) == {"100": "B", "102": "AD"}
    assert one_hall.answers() == {"100": "B", "102": "AD"}


def test_the_paper_is_there_sealed_before_the_start_and_opens_by_itself(one_hall: HallAtWork) -> None:
    """asks 9 and 13: nothing to read before the start, one small request at the start."""
    one_hall.publish(starts_in_s=8)  # before the page looks again whether the times are still the same
    page = one_hall.page(one_hall.computer())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(one_hall.url)))
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("试卷已下发（加密）").wait_for()
    assert page.get_by_text("练习题").is_visible()
    assert "示例题" not in page.content()
    before = len(asked)
    page.get_by_role("button", name="交卷").wait_for()
    assert [path for path in asked[before:] if path.startswith("/api/")][:1] == ["/api/key"]
    assert "/api/paper" not in asked[before:]


def test_the_practice_takes_the_keys_of_the_exam(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=60)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    practice = page.get_by_label("练习")
    practice.wait_for()
    page.keyboard.press("c")
    assert practice.get_by_role("radio").nth(2).is_checked()
    page.keyboard.press("m")
    assert practice.get_by_role("button", name="标记").get_attribute("aria-pressed") == "true"
    page.keyboard.press("ArrowRight")
    assert "第 2 题" in practice.inner_text()
    page.keyboard.press("ArrowLeft")
    assert practice.get_by_role("radio").nth(2).is_checked()


def test_a_page_whose_program_did_not_arrive_whole_loads_itself_again(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.computer().new_page()
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        lost.append(route.request.url)
        route.abort() if len(lost) == 1 else route.continue_()

    page.route("**/static/sealing.js", lose_once)
    page.goto(one_hall.url)
    assert not page.get_by_label("准考证号").is_visible()
    page.get_by_label("准考证号").wait_for()
    assert len(lost) == 2


def test_what_is_noticed_is_shown_to_the_invigilator_and_changes_nothing(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.evaluate(
        "() => { window.dispatchEvent(new Event('blur')); setTimeout(() => window.dispatchEvent(new Event('focus')), 800); }"
    )
    page.evaluate("() => document.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }))")
    console = one_hall.console()
    console.get_by_text("情况 2").wait_for()
    console.locator("[data-sitting]").first.click()
    console.get_by_role("button", name="查看信息").click()
    told = console.get_by_role("dialog").inner_text()
    assert "离开考试窗口 1 次" in told
    assert "粘贴 1 次" in told
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)


def test_a_picture_is_enlarged_and_put_away_by_keyboard(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, picture=True)
    page = one_hall.sits()
    whole_paper(page)
    page.get_by_role("button", name="放大第").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("img").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")


def test_formulas_tables_and_pictures_of_an_item_are_drawn_without_the_network(one_hall: HallAtWork) -> None:
    """The paper brings its formulas drawn; axe finds nothing; the text can be read aloud."""
    one_hall.publish(count=3, rich=True)
    page = one_hall.sits()
    whole_paper(page)
    item = page.locator("fieldset.item").filter(has_text="如图")
    formulas = item.locator("img.formula")
    assert sorted(formulas.evaluate_all("all => all.map((one) => one.alt)")) == ["12", "\\frac{U}{R}=2", "\\sqrt{x}"]
    until(lambda: all(formulas.evaluate_all("all => all.map((one) => one.naturalHeight > 0)")))
    until(lambda: item.locator("img.picture").evaluate_all("all => all.map((one) => one.naturalHeight > 0)") == [True])
    assert item.locator("sub").inner_text() == "2"
    assert item.locator("td").all_inner_texts()[0] == "项目"
    assert violations(page) == []
    shot(page, "hall-rich-item")


def test_blanks_orders_and_matches_are_answered_by_keyboard_and_kept_through_a_reload(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, every_type=True)
    page = one_hall.sits()
    whole_paper(page)
    page.get_by_label("第 1 空").focus()
    page.keyboard.type("25 m")  # letters and arrows belong to the field
    page.keyboard.press("ArrowLeft")
    page.get_by_label("第 2 空").fill("四")
    ordering = page.locator("fieldset[data-item='201']")
    for text in ("拆下", "检查", "装回"):
        ordering.get_by_role("button", name=text).first.click()
    matching = page.locator("fieldset[data-item='202']")
    letters = {text.strip(): "ABC"[n] for n, text in enumerate(matching.locator("ol li").all_inner_texts())}
    matching.get_by_label("节温器").select_option(label=f"{letters['冷却系']}　冷却系")
    page.get_by_text("已答 2　没答完 1　未答 3").wait_for()
    saved(page)
    assert violations(page) == []
    shot(page, "hall-every-type")
    page.reload()
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    assert page.get_by_label("第 1 空").input_value() == "25 m"
    assert one_hall.answers() == {"200": '["25 m","四"]', "201": "ABC", "202": "-B"}


@pytest.mark.parametrize(("paper", "field"), [({"every_type": True}, "input.blank"), ({"written": True}, "textarea")])
def test_what_was_typed_a_moment_ago_is_not_called_saved(
    one_hall: HallAtWork, paper: dict[str, bool], field: str
) -> None:
    one_hall.publish(count=3, **paper)
    page = one_hall.sits()
    whole_paper(page)
    saved(page)
    at_once = page.locator(field).first.evaluate("""field => {
        field.value = "25 m"; field.dispatchEvent(new Event("input", { bubbles: true }));
        return document.querySelector(".badge").textContent;
    }""")
    assert at_once == "待上传 1"
    saved(page)
    assert any("25 m" in text for text in one_hall.answers().values())


def test_short_answers_are_written_through_a_reload_and_an_outage(one_hall: HallAtWork) -> None:
    """asks 2 and 6: what is typed is saved without a button, kept through a reload, sent when the network is back."""
    one_hall.publish(count=3, written=True)
    page = one_hall.sits()
    whole_paper(page)
    essay = page.locator("fieldset[data-item='300'] textarea")
    essay.focus()
    page.keyboard.type("mabc 先热车")  # letters, M and arrows belong to the field
    page.keyboard.press("ArrowLeft")
    page.get_by_text("已写 8 字").wait_for()
    until(lambda: one_hall.answers() == {"300": "mabc 先热车"})
    saved(page)
    page.context.set_offline(True)
    part = page.locator("fieldset[data-item='302'] textarea")
    part.fill("电源、线路")
    part.blur()
    expect(page.locator(".badge")).to_have_text("待上传 1")
    page.context.set_offline(False)
    until(lambda: one_hall.answers() == {"300": "mabc 先热车", "302": "电源、线路"})
    page.reload()
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    assert essay.input_value() == "mabc 先热车"
    essay.fill("改过的答案")
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("回执").first.wait_for()
    assert one_hall.answers() == {"300": "改过的答案", "302": "电源、线路"}


def test_what_a_case_says_stands_above_its_parts(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, written=True)
    page = one_hall.sits()
    whole_paper(page)
    first, second = (page.locator(f"fieldset[data-item='{item}']") for item in ("301", "302"))
    assert first.locator(".lead").inner_text().startswith("案例")
    assert second.locator(".lead").count() == 0  # once above the first part
    until(lambda: first.locator("img.picture").evaluate("one => one.naturalHeight > 0"))
    page.get_by_role("heading", name="案例分析题（共 2 题，每题 10 分）").wait_for()
    assert violations(page) == []
    first.scroll_into_view_if_needed()
    shot(page, "hall-written")
    page.get_by_role("button", name="逐题显示").click()
    page.get_by_role("button", name=re.compile("^第 6 题")).click()
    assert page.locator(".lead").count() == 1


def test_more_time_is_shown_beside_the_original(one_hall: HallAtWork) -> None:
    """asks 12."""
    one_hall.publish(minutes=60)
    page, console = one_hall.sits(), one_hall.console()
    console.locator("[data-sitting]").first.click()
    console.get_by_role("button", name="延长时间").click()
    console.get_by_label("延长分钟数").fill("15")
    console.get_by_label("原因").fill("手部受伤")
    console.get_by_role("button", name="确定").click()
    console.get_by_text("60→75 分").wait_for()
    page.keyboard.press("a")
    page.get_by_text("原 60 分钟，延长至 75 分钟").wait_for()
    until(lambda: page.locator(".clock").inner_text().startswith("01:14"))


def test_the_page_needs_nothing_newer_than_browsers_of_five_years_ago() -> None:
    """Chromium 95: features that came later must not slip into the hall's pages."""
    from assay.hall.app import STATIC

    newer = {
        ".css": (":has(", "@layer", "@container", "dvh", "color-mix(", "&:", "text-wrap", "@property", "inert"),
        ".js": (".findLast", "structuredClone", "Object.groupBy", "AbortSignal.timeout", "AbortSignal.any", ".toSorted(",
                ".toReversed(", "Array.fromAsync", "Promise.withResolvers", "Promise.try", "static {", "/v\"", "Object.hasOwn",
                "navigator.locks", "crypto.subtle", "crypto.randomUUID"),
    }  # fmt: skip
    found = [
        (file.name, feature)
        for file in STATIC.rglob("*.*")
        for feature in newer.get(file.suffix, ())
        if "vendor" not in file.parts and feature in _code(file)
    ]
    assert found == []


def _code(file: Path) -> str:
    """The text without its comment lines."""
    return "\n".join(line for line in file.read_text().splitlines() if not line.startswith("//"))
