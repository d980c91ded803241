"""What the page says of an answer is so: saved is what the hall holds, whatever tabs, computers, pauses and cables do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.accessibility import violations
from tests.hall.console import Console
from tests.hall_pages.conftest import SECRET, HallAtWork, answer, chosen, kept, saved, until, whole_paper

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
ESSAY = "fieldset[data-item='300'] textarea"


def console_of(hall: HallAtWork) -> Console:
    return Console(hall.url, secret=SECRET)


def moves(hall: HallAtWork) -> Page:
    """The candidate, allowed by the invigilator, at a spare computer with the whole paper on the page."""
    assert console_of(hall).do(do="move", sittings=["p1-s0"], text="断网").status_code == 200
    page = hall.sits()
    whole_paper(page)
    return page


def seat(hall: HallAtWork) -> object:
    return console_of(hall).sittings()["p1-t0"]


def cut(page: Page) -> None:
    page.context.set_offline(True)


def mended(page: Page) -> None:
    page.context.set_offline(False)


def forgotten(page: Page) -> None:
    """The browser does not know any more who sat there; its journal stays."""
    page.evaluate("""() => { sessionStorage.clear(); return new Promise((resolve) => {
        const asked = indexedDB.open("assay-hall");
        asked.onsuccess = () => {
            const work = asked.result.transaction("kept", "readwrite");
            work.objectStore("kept").delete("token"); work.oncomplete = resolve;
        };
    }); }""")


def test_an_old_computer_brings_what_it_held_before_anybody_can_sign_in_there(at_work: HallAtWork) -> None:
    at_work.publish()
    old = at_work.sits()
    whole_paper(old)
    answer(old, "100", "A")
    saved(old)
    cut(old)
    for item, choice in (("103", "B"), ("106", "C"), ("109", "D")):
        answer(old, item, choice)
    spare = moves(at_work)
    answer(spare, "109", "A")
    saved(spare)
    assert seat(at_work).old_computer_since  # type: ignore[attr-defined]
    mended(old)
    old.get_by_label("准考证号").wait_for(timeout=40_000)
    assert "本机保存的 2 题已送到，由监考员决定是否接收" in old.get_by_role("alert").first.inner_text()
    assert violations(old) == []
    now = seat(at_work)
    assert [(one["source"], one["in_time"]) for one in now.late] == [("old", 2)]  # type: ignore[attr-defined]
    assert not now.old_computer_since  # type: ignore[attr-defined]
    assert at_work.answers() == {"100": "A", "109": "A"}  # nothing wins by itself
    done = console_of(at_work).do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网")
    assert done.status_code == 200
    until(lambda: chosen(spare) == {"100": "A", "103": "B", "106": "C", "109": "A"}, 30)  # its page hears of it
    saved(spare)
    assert at_work.answers() == chosen(spare)


def test_who_signs_in_again_in_the_same_browser_has_left_no_computer(at_work: HallAtWork) -> None:
    """The page there forgot who sat there; what it held it still holds, and sends."""
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    cut(page)
    answer(page, "103", "B")
    until(lambda: len(kept(page)) == 1)
    forgotten(page)
    mended(page)
    assert console_of(at_work).do(do="move", sittings=["p1-s0"], text="重开浏览器").status_code == 200
    page.reload()
    at_work.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    whole_paper(page)
    saved(page)
    until(lambda: not seat(at_work).old_computer_since, 40)  # type: ignore[attr-defined]
    assert at_work.answers() == {"100": "A", "103": "B"}
    assert "1 号 考生0 是在同一台计算机上重新登录的，没有未送达的答案" in console_of(at_work).record()


def test_an_older_unsent_answer_does_not_replace_a_newer_one_that_was_taken_in_meanwhile(at_work: HallAtWork) -> None:
    """The candidate, whose cable was out at the second computer too, has gone back to the first one."""
    at_work.publish()
    old = at_work.sits()
    whole_paper(old)
    cut(old)
    spare = moves(at_work)
    cut(spare)
    answer(spare, "103", "D")
    answer(spare, "103", "B")
    answer(old, "103", "A")
    mended(old)
    old.get_by_text("本机保存的 1 题已送到，由监考员决定是否接收").wait_for(timeout=40_000)
    done = console_of(at_work).do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网")
    assert done.status_code == 200
    mended(spare)
    until(lambda: chosen(spare) == {"103": "A"}, 30)
    saved(spare)
    assert at_work.answers() == {"103": "A"}


def test_an_old_computer_brings_what_it_held_after_a_reload_and_after_the_hand_in(at_work: HallAtWork) -> None:
    at_work.publish()
    old = at_work.sits()
    whole_paper(old)
    old.route("**/api/answers", lambda route: route.abort())
    answer(old, "103", "B")
    spare = moves(at_work)
    spare.get_by_role("button", name="交卷").first.click()
    spare.get_by_role("button", name="确认交卷").click()
    spare.get_by_text("已交卷").wait_for()
    old.unroute("**/api/answers")
    old.goto(at_work.url)
    old.get_by_text("本机保存的 1 题已送到，由监考员决定是否接收").wait_for()
    assert [one["source"] for one in seat(at_work).late] == ["old"]  # type: ignore[attr-defined]


def test_the_tab_that_is_taken_up_again_shows_what_the_other_one_saved(at_work: HallAtWork) -> None:
    at_work.publish(count=3, written=True)
    context = at_work.computer()
    first = at_work.sits(context=context)
    whole_paper(first)
    first.fill(ESSAY, "第一页写的")
    answer(first, "102", "A")
    saved(first)
    until(lambda: at_work.answers() == {"300": "第一页写的", "102": "A"})
    second = at_work.page(context)
    second.get_by_role("button", name="交卷").wait_for()
    whole_paper(second)
    second.fill(ESSAY, "第二页写的，长得多")
    answer(second, "102", "C")
    answer(second, "100", "B")
    saved(second)
    until(lambda: at_work.answers() == {"300": "第二页写的，长得多", "102": "AC", "100": "B"})
    assert violations(first) == []
    first.get_by_role("button", name="在此页继续作答").click()
    expect(first.locator(ESSAY)).to_have_value("第二页写的，长得多")
    assert chosen(first) == {"100": "B", "102": "AC"}
    first.get_by_text("已答 3").wait_for()
    first.locator(ESSAY).press("End")
    first.keyboard.type("!")
    until(lambda: at_work.answers()["300"] == "第二页写的，长得多!")


def test_card_and_items_agree_while_a_tab_that_is_taken_up_learns_what_the_other_one_saved(at_work: HallAtWork) -> None:
    at_work.publish(count=3, written=True)
    context = at_work.computer()
    first = at_work.sits(context=context)
    whole_paper(first)
    first.route("**/api/answers", lambda route: route.abort())
    answer(first, "102", "A")
    until(lambda: len(kept(first)) == 1)
    second = at_work.page(context)
    second.get_by_role("button", name="交卷").wait_for()
    whole_paper(second)
    answer(second, "102", "C")
    answer(second, "100", "B")
    saved(second)
    until(lambda: at_work.answers() == {"100": "B", "102": "AC"})
    # What the first tab kept is older; its disk is slow to drop it.
    first.evaluate(
        """() => {
            const slow = (transaction) => transaction.mode === "readwrite" ? 2000 : 0;
            Object.defineProperty(IDBTransaction.prototype, "oncomplete", { set(then) {
                this.addEventListener("complete", (event) => setTimeout(() => then.call(this, event), slow(this)));
            } });
            const all = (selector, told) => [...document.querySelectorAll(selector)].map(told);
            const items = () => all("fieldset.item", (one) => Boolean(one.querySelector("input:checked")));
            const card = () => all(".answer-card .number", (one) => /已答|没答完/.test(one.getAttribute("aria-label")));
            window.odd = [];
            setInterval(() => { if (String(items()) !== String(card())) window.odd.push([items(), card()]); }, 20);
        }"""
    )
    first.unroute("**/api/answers")
    first.get_by_role("button", name="在此页继续作答").click()
    until(lambda: chosen(first) == {"100": "B", "102": "AC"})
    saved(first)
    assert first.evaluate("() => window.odd") == []


def test_what_is_being_typed_when_another_tab_takes_over_is_not_lost(at_work: HallAtWork) -> None:
    at_work.publish(count=3, written=True)
    context = at_work.computer()
    first = at_work.sits(context=context)
    whole_paper(first)
    second = at_work.page(context)
    second.get_by_role("button", name="交卷").wait_for()
    whole_paper(second)
    # The second tab is taken back a moment after a key in it: nothing of it has been told yet.
    second.locator(ESSAY).focus()
    second.keyboard.type("刚刚写的")
    first.get_by_role("button", name="在此页继续作答").click()
    second.get_by_text("已在另一个标签页中作答").wait_for()
    expect(first.locator(ESSAY)).to_have_value("刚刚写的")
    until(lambda: at_work.answers() == {"300": "刚刚写的"})
    saved(first)


def test_a_tab_that_is_slow_to_take_the_exam_back_stands_back_when_another_one_takes_it(at_work: HallAtWork) -> None:
    at_work.publish(count=3)
    context = at_work.computer()
    first = at_work.sits(context=context)
    second = at_work.page(context)
    second.get_by_role("button", name="交卷").wait_for()
    waiting: list[Route] = []
    first.route("**/api/state", lambda route: waiting.append(route))
    first.get_by_role("button", name="在此页继续作答").click()
    second.get_by_role("button", name="在此页继续作答").click()
    first.get_by_role("button", name="在此页继续作答").wait_for()
    for route in waiting:
        route.continue_()
    answer(second, "100", "B")
    saved(second)
    assert waiting
    assert first.locator("fieldset.item:enabled").count() == 0
    first.unroute("**/api/state")
    # A click so soon after the other would count as its double.
    first.get_by_role("button", name="在此页继续作答").press("Enter")
    second.get_by_role("button", name="在此页继续作答").wait_for()
    expect(first.locator("fieldset.item:enabled").first).to_be_visible()
    assert chosen(first) == {"100": "B"}


def test_keys_of_a_pause_choose_nothing(at_work: HallAtWork) -> None:
    at_work.publish()
    page, console = at_work.sits(), console_of(at_work)
    page.keyboard.press("a")
    saved(page)
    before = at_work.answers()
    page.keyboard.press("ArrowRight")
    assert console.do(do="pause", text="停电").status_code == 200
    page.get_by_text("考试暂停").wait_for(timeout=30_000)
    for letter in "bcd":
        page.keyboard.press(letter)
    assert console.do(do="resume").status_code == 200
    page.get_by_text("考试暂停").wait_for(state="hidden")
    assert page.locator("fieldset.item input:checked").count() == 0
    whole_paper(page)
    assert chosen(page) == at_work.answers() == before


def test_what_was_typed_before_the_page_knew_of_a_pause_counts(at_work: HallAtWork) -> None:
    at_work.publish(count=3, written=True)
    page, console = at_work.sits(), console_of(at_work)
    whole_paper(page)
    page.fill(ESSAY, "甲乙丙")
    until(lambda: at_work.answers() == {"300": "甲乙丙"})
    saved(page)
    # The reply that tells of the pause arrives while the last word is less than a second old.
    assert console.do(do="pause", text="停电").status_code == 200
    page.evaluate("""() => {
        const area = document.querySelector("fieldset[data-item='300'] textarea");
        area.value = "甲乙丙丁戊"; area.dispatchEvent(new Event("input", { bubbles: true }));
        window.dispatchEvent(new Event("online"));
        document.querySelector("fieldset[data-item='100'] input").click();
    }""")
    page.get_by_text("考试暂停").wait_for()
    until(lambda: at_work.answers().get("300") == "甲乙丙丁戊")
    assert page.locator(ESSAY).is_disabled()
    assert console.do(do="resume").status_code == 200
    page.get_by_text("考试暂停").wait_for(state="hidden")
    expect(page.locator(ESSAY)).to_have_value("甲乙丙丁戊")
    expect(page.locator(ESSAY)).to_be_enabled()
    saved(page)


def test_an_older_unsent_answer_of_the_first_computer_does_not_replace_a_newer_one(at_work: HallAtWork) -> None:
    """Signed in again at the first computer, without its page ever having heard of the second: the journal is its own."""
    at_work.publish()
    context = at_work.computer()
    first = at_work.sits(context=context)
    whole_paper(first)
    answer(first, "100", "B")
    saved(first)
    cut(first)
    for choice in "ACBD":
        answer(first, "100", choice)
    answer(first, "103", "C")
    # The browser forgets who sat there, as when it is closed: the journal stays.
    forgotten(first)
    second = moves(at_work)
    answer(second, "100", "A")
    saved(second)
    first.close()
    context.set_offline(False)
    assert console_of(at_work).do(do="move", sittings=["p1-s0"], text="回原机").status_code == 200
    again = at_work.sits(context=context)
    whole_paper(again)
    assert chosen(again) == {"100": "A", "103": "C"}
    saved(again)
    assert at_work.answers() == {"100": "A", "103": "C"}


def test_the_pictures_of_the_whole_paper_are_there_with_the_cable_out(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, rich=True, written=True)
    context = one_hall.computer()
    asked: list[str] = []
    context.on("requestfinished", lambda request: asked.append(request.url) if "/api/blobs/" in request.url else None)
    page = one_hall.sits(context=context)
    page.get_by_role("button", name="第 3 题").click()  # without a picture
    until(lambda: len(asked) > 0, 30)
    cut(page)
    whole_paper(page)
    pictures = page.locator("img.picture")
    until(lambda: pictures.count() >= 2)
    until(lambda: all(pictures.evaluate_all("all => all.map((one) => one.naturalWidth > 0)")))
    assert page.get_by_text("图片正在载入").count() == 0


def test_a_picture_that_the_hall_has_not_keeps_no_other_from_being_fetched(one_hall: HallAtWork) -> None:
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    asked = page.evaluate("""async () => {
        const { Pictures } = await import("/static/pictures.js");
        const slowly = window.setTimeout, asked = [];
        window.setTimeout = (then, ms) => slowly(then, ms / 100);
        const blob = async (digest) => {
            asked.push(digest);
            if (digest === "gone" && asked.length < 7) throw new Error("404");
            return digest;
        };
        await new Pictures({ blob }).fetchAll([{ images: ["first", "gone", "next"] }, { images: ["last"] }], () => asked.length > 20);
        window.setTimeout = slowly;
        return asked;
    }""")
    assert asked == ["first", "gone", "gone", "gone", "next", "last", "gone"]


def test_a_picture_that_does_not_come_is_said_in_words_and_comes_later(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, picture=True)
    context = one_hall.computer()
    held: list[Route] = []
    context.route("**/api/blobs/**", lambda route: held.append(route))
    page = one_hall.sits(context=context)
    whole_paper(page)
    page.get_by_text("图片正在载入…").wait_for()
    assert violations(page) == []
    context.route("**/api/blobs/**", lambda route: route.abort())
    for route in held:
        route.abort()
    page.get_by_text("图片未能载入，请举手").wait_for()
    assert page.locator("img.picture").count() == 0
    assert violations(page) == []
    context.unroute("**/api/blobs/**")
    page.locator("img.picture").wait_for()
    assert page.locator("img.picture").evaluate("one => one.naturalWidth") == 1


def test_whoever_confirmed_and_reloads_waits_on_and_the_exam_begins_by_itself(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=12)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("练习题").wait_for()
    page.reload()
    page.get_by_text("练习题").wait_for()
    page.get_by_role("button", name="交卷").wait_for(timeout=30_000)


def test_who_waits_is_told_one_thing_of_the_network(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("试卷已下发").wait_for()
    ready = page.locator(".readiness")
    expect(ready).to_contain_text("网络 正常")
    cut(page)
    page.get_by_text("暂时连接不上考试服务器，正在重试").wait_for(timeout=30_000)
    expect(ready).to_contain_text("网络 连接不上考试服务器")
    expect(ready).not_to_contain_text("正常")
    mended(page)
    page.get_by_text("试卷已下发").wait_for(timeout=10_000)
    expect(ready).to_contain_text("网络 正常")


def test_a_computer_at_the_door_does_not_call_the_network_normal_while_the_hall_is_away(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=600)
    page = one_hall.page(one_hall.computer())
    ready = page.locator(".readiness")
    expect(ready).to_contain_text("网络 正常")
    cut(page)
    one_hall.sign_in(page)
    page.get_by_text("暂时连接不上考试服务器").wait_for()
    expect(ready).to_contain_text("网络 连接不上考试服务器")
    mended(page)
    expect(ready).to_contain_text("网络 正常", timeout=20_000)  # found out by itself


def test_whoever_has_not_confirmed_is_asked_again_after_a_reload(one_hall: HallAtWork) -> None:
    one_hall.publish(starts_in_s=60, candidates=2)
    context = one_hall.computer()
    page = one_hall.page(context)
    one_hall.sign_in(page)
    page.get_by_role("button", name="信息无误").click()
    page.get_by_text("练习题").wait_for()
    other = one_hall.page(context)  # the next one at this computer
    forgotten(other)
    other.reload()
    one_hall.sign_in(other, 1)
    other.get_by_role("button", name="信息无误").wait_for()
    other.reload()
    other.get_by_role("button", name="信息无误").wait_for()


def test_a_reload_is_warned_of_while_the_hall_cannot_be_reached(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.keyboard.press("a")
    saved(page)
    asks = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert not page.evaluate(asks)
    cut(page)
    until(lambda: bool(page.evaluate(asks)), 30)  # though nothing waits here
    saved(page)
    mended(page)
    until(lambda: not page.evaluate(asks))


def test_a_hand_in_that_waits_is_taken_back_and_answering_goes_on(at_work: HallAtWork) -> None:
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    cut(page)
    answer(page, "100", "B")
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_role("dialog", name="等待交卷").wait_for()
    page.get_by_role("button", name="继续作答").wait_for()
    assert violations(page) == []
    assert page.locator("fieldset.item input").first.is_disabled()
    page.get_by_role("button", name="继续作答").click()
    page.get_by_role("dialog", name="等待交卷").wait_for(state="detached")
    answer(page, "103", "C")
    mended(page)
    saved(page)
    assert at_work.answers() == {"100": "B", "103": "C"}
    assert not at_work.collect().sittings[0].handed_in_at


def test_a_hand_in_that_waits_until_the_time_is_over_says_so_and_is_not_taken_back_any_more(
    one_hall: HallAtWork,
) -> None:
    one_hall.publish(starts_in_s=-45, minutes=1, grace_seconds=60)
    page = one_hall.sits()
    whole_paper(page)
    cut(page)
    answer(page, "100", "B")
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_role("dialog", name="等待交卷").get_by_role("button", name="继续作答").wait_for()
    page.get_by_text("考试时间到，正在等待交卷").wait_for(timeout=30_000)
    assert page.get_by_role("button", name="继续作答").count() == 0
    assert page.locator("fieldset.item:enabled").count() == 0
    mended(page)
    page.get_by_text("考试时间到，系统已自动为您交卷").wait_for()
    assert one_hall.answers() == {"100": "B"}


def test_a_forced_hand_in_closes_what_lies_over_the_page(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").wait_for()
    assert console_of(one_hall).do(do="force", sittings=["p1-s0"], text="违纪").status_code == 200
    page.get_by_text("监考员已为您交卷").wait_for(timeout=30_000)
    assert page.locator("dialog[open]").count() == 0


def test_what_is_typed_in_the_last_second_was_given_before_the_end(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, written=True, starts_in_s=-50, minutes=1)
    page = one_hall.sits()
    whole_paper(page)
    cut(page)
    end = console_of(one_hall).sittings()["p1-t0"].end
    page.locator(ESSAY).wait_for()
    page.wait_for_function("() => document.querySelector('.clock').textContent === '00:00:01'", polling=20)
    page.fill(ESSAY, "最后一句")
    page.get_by_text("考试时间到，正在等待交卷").wait_for()
    expect(page.get_by_text(re.compile("可以继续作答|距考试结束还有"))).to_have_count(0)
    assert violations(page) == []
    (last,) = kept(page)
    assert last["choice"] == "最后一句"
    assert end - 2000 < last["at"] <= end
    mended(page)
    page.get_by_text("考试时间到，系统已自动为您交卷").wait_for()
    assert one_hall.answers() == {"300": "最后一句"}


def test_a_hand_in_that_may_have_arrived_cannot_be_taken_back(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    page.keyboard.press("a")
    saved(page)
    page.route("**/api/hand-in", lambda route: route.abort())
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("交卷请求已经发出").wait_for()
    assert not page.get_by_role("button", name="继续作答").is_visible()
    page.unroute("**/api/hand-in")
    page.get_by_text("已交卷").wait_for()


def test_a_file_with_all_answers_is_saved_at_any_time_and_what_the_hall_has_is_told_apart(
    at_work: HallAtWork, tmp_path: Path
) -> None:
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    answer(page, "103", "B")
    saved(page)
    cut(page)
    answer(page, "106", "C")
    page.get_by_role("button", name="答案文件").click()
    page.get_by_text("全部 3 题，其中 1 题考试服务器还没有收到").wait_for()
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="保存", exact=True).click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    console = at_work.console()
    console.locator("input[type=file]").set_input_files(file)
    console.get_by_text("2 题考试端都已收到，1 题请作出决定").wait_for()
    assert json.loads(file.read_text())["sitting"] == "p1-s0"


def test_an_answer_that_the_hall_refuses_is_not_called_saved(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.route(
        "**/api/answers",
        lambda route: (
            route.fulfill(status=422, json={"error": "not_on_paper", "message": "答案不属于本试卷"})
            if '"103"' in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    answer(page, "103", "B")
    answer(page, "106", "C")
    expect(page.locator(".badge")).to_have_text("未能保存 1")
    page.get_by_text("未能保存，请举手").first.wait_for()
    until(lambda: at_least(one_hall.answers(), {"100": "A", "106": "C"}))
    assert "103" not in one_hall.answers()
    numbers = page.get_by_role("navigation", name="答题卡").get_by_role("button", name="，已答")
    signs = {said.get_attribute("aria-label"): said.locator(".sign").inner_text() for said in numbers.all()}
    refused = [said for said, sign in signs.items() if sign == "✕"]
    assert sorted(signs.values()) == ["✓", "✓", "✕"]
    assert refused == [said for said in signs if said and said.endswith("已答，未能保存")]
    page.get_by_role("button", name="交卷").click()
    overview = page.get_by_role("dialog", name="确认交卷")
    assert "1 题未能保存，请先举手告诉监考员" in overview.inner_text()
    overview.get_by_role("button", name="未能保存").first.click()
    overview.wait_for(state="detached")
    assert violations(page) == []


def test_card_and_overview_tell_what_is_not_in_the_hall_yet_and_follow_it(one_hall: HallAtWork) -> None:
    one_hall.publish(count=3, written=True)
    page = one_hall.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    cut(page)
    answer(page, "101", "对")
    page.fill(ESSAY, "先查蓄电池")
    card, overview = page.get_by_role("navigation", name="答题卡"), page.get_by_role("dialog", name="确认交卷")
    card.get_by_role("button", name="第 2 题，已答，待上传").wait_for()
    card.get_by_role("button", name="第 4 题，已答，待上传").wait_for()
    assert card.get_by_role("button").locator(".sign").all_inner_texts()[:5] == ["✓", "↑", "", "↑", ""]
    page.get_by_role("button", name="交卷").click()
    overview.get_by_text("2 题还没有送到考试服务器，交卷前自动上传").wait_for()
    assert violations(page) == []
    overview.get_by_text("全部题目").click()
    overview.get_by_role("button", name="第 2 题，已答，待上传").wait_for()
    mended(page)
    overview.get_by_role("button", name="第 2 题，已答", exact=True).wait_for()
    expect(overview.get_by_text("还没有送到")).to_have_count(0)
    assert one_hall.answers() == {"100": "A", "101": "对", "300": "先查蓄电池"}
    overview.get_by_role("button", name="继续作答").click()
    assert card.get_by_role("button").locator(".sign").all_inner_texts()[:5] == ["✓", "✓", "", "✓", ""]


def at_least(there: dict[str, str], wanted: dict[str, str]) -> bool:
    return wanted.items() <= there.items()
