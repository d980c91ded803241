"""From the end of the time until everybody is collected the console says what goes on, and nobody vanishes from it."""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.hall_pages.conftest import HallAtWork
from tests.hall_pages.test_console import at_work_now, need, seat

pytestmark = pytest.mark.browser
WATCHED = """() => { const list = document.querySelector(".needs ul"); window.gaps = 0;
    new MutationObserver(() => { if (!list.textContent.includes("考生0")) window.gaps += 1; })
        .observe(list, { childList: true, subtree: true, characterData: true }); }"""


def test_between_the_end_and_the_collection_the_console_says_so_and_keeps_who_is_offline(
    one_hall: HallAtWork, tmp_path: Path
) -> None:
    one_hall.publish(starts_in_s=-20, minutes=1, grace_seconds=25, candidates=3)
    candidates = at_work_now(one_hall, 3)
    one_hall.process.stop()
    with sqlite3.connect(tmp_path / "hall.sqlite3") as database:
        now = int(time.time() * 1000)
        heard = [(f"p1-s{n}", "p1", now - (70_000 if n == 0 else 0), now) for n in range(3)]
        database.executemany("INSERT OR REPLACE INTO presence (sitting, pack, seen, saved) VALUES (?, ?, ?, ?)", heard)
    database.close()
    one_hall.process.start()
    one_hall.invigilator().do(do="extend", sittings=["p1-s1"], minutes=3, text="断电")
    console = one_hall.console()
    clock = console.locator(".bar .clock")
    expect(clock).to_have_text(re.compile(r"^最早 00:00:\d\d，最晚 00:03:\d\d$"))
    need(console, "1 号 考生0（1 分）离线。原机不能很快恢复的").wait_for()
    console.evaluate(WATCHED)
    expect(clock).to_have_text(re.compile(r"^2 人正在收卷，剩余 00:0[23]:\d\d$"), timeout=70_000)
    need(console, "1 号 考生0（1 分）离线，考试时间已到，正在收卷，还有").wait_for()
    expect(console.locator(seat(0))).to_contain_text(re.compile(r"✕ 离线 .*■ 时间到，正在收卷"))
    candidates[1].hand_in()
    expect(clock).to_have_text(re.compile(r"^正在收卷，还有 \d+ 秒$"))
    need(console, "起离线）交卷时离线，可能有未送达的答案").wait_for(timeout=70_000)
    assert console.evaluate("window.gaps") == 0
    expect(clock).to_have_text("全部已交卷")
