"""An answer that is not whole is kept, and the page says what it lacks: on the answer card, and before the hand-in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.accessibility import violations
from tests.hall_pages.conftest import HallAtWork, goes_to, in_view, saved, whole_paper

pytestmark = pytest.mark.browser

LACKS = [
    ({"type": "multiple"}, "A", "只选了一项"),
    ({"type": "multiple"}, "AC", ""),
    ({"type": "multiple"}, "", ""),
    ({"type": "single"}, "A", ""),
    ({"type": "fill"}, '["25",""]', "还有 1 空没有填"),
    ({"type": "fill"}, '["25","-"]', ""),
    ({"type": "ordering"}, "A--", "还有 2 位没有排"),
    ({"type": "ordering"}, "ABC", ""),
    ({"type": "matching"}, "-B-", "还有 2 项没有选"),
    ({"type": "short"}, "先查 - 再换", ""),
    ({"type": "true_false"}, "对", ""),
]


def test_what_an_answer_lacks_follows_from_its_kind(one_hall: HallAtWork) -> None:
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    said = page.evaluate(
        """async (cases) => {
        const { lackOf } = await import("/static/answer_model.js");
        return cases.map(([item, choice]) => lackOf(item, choice));
    }""",
        [[item, choice] for item, choice, _ in LACKS],
    )
    assert said == [lacks for _, _, lacks in LACKS]


def test_one_option_of_several_is_no_whole_answer(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3)
    page = one_hall.sits()
    goes_to(page, 3)
    page.keyboard.press("a")
    saved(page)
    card = page.get_by_role("navigation", name="答题卡")
    number = card.get_by_role("button", name="第 3 题，没答完（只选了一项）")
    expect(number.locator(".sign")).to_have_text("◐")
    expect(card).to_contain_text("已答 0　没答完 1　未答 2　标记 0")
    assert len(one_hall.answers()) == 1, "it is kept all the same"
    page.get_by_role("button", name="交卷").click()
    overview = page.get_by_role("dialog")
    assert "共 3 题，已答 0 题，1 题没答完，还有 2 题未答" in overview.inner_text()
    expect(overview.get_by_text("第 3 题只选了一项")).to_be_visible()
    assert violations(page) == []
    overview.get_by_role("button", name="第 3 题，没答完").first.click()
    overview.wait_for(state="detached")
    page.keyboard.press("b")
    saved(page)
    expect(card.get_by_role("button", name="第 3 题，已答")).to_have_class("number current answered")
    expect(card).to_contain_text("已答 1　未答 2　标记 0")


def test_blanks_orders_and_matches_that_are_half_filled_are_named_before_the_hand_in(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, every_type=True)
    page = one_hall.sits()
    whole_paper(page)
    page.get_by_label("第 2 空").fill("四")
    page.locator("fieldset[data-item='201']").get_by_role("button", name="拆下").first.click()
    matching = page.locator("fieldset[data-item='202']")
    matching.get_by_label("节温器").select_option(index=1)
    page.get_by_text("没答完 3").wait_for()
    saved(page)
    page.get_by_role("button", name="交卷").click()
    overview = page.get_by_role("dialog")
    lacking = "第 4 题还有 1 空没有填；第 5 题还有 2 位没有排；第 6 题还有 1 项没有选。"
    expect(overview.get_by_text(lacking)).to_be_visible()
    assert violations(page) == []
    assert in_view(page, overview.get_by_role("button", name="确认交卷"))
