"""Passes to the console: looking on is not acting, a pass ends with its holder's right, and odd ones open nothing."""

from __future__ import annotations

import time

import httpx
import pytest
from testbed.programs import Process

from assay.bridge.channel import NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER, VERSION_HEADER
from assay.bridge.client import HallClient
from assay.bridge.contract import VERSION, EndedPass
from assay.bridge.tokens import READING
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres


def test_who_looks_on_sees_everything_and_does_nothing(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    reader = Console(hall.url, "*", "督导员", kind=READING)
    before = reader.record()
    for deed in (
        *({"do": deed, "sittings": ["p1-s0"], "text": "试", "minutes": 5} for deed in (*ON_SITTINGS, "force", "late")),
        *({"do": deed, "room": room, "text": "试", "minutes": 5} for deed in ON_ROOM for room in ("r0", "*")),
        {"do": "nothing"},
    ):
        refused = reader.client.post("/room/act", json=deed)
        assert (refused.status_code, refused.json()["message"][:4]) == (403, "只看不办")
    assert reader.client.post("/room/file", content=b"{}").status_code == 403
    assert [line for line in reader.record() if "没有放行" not in line] == before
    picture = reader.client.get("/room/state").json()
    assert (picture["may_act"], picture["who"]) == (False, "督导员")
    assert reader.sittings()["p1-t0"].state == "answering"
    assert browser.state()["message"] == ""
    assert Console(hall.url).client.get("/room/state").json()["may_act"] is True


def test_a_pass_that_ended_is_refused_from_then_on_also_after_a_restart(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    own, other = Console(hall.url), Console(hall.url, account="8")
    assert own.do(do="note", text="试").status_code == 200
    now = int(time.time())
    for _ in range(2):
        office.end_passes([EndedPass("7", now)])
    for _ in range(2):
        assert own.do(do="note", text="试").status_code == 401
        assert own.client.get("/room/state").status_code == 401
        assert own.client.get("/room/r0/record").status_code == 401
        assert other.do(do="note", text="试").status_code == 200
        hall.kill()
        hall.start()
    assert Console(hall.url, made=now + 1).do(do="note", text="试").status_code == 200


def test_who_was_replaced_in_one_room_keeps_the_others(hall: Process, office: HallClient) -> None:
    office.publish(pack(rooms=2))
    first, second = Console(hall.url, "r0"), Console(hall.url, "r1")
    office.end_passes([EndedPass("7", int(time.time()), "r0")])
    assert first.client.get("/room/state").status_code == 401
    assert second.client.get("/room/state").status_code == 200


def test_an_older_end_does_not_undo_a_newer_one(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, now = Console(hall.url), int(time.time())
    office.end_passes([EndedPass("7", now), EndedPass("7", now - 100)])
    assert console.client.get("/room/state").status_code == 401


def test_a_console_that_is_open_ends_with_its_pass(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    with Console(hall.url).client.stream("GET", "/room/events", timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: whole"
        office.end_passes([EndedPass("7", int(time.time()))])
        assert list(lines)  # it comes to an end


def test_a_pass_lasts_as_much_longer_as_its_room_was_given(hall: Process, office: HallClient) -> None:
    office.publish(pack(rooms=2))
    assert Console(hall.url, lasts=-5).client.get("/room/state").status_code == 401
    Console(hall.url).do(do="extend", minutes=1, text="停电")
    assert Console(hall.url, lasts=-5).client.get("/room/state").status_code == 200
    assert Console(hall.url, lasts=-70).client.get("/room/state").status_code == 401
    assert Console(hall.url, "r1", lasts=-5).client.get("/room/state").status_code == 401


def test_odd_tokens_open_nothing_and_break_nothing(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    for token in ("é", "中文".encode().decode("latin-1"), "=", "a.b", "....", "YQ.é", "A" * 8000):
        headers = {"authorization": f"Bearer {token}".encode("latin-1")}
        for method, path in (
            ("GET", "/api/state"), ("POST", "/api/answers"), ("POST", "/api/late"), ("GET", "/room/state"), ("POST", "/room/act"),
        ):  # fmt: skip
            reply = httpx.request(method, hall.url + path, headers=headers, json={"answers": []}, trust_env=False)
            assert (path, reply.status_code) == (path, 401)
            assert reply.json()["message"]


def test_odd_signatures_open_nothing_and_break_nothing(hall: Process) -> None:
    now = str(int(time.time()))
    right = "0" * 32
    for stamp, nonce, signature in (
        ("9" * 5000, right, "a"), ("٣", right, "a"), ("", right, "é"), (now, right, "é"), ("-1", right, ""), (now, "é", "a"), (now, "", ""),
    ):  # fmt: skip
        headers = {
            VERSION_HEADER: str(VERSION).encode(), TIME_HEADER: stamp.encode(), NONCE_HEADER: nonce.encode(),
            SIGNATURE_HEADER: signature.encode(),
        }  # fmt: skip
        assert httpx.get(f"{hall.url}/office/packs/p1", headers=headers, trust_env=False).status_code == 403
