"""What may happen to a candidate's computer: the network gone, the browser killed, another computer, another tab, the
hall killed. Each time: what was acknowledged is stored, nothing of what was answered is lost, and the candidate finishes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed import network
from testbed.browsers import CHROMIUM, SWITCHES

from assay.bridge.contract import receipt_of, sheet_digest
from tests.accessibility import violations
from tests.hall_pages.conftest import HallAtWork, answer, chosen, kept, saved, until, whole_paper
from tests.patience import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.postgres]
needs_a_network = pytest.mark.skipif(not network.permitted(), reason="network namespaces are not permitted here")
SINGLES = ("100", "103", "106", "109")


def finish(page: Page) -> str:
    """Hand in; the receipt."""
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("已交卷").wait_for()
    return page.locator(".receipt").inner_text()


def same_as_shown(hall: HallAtWork, page: Page, index: int = 0) -> None:
    """What the page shows is, byte for byte, what the hall's log says."""
    shown = chosen(page)
    saved(page)
    assert hall.answers(index) == shown


def test_the_network_is_gone_for_a_while_and_answering_goes_on(at_work: HallAtWork) -> None:
    """asks 2, 4 and 5: answers are kept on the computer and sent by plain HTTP when it comes back."""
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.context.set_offline(True)
    for item in SINGLES:
        answer(page, item, "C")
    answer(page, "103", "D")
    expect(page.locator(".badge")).to_have_text("待上传 4")
    time.sleep(3)
    assert at_work.answers() == {"100": "A"}
    page.context.set_offline(False)
    same_as_shown(at_work, page)
    receipt = finish(page)
    (sitting,) = [s for s in at_work.collect().sittings if s.sitting == "p1-s0"]
    assert (sitting.receipt, sitting.answers) == (receipt, {"100": "C", "103": "D", "106": "C", "109": "C"})


def test_a_hand_in_without_network_waits_and_says_so(at_work: HallAtWork) -> None:
    """asks 3: nothing is discarded at the hand-in."""
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    page.context.set_offline(True)
    answer(page, "100", "B")
    page.get_by_role("button", name="交卷").first.click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("恢复后将自动上传 1 题并交卷").wait_for()
    assert not at_work.collect().sittings[0].handed_in_at
    page.context.set_offline(False)
    page.get_by_text("已交卷").wait_for()
    assert at_work.answers() == {"100": "B"}


def test_the_hall_is_killed_and_comes_back(at_work: HallAtWork) -> None:
    """asks 1: saved means committed; what was not is sent again from the journal."""
    at_work.publish()
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    at_work.process.kill()
    answer(page, "103", "B")
    answer(page, "102", "A", "C")
    expect(page.locator(".badge")).to_have_text("待上传 2")
    at_work.process.start()
    same_as_shown(at_work, page)
    finish(page)
    assert at_work.answers() == {"100": "A", "103": "B", "102": "AC"}


def test_a_reload_in_the_middle_of_an_outage_loses_nothing(at_work: HallAtWork) -> None:
    """asks 7 and 10: no sign-in again, the same time left, the journal is sent."""
    at_work.publish(minutes=60)
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.route("**/api/answers", lambda route: route.abort())
    answer(page, "100", "D")
    answer(page, "103", "C")
    expect(page.locator(".badge")).to_have_text("待上传 2")
    page.unroute("**/api/answers")
    page.reload()
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    assert chosen(page) == {"100": "D", "103": "C"}
    same_as_shown(at_work, page)
    assert page.locator(".clock").inner_text() < "01:00:00"


def test_a_browser_whose_own_store_does_not_answer_holds_nobody_up(at_work: HallAtWork) -> None:
    """IndexedDB of a busy computer may never open: answers go to the hall all the same, and the invigilator is told."""
    at_work.publish()
    context = at_work.computer()
    context.add_init_script("IDBFactory.prototype.open = () => new EventTarget();")
    page = at_work.sits(context=context)
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    until(lambda: any(event.kind == "journal" for event in at_work.collect().rooms[0].incidents))
    finish(page)
    assert at_work.answers() == {"100": "A"}


def test_the_browser_is_killed_and_opened_again(at_work: HallAtWork, browser: Browser, tmp_path: Path) -> None:
    at_work.publish()
    context = _own_browser(browser, tmp_path)
    page = at_work.sits(context=context)
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    context.set_offline(True)
    answer(page, "103", "B")
    answer(page, "106", "C")
    expect(page.locator(".badge")).to_have_text("待上传 2")
    until(
        lambda: sorted(one["item"] for one in kept(page)) == ["103", "106"]
    )  # it takes the disk some thousandths of a second
    _kill_browser(tmp_path)
    again = _own_browser(browser, tmp_path)
    page = at_work.page(again)
    page.get_by_role("button", name="交卷").wait_for()
    whole_paper(page)
    same_as_shown(at_work, page)
    finish(page)
    again.close()
    assert at_work.answers() == {"100": "A", "103": "B", "106": "C"}


def _own_browser(browser: Browser, folder: Path) -> BrowserContext:
    """A browser with a profile on disk, as on a computer of the room."""
    context = browser.browser_type.launch_persistent_context(
        folder / "profile", executable_path=CHROMIUM, args=SWITCHES
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _kill_browser(folder: Path) -> None:
    """Every process of this browser, as a power cut would."""
    found = subprocess.run(["pgrep", "-f", str(folder / "profile")], capture_output=True, text=True).stdout.split()
    for pid in found:
        with contextlib.suppress(ProcessLookupError):  # gone with its parent
            os.kill(int(pid), signal.SIGKILL)


def test_a_candidate_moves_to_another_computer_and_the_old_one_stands_still(at_work: HallAtWork) -> None:
    """asks 15: the invigilator allows it; the old computer can write no more."""
    at_work.publish()
    first = at_work.sits()
    whole_paper(first)
    answer(first, "100", "A")
    saved(first)
    second = at_work.page(at_work.computer())
    at_work.sign_in(second)
    second.get_by_text("已在另一台计算机上作答").wait_for()
    console = at_work.console()
    refused = console.get_by_role("listitem").filter(has_text="在另一台计算机（来自 127.0.0.1）登录，没有放行")
    refused.get_by_role("button", name="允许换机…").click()
    console.get_by_label("原因").fill("键盘失灵")
    console.get_by_role("button", name="确定").click()
    console.get_by_text("可换机").wait_for()
    expect(refused.get_by_role("button")).to_have_count(0)
    second.get_by_label("证件号码").fill("410105200603150000")
    second.get_by_role("button", name="登录").click()
    second.get_by_role("button", name="信息无误").click()
    second.get_by_role("button", name="交卷").wait_for()
    whole_paper(second)
    assert chosen(second) == {"100": "A"}
    answer(second, "103", "B")
    saved(second)
    answer(first, "100", "D")
    first.get_by_text("您已在另一台计算机上登录").wait_for()
    same_as_shown(at_work, second)
    finish(second)
    assert at_work.answers() == {"100": "A", "103": "B"}


def test_answers_that_an_old_computer_cannot_deliver_stay_beside_its_door(at_work: HallAtWork) -> None:
    """The candidate goes on elsewhere, and the hall does not take what the old computer holds: it is tried again, or carried over as a
    file, and the next candidate signs in there all the same."""
    at_work.publish()
    old = at_work.sits()
    whole_paper(old)
    old.context.set_offline(True)
    answer(old, "100", "A")
    until(lambda: len(kept(old)) == 1)
    deed = at_work.invigilator()
    deed.do(do="move", sittings=["p1-s0"], text="断网")
    new = at_work.sits()
    whole_paper(new)
    assert chosen(new) == {}
    old.context.route("**/api/late*", lambda route: route.fulfill(status=403, json={"message": "须使用考试专用浏览器"}))
    old.context.set_offline(False)
    left = old.get_by_role("region", name="没有送到的答案")
    expect(left).to_contain_text("本机保存的 1 题没有送到：须使用考试专用浏览器。请举手告诉监考员。")
    expect(old.get_by_role("alert").first).to_have_text("您已在另一台计算机上登录，本机不能再作答。")
    assert violations(old) == []
    old.reload()  # nobody is signed in, and nothing is forgotten
    old.get_by_label("准考证号").wait_for()
    expect(left).to_contain_text("本机保存的 1 题没有送到：须使用考试专用浏览器。")
    with old.expect_download() as saving:
        left.get_by_role("button", name="保存答案文件").click()
    assert saving.value.suggested_filename == "答案_p1-t0.json"
    loaded = deed.client.post("/room/file", content=saving.value.path().read_bytes())
    assert (loaded.status_code, loaded.json()["in_time"]) == (200, 1)
    at_work.sign_in(old, 1)
    old.get_by_role("button", name="信息无误").click()
    old.get_by_role("button", name="交卷").wait_for()
    whole_paper(old)
    assert chosen(old) == {}
    answer(old, "103", "C")
    saved(old)
    finish(old)
    old.get_by_role("button", name="下一位考生登录").click()
    expect(left).to_contain_text("本机保存的 1 题没有送到")
    old.context.unroute("**/api/late*")
    left.get_by_role("button", name="重试").click()
    old.get_by_text("本机保存的 1 题已送到，由监考员决定是否接收。").wait_for()
    expect(left).to_have_count(0)
    assert kept(old) == []
    old.reload()
    old.get_by_label("准考证号").wait_for()
    old.wait_for_timeout(500)
    expect(left).to_have_count(0)
    (late,) = deed.sittings()["p1-t0"].late
    deed.do(do="late", sittings=["p1-s0"], number=late["number"], accept=True, text="断网")
    assert (at_work.answers(), at_work.answers(1)) == ({"100": "A"}, {"103": "C"})


def test_what_brings_the_answers_of_a_left_computer_is_kept_for_a_day(one_hall: HallAtWork) -> None:
    one_hall.publish()
    page = one_hall.page(one_hall.computer())
    page.get_by_label("准考证号").wait_for()
    left = "async () => { const { keptLeft } = await import('/static/journal.js'); return (await keptLeft()).map((one) => one.sitting); }"
    page.route("**/api/late*", lambda route: route.fulfill(status=403, json={"message": "没有放行"}))
    page.evaluate("""async () => {
        const { Journal, keepLeft } = await import("/static/journal.js");
        const hour = 3600000, of = (sitting, hours) => ({ sitting, token: "x", file: null, at: Date.now() - hours * hour });
        for (const sitting of ["new", "old"]) await new Journal(sitting).put({ item: "100", choice: "A", rev: 1, at: 1 });
        await keepLeft([of("new", 23), of("old", 25)]);
    }""")
    page.reload()
    page.get_by_text("本机保存的 1 题没有送到：没有放行").wait_for()
    expect(page.get_by_role("button", name="重试")).to_have_count(1)
    until(lambda: page.evaluate(left) == ["new"])


def test_a_wrong_clock_on_the_computer_changes_nothing(at_work: HallAtWork) -> None:
    """asks 8: the time left is the hall's, whatever the computer's clock says."""
    at_work.publish(minutes=60)
    context = at_work.computer()
    context.add_init_script("const real = Date.now; Date.now = () => real() + 5 * 3600 * 1000;")
    page = at_work.sits(context=context)
    assert page.locator(".clock").inner_text().startswith("00:59")
    whole_paper(page)
    answer(page, "100", "C")
    saved(page)
    (entry,) = at_work.log()
    assert abs(entry.said_at - entry.at) < 2000
    finish(page)
    assert at_work.answers() == {"100": "C"}


def test_two_tabs_of_one_browser_cannot_overwrite_each_other(at_work: HallAtWork) -> None:
    """asks 15: the tab opened last answers; the other can take it back."""
    at_work.publish()
    context = at_work.computer()
    first = at_work.sits(context=context)
    whole_paper(first)
    answer(first, "100", "A")
    saved(first)
    second = at_work.page(context)
    second.get_by_role("button", name="交卷").wait_for()
    first.get_by_text("已在另一个标签页中作答").wait_for()
    whole_paper(second)
    answer(second, "103", "B")
    saved(second)
    first.get_by_role("button", name="在此页继续作答").click()
    second.get_by_text("已在另一个标签页中作答").wait_for()
    answer(first, "106", "C")
    saved(first)
    until(lambda: at_work.answers() == {"100": "A", "103": "B", "106": "C"})
    finish(first)


def test_answers_that_came_after_the_end_are_decided_by_the_invigilator(at_work: HallAtWork) -> None:
    """asks 3: late answers are kept with their time, and the record says what was decided."""
    at_work.publish(starts_in_s=-35, minutes=1, grace_seconds=1)
    page = at_work.sits()
    whole_paper(page)
    answer(page, "100", "A")
    saved(page)
    page.context.set_offline(True)
    answer(page, "103", "B")
    until(lambda: bool(at_work.collect().sittings[0].handed_in_at), 60)
    page.context.set_offline(False)
    page.get_by_text("时限内作答 1 题，由监考员决定").wait_for()
    assert at_work.answers() == {"100": "A"}
    console = at_work.console()
    console.get_by_role("button", name="作出决定").click()
    console.get_by_label("原因").fill("断网，答案在时限内作出")
    console.get_by_role("button", name="确定").click()
    until(lambda: at_work.answers() == {"100": "A", "103": "B"})
    collected = at_work.collect()
    said = [event for room in collected.rooms for event in room.incidents if event.kind == "late_decided"]
    assert [(event.by, "接受其中时限内的 1 题" in event.text) for event in said] == [("监考员甲", True)]
    assert collected.sittings[0].receipt == _receipt_now(collected.sittings[0].sitting, collected.sittings[0].answers)


def _receipt_now(sitting: str, answers: dict[str, str]) -> str:
    return receipt_of(sheet_digest(sitting, answers))


def test_an_answer_file_is_carried_over_and_nobody_can_change_it(at_work: HallAtWork, tmp_path: Path) -> None:
    at_work.publish(starts_in_s=-35, minutes=1, grace_seconds=0)
    page = at_work.sits()
    whole_paper(page)
    page.context.set_offline(True)
    answer(page, "100", "D")
    page.get_by_text("考试时间到，正在等待交卷").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="保存答案文件").click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    content = file.read_text()
    assert '"D"' not in content
    assert '"100"' not in content
    console = at_work.console()
    until(lambda: bool(at_work.collect().sittings[0].handed_in_at))
    spoilt = tmp_path / "spoilt.json"
    place = content.index('"sealed":"') + 14
    spoilt.write_text(content[:place] + ("A" if content[place] != "A" else "B") + content[place + 1 :])
    console.locator("input[type=file]").set_input_files(spoilt)
    console.get_by_text("已损坏或被改动").wait_for()
    console.locator("input[type=file]").set_input_files(file)
    console.get_by_role("button", name="作出决定").click()
    console.get_by_label("原因").fill("考生机断网，转交答案文件")
    console.get_by_role("button", name="确定").click()
    until(lambda: at_work.answers() == {"100": "D"})


@needs_a_network
def test_the_cable_is_pulled_and_nobody_is_told(at_work: HallAtWork, browser: Browser) -> None:
    """No refusal, no reset: packets just vanish, for longer than a request waits."""
    _cable_is_pulled(at_work, browser, 20)


@needs_a_network
@pytest.mark.soak
def test_the_cable_is_pulled_for_minutes(at_work: HallAtWork, browser: Browser) -> None:
    _cable_is_pulled(at_work, browser, 240)


def _cable_is_pulled(at_work: HallAtWork, browser: Browser, seconds: int) -> None:
    at_work.publish()
    at_work.open_to_the_network()
    with network.Network() as cable:
        far = browser.browser_type.launch(executable_path=cable.wrapper(CHROMIUM), args=SWITCHES)
        page = far.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://{cable.here}:{at_work.port()}")
        at_work.sign_in(page)
        page.get_by_role("button", name="信息无误").click()
        page.get_by_role("button", name="交卷").wait_for()
        whole_paper(page)
        answer(page, "100", "A")
        saved(page)
        cable.cut()
        for item in SINGLES:
            answer(page, item, "B")
        time.sleep(seconds)
        assert "待上传 4" in page.locator(".badge").inner_text()
        assert at_work.answers() == {"100": "A"}
        cable.mend()
        page.locator(".badge", has_text="已保存").wait_for(timeout=40_000)
        same_as_shown(at_work, page)
        finish(page)
        far.close()
    assert at_work.answers() == dict.fromkeys(SINGLES, "B")
