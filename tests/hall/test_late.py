"""Late answers are judged by what the hall knows, beside what their page counted; and remarks do not fill the record."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.contract import sheet_digest
from assay.hall.answers import Answer
from assay.hall.facts import Late, SittingFacts
from assay.hall.judging import SLACK_MS, Judgement, judgement, what_is_known
from assay.hall.late import LateAnswers
from assay.hall.state import Hall, LiveSitting
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import Happen, Morning
from tests.hall.packs import pack
from tests.hall.test_end_of_room import carry, change, file_of, late, offline_at_the_end, until

MINUTE = 60_000


def sitting(**facts: object) -> LiveSitting:
    """A sitting of a pack that began half an hour ago, of an hour."""
    live = Hall().admit(pack(starts_in_s=-1800, minutes=60), "digest").sittings["p1-s0"]
    live.facts = msgspec.structs.replace(SittingFacts(epoch=1, started_at=live.pack.starts_ms), **facts)
    return live


@given(st.integers(0, 2**45), st.integers(0, 2**45), st.integers(-(2**50), 2**50), st.booleans())
def test_nothing_is_in_time_after_a_hand_in_or_outside_of_the_sitting(
    since: int, until: int, at: int, handed_in: bool
) -> None:
    if Judgement(since, until, handed_in).in_time(at):
        assert not handed_in
        assert since <= at <= until


def test_between_the_start_and_the_end_an_answer_is_in_time() -> None:
    one = sitting()
    judge, starts, now = judgement(one, 0), one.pack.starts_ms, one.pack.now()
    assert judge.in_time(starts + 1000)
    assert judge.in_time(now)
    for at in (0, 1, starts - SLACK_MS - 1, now + 2 * SLACK_MS, one.deadline() + 1):
        assert not judge.in_time(at)


def test_after_a_closing_by_somebody_else_nothing_was_given() -> None:
    closed = sitting().pack.starts_ms + 10 * MINUTE
    one = sitting(handed_in_at=closed, forced=True)
    assert judgement(one, 0).in_time(closed - 1000)
    assert not judgement(one, 0).in_time(closed + 1000)


def test_what_a_computer_had_nothing_of_it_cannot_have_held_before() -> None:
    one = sitting()
    settled = one.pack.starts_ms + 20 * MINUTE
    assert not judgement(one, settled).in_time(settled - SLACK_MS - 1)
    assert judgement(one, settled).in_time(settled + 1)


def test_what_is_given_at_a_computer_after_its_candidate_left_is_not_the_candidates() -> None:
    one = sitting()
    left = one.pack.starts_ms + 20 * MINUTE
    judge = judgement(one, 0, old=True, left_at=left)
    assert judge.in_time(left)
    assert not judge.in_time(left + SLACK_MS + 1)


def test_what_the_hall_knows_is_said() -> None:
    one = sitting(handed_in_at=1_800_000_000_000, forced=True, by_time=True, missing_since=1_799_999_400_000)
    assert what_is_known(one).startswith("考试端最后与该机联系 15:50:00，此后离线")
    assert what_is_known(one).endswith("16:00:00 到时收卷")
    assert what_is_known(sitting()) == "考试端重新启动后没有与该机联系过，尚未交卷"


@pytest.mark.postgres
@pytest.mark.parametrize("accept", [True, False])
def test_who_has_ended_is_told_what_was_decided_and_which_receipt_counts(
    hall: Process, office: HallClient, accept: bool
) -> None:
    office.publish(pack(starts_in_s=-60))
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert browser.client.get("/api/outcome").json() == {
        "handed_in": False, "receipt": "", "closing": "", "replaced": [], "late": [],
    }  # fmt: skip
    browser.save("100", "A")
    assert console.do(do="force", sittings=["p1-s0"], text="违纪").status_code == 200
    first = browser.client.get("/api/outcome").json()["receipt"]
    assert late(browser, change("103", "B", 1)) == {"in_time": 1}
    (told,) = browser.client.get("/api/outcome").json()["late"]
    assert told == {"source": "network", "in_time": 1, "after": 0, "became": "open"}
    waits = f"您已交卷，回执 {first}；补交的答案等待监考员决定，接收后回执会改变"
    assert Browser(hall.url).sign_in().json()["message"] == waits
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=accept, text="断网").status_code == 200
    now = browser.client.get("/api/outcome").json()
    assert now["late"][0]["became"] == ("accepted" if accept else "refused")
    assert now["replaced"] == ([first] if accept else [])
    assert (now["receipt"] == first) is not accept
    assert now["receipt"] == console.sittings()["p1-t0"].receipt
    assert Browser(hall.url).sign_in().json()["message"] == f"您已交卷，回执 {now['receipt']}"


@pytest.mark.postgres
def test_after_the_own_hand_in_nothing_is_in_time_and_nothing_can_be_accepted(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    receipt = browser.hand_in().json()["receipt"]
    assert late(browser, change("103", "B", 1)) == {"refused": 1}
    (kept,) = console.sittings()["p1-t0"].late
    assert (kept["in_time"], kept["after"], kept["page_in_time"], kept["accepted"]) == (0, 1, 1, False)
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="试").status_code == 409
    assert browser.hand_in().json()["receipt"] == receipt
    line = next(line for line in console.record() if "送到" in line)
    assert line.startswith(
        "1 号 考生0 本人交卷后经网络送到 1 题，时限内 0 题（考生页面自记 1 题），未接收，原样保存备查。"
    )
    assert line.endswith(f"。{kept['known']}")
    assert "交卷" in kept["known"]
    assert office.collect("p1").sittings[0].answers == {"100": "A"}


@pytest.mark.postgres
def test_a_file_that_waited_when_its_candidate_handed_in_is_not_accepted(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert carry(console, file_of(browser, change("100", "B", 1)))["in_time"] == 1
    browser.hand_in()
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="试").status_code == 409
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=False, text="试").status_code == 200
    assert office.collect("p1").sittings[0].answers == {}


@pytest.mark.postgres
def test_only_what_was_counted_as_in_time_is_taken(hall: Process, office: HallClient) -> None:
    console, browser = offline_at_the_end(hall, office)
    now = int(time.time() * 1000)
    told = late(browser, change("103", "B", 1), change("106", "C", 1, at=now), change("109", "C", 1, at=1))
    assert told == {"in_time": 1, "after": 2}
    (kept,) = console.sittings()["p1-t0"].late
    assert kept["page_in_time"] == 2
    assert "此后离线" in kept["known"]
    assert kept["known"].endswith("到时收卷")
    assert any(line.endswith(kept["known"]) for line in console.record())
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    assert "接受其中时限内的 1 题" in console.record()[0]
    (sheet,) = office.collect("p1").sittings
    assert sheet.answers == {"100": "A", "103": "B"}
    assert sheet.sheet_digest == sheet_digest("p1-s0", sheet.answers)


@pytest.mark.postgres
def test_a_page_that_had_told_that_it_held_nothing_brings_nothing_from_before(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(starts_in_s=-120))
    console, browser = Console(hall.url), Browser(hall.url).start()
    assert browser.client.post("/api/answers", json={"answers": []}).status_code == 200
    assert console.do(do="force", sittings=["p1-s0"], text="试").status_code == 200
    before = int(time.time() * 1000) - SLACK_MS - 5000
    assert late(browser, change("103", "B", 1, at=before)) == {"after": 1}


@pytest.mark.postgres
def test_deliveries_of_an_earlier_version_are_still_there(hall: Process, office: HallClient) -> None:
    old = b'{"number":1,"at":5,"source":"file","in_time":2,"after":0,"first_said":1,"last_said":2}'
    known = msgspec.json.decode(old, type=Late)
    assert (known.accepted, known.known, known.settled_at) == (None, "", 0)
    console, browser = offline_at_the_end(hall, office)
    assert late(browser, change("103", "B", 1)) == {"in_time": 1}
    hall.kill()
    hall.start()
    until(lambda: len(console.sittings()["p1-t0"].late) == 1)
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200


@pytest.mark.postgres
def test_no_remark_fills_the_record_and_a_wrong_identity_is_shown_all_the_same(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=2))
    console = Console(hall.url)
    browser, other = Browser(hall.url).start(), Browser(hall.url, 1).start()
    for kind in ["focus"] * 60 + ["mismatch"] * 60:
        browser.client.post("/api/remarks", json={"kind": kind, "times": 50})
    other.client.post("/api/remarks", json={"kind": "paste"})
    seat = console.sittings()["p1-t0"]
    assert seat.mismatch
    assert seat.remarks["focus"] == 300
    lines = console.record()
    assert len([line for line in lines if "离开考试窗口" in line]) <= 30
    assert len([line for line in lines if "报告信息不符" in line]) == 1
    assert any("考生1：粘贴" in line for line in lines)


@pytest.mark.postgres
def test_a_page_tells_only_what_a_page_can_know(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    for kind in ("second_sign_in", "wrong_number", "address", "other"):
        assert browser.client.post("/api/remarks", json={"kind": kind}).status_code == 400


def away(console: Console, hall: Process) -> Browser:
    """The spare computer of a candidate whose first one fell silent: the invigilator allows it."""
    assert console.do(do="move", sittings=["p1-s0"], text="换机").status_code == 200
    return Browser(hall.url).start()


def moved(hall: Process, office: HallClient) -> tuple[Console, Browser, Browser]:
    """A candidate at a second computer; the first one's cable is out."""
    office.publish(pack(starts_in_s=-60))
    console, old = Console(hall.url), Browser(hall.url).start()
    old.save("100", "A")
    return console, old, away(console, hall)


@pytest.mark.postgres
def test_what_an_old_computer_still_held_is_offered_and_taken_where_nothing_newer_is_there(
    hall: Process, office: HallClient
) -> None:
    console, old, spare = moved(hall, office)
    assert console.sittings()["p1-t0"].old_computer_since
    now = int(time.time() * 1000)
    newer = [{"item": "106", "choice": "B", "rev": 1, "at": now - 1000}]
    assert spare.client.post("/api/answers", json={"answers": newer}).status_code == 200
    told = late(old, change("103", "B", 1), change("106", "C", 4), change("109", "D", 1, at=now - 500))
    assert told == {"known": 1, "in_time": 2}  # 106 was answered later at the spare one, though in fewer steps
    seat = console.sittings()["p1-t0"]
    assert [(one["source"], one["in_time"], one["accepted"]) for one in seat.late] == [("old", 2, None)]
    assert seat.old_computer_since == 0
    assert any("旧机补来 2 题，时限内 2 题" in line for line in console.record())
    assert office.collect("p1").sittings[0].answers == {"100": "A", "106": "B"}  # nothing wins by itself
    assert spare.state()["late_taken"] == 0
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    assert office.collect("p1").sittings[0].answers == {"100": "A", "103": "B", "106": "B", "109": "D"}
    assert spare.state()["late_taken"] == 1  # its page looks again


@pytest.mark.postgres
def test_what_an_old_computer_says_once_more_later_is_offered_although_it_counts_its_steps_anew(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    console, old, now = Console(hall.url), Browser(hall.url).start(), int(time.time() * 1000)
    first = [change("103", "A", 1, at=now - 3000)]
    assert old.client.post("/api/answers", json={"answers": first}).status_code == 200
    spare = away(console, hall)
    assert (
        spare.client.post("/api/answers", json={"answers": [change("103", "C", 2, at=now - 2000)]}).status_code == 200
    )
    assert late(old, *first) == {"known": 1}
    assert late(old, change("103", "A", 1, at=now - 1000)) == {"in_time": 1}
    assert late(old, change("103", "A", 1, at=now - 1000)) == {"waiting": 1}
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    assert office.collect("p1").sittings[0].answers == {"103": "A"}


@pytest.mark.postgres
@pytest.mark.parametrize("order", ["earlier first", "later first"])
@pytest.mark.parametrize("taken", ["", "A"])
def test_of_two_old_computers_the_later_word_counts_also_where_it_says_what_the_hall_has(
    hall: Process, office: HallClient, order: str, taken: str
) -> None:
    console, first, second = moved(hall, office)
    now = int(time.time() * 1000)
    if taken:
        said = {"answers": [change("103", taken, 1, at=now - 5000)]}
        assert second.client.post("/api/answers", json=said).status_code == 200
    away(console, hall)
    given = [(first, change("103", "B", 1, at=now - 2000)), (second, change("103", taken, 2, at=now - 1000))]
    for computer, answer in given if order == "earlier first" else reversed(given):
        assert late(computer, answer) == {"in_time": 1}
    for number in (1, 2):
        assert console.do(do="late", sittings=["p1-s0"], number=number, accept=True, text="断网").status_code == 200
    assert office.collect("p1").sittings[0].answers.get("103", "") == taken


@pytest.mark.postgres
def test_a_page_that_does_not_know_what_was_taken_in_compares_before_it_saves(
    hall: Process, office: HallClient
) -> None:
    console, old, spare = moved(hall, office)
    now = int(time.time() * 1000)
    earlier = {"item": "103", "choice": "B", "rev": 2, "at": now - 2000}  # changed twice while the cable was out
    assert late(old, change("103", "A", 1, at=now - 1000)) == {"in_time": 1}
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    kept = spare.client.post("/api/answers", json={"answers": [earlier], "late_taken": 0})
    assert (kept.status_code, kept.json()["error"]) == (409, "revision")
    assert office.collect("p1").sittings[0].answers == {"100": "A", "103": "A"}
    known = spare.client.post(
        "/api/answers", json={"answers": [{**earlier, "choice": "C", "at": now}], "late_taken": 1}
    )
    assert known.status_code == 200
    assert office.collect("p1").sittings[0].answers == {"100": "A", "103": "C"}


@pytest.mark.postgres
def test_an_old_computer_that_holds_nothing_reports_that(hall: Process, office: HallClient) -> None:
    console, old, spare = moved(hall, office)
    hall.kill()
    hall.start()
    assert console.sittings()["p1-t0"].old_computer_since  # kept until it has reported
    assert old.client.post("/api/answers", json={"answers": []}).status_code == 409
    assert late(old) == {}
    assert console.sittings()["p1-t0"].old_computer_since == 0
    assert "的旧机（第 1 次登录）" in console.record()[0]
    assert spare.save("103", "B").status_code == 200


@pytest.mark.postgres
def test_an_earlier_sign_in_at_the_same_computer_is_no_old_computer_after_the_hand_in(
    hall: Process, office: HallClient
) -> None:
    """Whoever signs in twice before anything is answered, and hands in, has left no computer that may hold answers."""
    office.publish(pack())
    first = Browser(hall.url)
    assert first.sign_in().status_code == 200
    second = Browser(hall.url).start()
    assert second.save("100", "A").status_code == 200
    assert second.hand_in().status_code == 200
    now = int(time.time() * 1000)
    assert late(first, change("103", "B", 1, at=now - 60_000)) == {"refused": 1}
    console = Console(hall.url)
    (told,) = console.sittings()["p1-t0"].late
    assert told["accepted"] is False
    assert not [line for line in console.record() if "重新启动" in line or "旧机" in line]
    assert told["known"].startswith("来自第 1 次登录的页面，没有等候其中的答案，考生 ")
    assert "旧机" not in told["known"]


def test_each_old_computer_reports_for_itself(hall: Process, office: HallClient) -> None:
    console, first, second = moved(hall, office)
    third = away(console, hall)
    assert late(first) == {}
    assert console.sittings()["p1-t0"].old_computer_since
    assert late(second, change("103", "B", 1)) == {"in_time": 1}
    assert console.sittings()["p1-t0"].old_computer_since == 0
    assert late(third) == {}


@pytest.mark.postgres
def test_an_old_computer_that_comes_after_the_hand_in_at_another_is_decided_about(
    hall: Process, office: HallClient
) -> None:
    console, old, spare = moved(hall, office)
    receipt = spare.hand_in().json()["receipt"]
    assert late(old, change("103", "B", 1), change("106", "B", 1, at=int(time.time() * 1000) + 60_000)) == {
        "in_time": 1,
        "after": 1,
    }
    (told,) = console.sittings()["p1-t0"].late
    assert told["known"].startswith("第 1 次登录的旧机 ")
    assert "起不用旧机（已第 2 次登录），旧机上此后的作答不计时限内，" in told["known"]
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    (sheet,) = [s for s in office.collect("p1").sittings if s.sitting == "p1-s0"]
    assert sheet.answers == {"100": "A", "103": "B"}
    assert f"回执由 {receipt} 改为 {sheet.receipt}" in console.record()[0]


@pytest.mark.postgres
def test_nothing_counts_that_was_given_at_a_computer_after_its_candidate_had_left_it(morning: Happen) -> None:
    """Whoever sits down there does not answer for the candidate."""

    async def story(one: Morning) -> None:
        await one.take_up()
        left = one.now
        await one.do_to("give_back")
        await one.work(120)
        answers = [Answer("103", "B", 1, left - 1000), Answer("106", "B", 1, left + SLACK_MS + 1000)]
        arrival = await LateAnswers(one.committer).come(one.sitting(), answers, "network", epoch=1)
        assert (arrival.in_time, arrival.after) == (1, 1)
        (late,) = one.sitting().facts.late
        assert late.page_in_time == 2
        assert late.known.startswith("第 1 次登录的旧机 ")
        assert "没有联系，考生 14:08:13 起不用旧机（尚未再次登录），旧机上此后的作答不计时限内，" in late.known
        await LateAnswers(one.committer).decide(one.sitting(), 1, True, "断网", "监考员甲")
        assert [row[:3] for row in await one.store.read("answers", "p1-s0")] == [("103", 1, "B")]

    morning(story)


@pytest.mark.postgres
def test_an_offer_that_was_answered_anew_meanwhile_does_not_win(hall: Process, office: HallClient) -> None:
    console, old, spare = moved(hall, office)
    assert late(old, change("103", "B", 3), change("106", "C", 1)) == {"in_time": 2}
    now = int(time.time() * 1000)
    answers = [{"item": "103", "choice": "D", "rev": 1, "at": now}]
    assert spare.client.post("/api/answers", json={"answers": answers}).status_code == 200
    assert console.do(do="late", sittings=["p1-s0"], number=1, accept=True, text="断网").status_code == 200
    assert office.collect("p1").sittings[0].answers == {"100": "A", "103": "D", "106": "C"}
    assert "另 1 题考试端已有更新的答案，以其为准" in console.record()[0]
