"""When the hall itself was away: it notices, says so in every room at work, and offers the time to all of it. Halls of this very
process, their clock in our hand; killed ones at the end."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from testbed.postgresql import Postgresql
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.hall import presence, state
from assay.hall.absence import spell
from assay.hall.answers import AnswerPath, why_closed
from assay.hall.computers import Computers
from assay.hall.edit import Edit
from assay.hall.entrance import Entrance
from assay.hall.locked_rooms import Came, LockedRooms
from assay.hall.outages import BROKEN, keep_awake
from assay.hall.presence import write_presence
from assay.hall.refusal import Refusal
from assay.hall.rehearsal_clock import rehearsal_ms
from assay.hall.seat_map import room_shown
from assay.hall.sittings import Sittings
from assay.hall.state import MINUTE
from assay.hall.store.opening import store_for
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.morning import NOW, Happen, Morning
from tests.hall.packs import number_of, pack

pytestmark = pytest.mark.postgres


def test_a_hall_that_is_started_again_says_so_and_offers_the_time_to_all(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.away(110)
        assert await one.lines() == ["考试端重新启动，上次在线 14:08:13，14:10:03 恢复，中断 1 分 50 秒"]
        assert room_shown(one.room)["outage"] == {"from": NOW, "to": NOW + 110_000, "minutes": 2}
        await one.do("outage", accept=True, text="考试端中断")
        assert room_shown(one.room)["outage"] is None
        assert (one.sitting(0).minutes(), one.sitting(2).minutes()) == (62, 62)
        assert (await one.lines())[-1] == "考试端中断（14:08:13 至 14:10:03）：全场延长 2 分钟：考试端中断"
        with pytest.raises(Refusal):
            await one.do("outage", accept=True)
        await one.away(60)
        await one.do("outage")
        assert (await one.lines())[-1].endswith("不予补时")
        assert one.sitting(0).minutes() == 62

    morning(story)


def test_who_was_away_before_during_and_after_the_outage_has_lost_the_rest_only(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.work(60)
        one.hall.heard(one.sitting(1))  # the other one is away already
        await write_presence(one.hall, one.store)
        await one.away(120)
        await one.back(1)
        assert one.sitting(1).facts.away_ms == 0, "it was the hall that was away"
        one.now += 30_000
        await one.back(0)
        assert one.sitting(0).facts.away_ms == 90_000
        assert [line for line in await one.lines() if "离线" in line] == [
            "1 号 考生0 14:08:13 起离线，14:11:43 恢复，其中考试端中断 120 秒"
        ]

    morning(story)


def test_time_away_counts_when_the_hall_was_started_again_meanwhile(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.work(50)
        await one.away(2)
        assert room_shown(one.room)["outage"] is None, "a start of two seconds costs nobody anything"
        assert one.sitting(0).last_seen == NOW
        one.now += 58_000
        await one.back(0)
        assert one.sitting(0).facts.away_ms == 110_000
        assert one.sitting(0).minutes_due() == 2

    morning(story)


@pytest.mark.parametrize("away_s", [150, 200])
def test_whose_time_ran_out_while_the_hall_was_away_has_a_minute_to_deliver(morning: Happen, away_s: int) -> None:
    async def story(one: Morning) -> None:
        await one.take_up(minutes=3, grace_seconds=60)  # to the end two minutes, to the end of grace three
        await one.work(5)
        await one.away(away_s)
        sweep = Sittings(one.hall, one.committer).sweep
        one.now += 59_000
        await sweep()
        assert why_closed(one.sitting(0), 1) is None
        assert not one.sitting(0).facts.handed_in_at
        one.now += 2_000
        closed = why_closed(one.sitting(0), 1)
        assert closed is not None
        assert closed[1].error == "over"
        await sweep()
        assert one.sitting(0).closing() == "timed"

    morning(story)


def test_a_pause_makes_up_for_an_outage(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.do("pause", text="停电")
        await one.away(600)
        assert room_shown(one.room)["outage"] is None
        assert len([line for line in await one.lines() if line.startswith("考试端重新启动")]) == 1
        await one.do("resume")
        assert one.sitting(0).deadline() == NOW + 59 * MINUTE + 600_000
        await one.back(0)
        assert one.sitting(0).minutes_due() == 0

    morning(story)


def test_a_hall_that_stood_still_notices_it_too(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        one.now += 100_000
        await keep_awake(one.hall, one.committer)
        assert (await one.lines())[0].startswith(BROKEN)
        await keep_awake(one.hall, one.committer)
        assert len(await one.lines()) == 1

    morning(story)


def test_a_room_where_nobody_was_at_work_is_told_nothing(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()

        def all_go(edit: Edit, _: Any) -> None:
            for n in (0, 1):
                edit.sitting(one.sitting(n), handed_in_at=one.now)

        await one.committer.change(all_go)
        await one.away(600)
        assert await one.lines() == []

    morning(story)


def test_two_processes_tell_of_the_same_outage_once(postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch) -> None:
    database = postgresql.url("hall_outages")

    async def story() -> None:
        one, other = Morning(database), Morning(database)
        monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: one.now / 1000))
        monkeypatch.setattr(presence, "PAUSE_S", 0)
        await one.start()
        await one.take_up()
        await one.committer.stop()
        one.now += 120_000
        await asyncio.gather(one.start(), other.start())
        assert len(await one.lines()) == 1
        await one.committer.refresh()
        assert len(one.room.facts.outages) == 1
        one.now += 60_000
        await keep_awake(other.hall, other.committer)  # one process goes on, which is enough
        await one.away(1)
        assert len(one.room.facts.outages) == 2
        await one.committer.stop()
        await other.committer.stop()

    asyncio.run(story())


def test_a_rehearsal_goes_on_when_the_hall_is_started_again(morning: Happen) -> None:
    moment_asked = "2031-05-06T09:00+08:00"

    async def story(one: Morning) -> None:
        await one.take_up()
        first = await rehearsal_ms(one.store, moment_asked)
        await one.away(26 * 60)
        assert await rehearsal_ms(one.store, moment_asked) == first, "26 minutes later it is 26 minutes later"
        assert await rehearsal_ms(one.store, "2031-05-07T09:00+08:00") != first
        assert await rehearsal_ms(one.store, "") is None
        one.now += 20 * 3_600_000
        other_day = await rehearsal_ms(one.store, moment_asked)
        assert first is not None
        assert other_day == first - (20 * 60 + 26) * MINUTE, "on another day it begins again"

    morning(story)


def test_what_is_noted_beside_the_answers_leaves_them_as_durable_as_they_were(tmp_path: Path) -> None:
    async def story() -> None:
        store: Any = store_for(str(tmp_path / "hall.sqlite3"))
        await store.open()
        await store.note_presence([("s", "p", 1, 1)])
        with pytest.raises(sqlite3.Error):
            await store.note_presence([("s", None, 1, 1)])
        assert store._writer.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
        assert not store._writer.in_transaction
        await store.close()

    asyncio.run(story())


def test_a_computer_given_up_after_the_hall_was_away_is_not_waited_for_once_it_is_back(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        await one.away(110)
        await one.work(50)
        await one.do_to("move")
        assert one.sitting().facts.old_computer_since
        answers = AnswerPath(one.hall, one.committer, LockedRooms(one.committer, b""), b"")
        await answers.notice(one.sitting(), one.now, "10.0.0.1")
        assert not one.sitting().facts.old_computer_since

    morning(story)


@pytest.mark.parametrize("paused", [False, True])
def test_no_computer_is_offline_because_the_hall_was_away(morning: Happen, paused: bool) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        if paused:
            await one.do("pause", text="停电")
        await one.away(200)
        one.now += 20_000
        assert one.sitting().status(one.now) == ("paused" if paused else "answering")
        assert spell(one.sitting(), one.now) is None
        entrance = Entrance(one.hall, one.committer, LockedRooms(one.committer, b""), Computers(), b"")
        with pytest.raises(Refusal, match="已在另一台计算机上作答"):
            await entrance.sign_in("p1-t0", number_of(0), Came("", "", "", b"", b"", "10.0.0.9"))
        one.now += 30_000
        assert one.sitting().status(one.now) == "offline", "of these fifty seconds the hall was there"
        await entrance.sign_in("p1-t0", number_of(0), Came("", "", "", b"", b"", "10.0.0.9"))

    morning(story)


def test_nobody_has_been_idle_while_the_hall_was_away(morning: Happen) -> None:
    async def story(one: Morning) -> None:
        await one.take_up()
        one.sitting().last_save = one.now
        await one.away(600)
        one.now += 20_000
        one.hall.heard(one.sitting())
        assert one.sitting().status(one.now) == "answering"
        for _ in range(17):
            one.now += 10_000
            one.hall.heard(one.sitting())
        assert one.sitting().status(one.now) == "idle"

    morning(story)


def test_a_killed_hall_tells_of_it_and_knows_who_was_there(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    hall.kill()
    hall.start()
    assert browser.save("103", "B").status_code == 200
    assert console.room()["outage"] is None, "it was away for a second or two"
    assert not [line for line in console.record() if "离线" in line]


def test_a_hall_that_was_away_for_long_counts_what_was_lost_before_it_stopped(
    hall: Process, office: HallClient, hall_database: str
) -> None:
    """What it does at its start, and beside its work while it runs, as a program of its own."""
    office.publish(pack(starts_in_s=-600))
    console, browser = Console(hall.url), Browser(hall.url).start()
    browser.save("100", "A")
    ends = time.monotonic() + 40
    while not in_store(hall_database, "SELECT seen FROM presence WHERE sitting = 'p1-s0' AND saved > 0"):
        assert time.monotonic() < ends, "who was heard is never written down"
        time.sleep(0.2)
    hall.kill()  # his computer had been silent for 70 seconds when the hall went away for 110
    in_store(hall_database, "UPDATE mark SET value = value - 110000 WHERE name = 'awake'")
    in_store(hall_database, "UPDATE presence SET seen = seen - 180000")
    hall.start()
    assert browser.save("103", "B").status_code == 200
    told = console.record()
    assert [line for line in told if line.startswith("考试端重新启动，上次在线")], told
    (away,) = [line for line in told if line.startswith("1 号 考生0 ") and "起离线" in line]
    assert 110 <= int(re.findall(r"其中考试端中断 (\d+) 秒", away)[0]) < 150
    assert console.sittings()["p1-t0"].away == 2, "the seventy seconds alone, begun minutes count"


def in_store(database: str, statement: str) -> list[tuple[Any, ...]]:
    """What a statement to the hall's store gives."""
    if "://" in database:
        with psycopg.connect(database) as server:
            found = server.execute(statement)
            return found.fetchall() if found.description else []
    with contextlib.closing(sqlite3.connect(database)) as file, file:
        return file.execute(statement).fetchall()
