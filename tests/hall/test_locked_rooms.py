"""Rooms that ask for Safe Exam Browser, over HTTP: what comes in, what does not, on which paths, and who may be let in without."""

from __future__ import annotations

import plistlib
from typing import Any

import httpx
import pytest
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.tokens import READING
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack
from tests.hall.seb import PROGRAM, LockedBrowser, hashed, key_of, opened

pytestmark = pytest.mark.postgres
PATHS = [
    ("GET", "/api/profile", None),
    ("GET", "/api/paper", None),
    ("POST", "/api/key", {}),
    ("GET", "/api/state", None),
    ("GET", "/api/outcome", None),
    ("POST", "/api/answers", {"answers": [{"item": "100", "choice": "A", "rev": 1, "at": 0}]}),
    ("POST", "/api/remarks", {"kind": "focus"}),
    ("GET", "/api/blobs/dot", None),
    ("POST", "/api/late", {"answers": []}),
    ("POST", "/api/hand-in", {}),
]
"""Everything that a seat's page asks for."""
HASHES = ("x-safeexambrowser-configkeyhash", "x-safeexambrowser-requesthash")


def session_settings(console: Console) -> dict[str, Any]:
    """What the computers of the console's session are set up with."""
    password = console.client.get("/room/browser").json()["file_password"]
    return opened(console.client.get("/room/browser/file").content, password)


def status(client: httpx.Client, path: tuple[str, str, Any], **headers: str | bytes) -> int:
    method, address, body = path
    return client.request(method, address, json=body, headers=headers).status_code


def bare(seat: Browser) -> httpx.Client:
    """Another program with the seat's token."""
    token = seat.client.headers["authorization"]
    return httpx.Client(base_url=seat.client.base_url, headers={"authorization": token}, trust_env=False)


@pytest.mark.parametrize("by_page", [False, True], ids=["headers", "page"])
def test_the_sessions_browser_comes_in_and_goes_all_the_way(hall: Process, office: HallClient, by_page: bool) -> None:
    office.publish(pack(locked=True, picture=True))
    settings = session_settings(Console(hall.url))
    candidate = LockedBrowser(settings, by_page=by_page)
    assert candidate.start().save("100", "B").status_code == 200
    assert [status(candidate.client, path) for path in PATHS if path[1] not in ("/api/late", "/api/answers")] == [
        200
    ] * 8
    assert status(candidate.client, PATHS[-2]) == 202
    assert Console(hall.url).sittings()["p1-t0"].state == "handed_in"


def test_nothing_that_is_public_is_enough_to_come_in(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    forger = Browser(hall.url)
    assert forger.sign_in().status_code == 403
    public = forger.client.get("/assay.seb")
    known = plistlib.loads(public.content) if public.status_code == 200 else {}
    for url in (f"{hall.url}/api/sign-in", f"{hall.url}/"):
        forger.client.headers[HASHES[0]] = hashed(url, key_of(known))
        assert forger.sign_in().status_code == 403
    forger.client.params = {"door": httpx.URL(forger.client.get("/seb").headers["location"]).params["door"]}
    refused = forger.sign_in()
    assert (refused.status_code, "设置文件" in refused.json()["message"]) == (403, True)


def test_every_request_of_a_seat_needs_the_browser(hall: Process, office: HallClient) -> None:
    """With the token alone, with a hash of the page or of another address said everywhere, of another seat's door, of another session:
    nothing, on no path."""
    office.publish(pack(locked=True, picture=True))
    settings = session_settings(Console(hall.url))
    candidate, neighbour = LockedBrowser(settings).start(), LockedBrowser(settings, index=1).start()
    stranger = bare(candidate)
    config, door, others = key_of(settings), candidate.page.params["door"], neighbour.page.params["door"]
    for path in PATHS:
        own = f"{hall.url}{path[1]}"
        assert status(stranger, path) == 403
        assert status(stranger, path, **{HASHES[0]: hashed(f"{hall.url}/", config)}) == 403
        assert status(stranger, path, **{HASHES[0]: hashed(own, config)}) == 403
        by_door = (path[0], f"{path[1]}?door={door}", path[2])
        assert status(stranger, by_door) == 403
        for url in (f"{hall.url}/", own, f"{hall.url}/api/other?door={door}", f"{own}?door={others}"):
            assert status(stranger, by_door, **{HASHES[0]: hashed(url, config)}) == 403
        assert status(stranger, by_door, **{HASHES[0]: hashed(f"{own}?door={door}", "0" * 64)}) == 403
        assert status(stranger, by_door, **{HASHES[0]: b"\xe9"}) == 403
    assert candidate.state()["answers"] == {}
    assert candidate.save("100", "C").status_code == 200


def test_a_token_is_of_no_use_by_the_door_of_another_computer(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    settings = session_settings(Console(hall.url))
    candidate, elsewhere = LockedBrowser(settings).start(), LockedBrowser(settings, index=1)
    proxied = httpx.HTTPTransport(local_address="127.0.0.2")
    elsewhere.client = httpx.Client(base_url=hall.url, transport=proxied, trust_env=False)
    elsewhere.open()
    elsewhere.client.headers["authorization"] = candidate.client.headers["authorization"]
    assert elsewhere.client.get("/api/state").status_code == 403
    elsewhere.client.params = candidate.client.params
    assert elsewhere.client.get("/api/state").status_code == 200, "the page's own door, after its address had changed"
    del elsewhere.client.headers["authorization"]
    assert elsewhere.sign_in().status_code == 403, "nobody signs in by a door that was made for another computer"


def test_a_browser_that_was_opened_anew_goes_on_with_its_token(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    candidate = LockedBrowser(session_settings(Console(hall.url))).start()
    first = candidate.page
    candidate.open()
    assert candidate.page != first
    assert candidate.save("100", "D").status_code == 200
    assert not Console(hall.url).sittings()["p1-t0"].other_browser_from


def test_another_sessions_file_does_not_open_this_one(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    office.publish(pack(name="p2", locked=True))
    settings = session_settings(Console(hall.url))
    own = LockedBrowser(settings)
    own.ticket = "p2-t0"
    assert own.sign_in().status_code == 403
    assert LockedBrowser(settings).sign_in().status_code == 200


def test_the_passwords_are_for_who_acts_and_the_file_opens_with_them_only(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True, rooms=2))
    office.publish(pack(name="p2", rooms=1))
    console = Console(hall.url)
    told = console.client.get("/room/browser").json()
    assert told["address"] == hall.url
    assert told["exam_keys"] == {"第 1 考场": []}
    assert told["file_password"] != told["quit_password"]
    looking = Console(hall.url, kind=READING)
    assert looking.client.get("/room/browser").status_code == 403
    assert (
        opened(looking.client.get("/room/browser/file").content, told["file_password"])["startURL"] == f"{hall.url}/seb"
    )
    assert httpx.get(f"{hall.url}/room/browser/file", trust_env=False).status_code == 401
    every = Console(hall.url, room="*").client.get("/room/browser").json()
    assert set(every["exam_keys"]) == {"第 1 考场", "第 2 考场"}
    assert every["file_password"] == told["file_password"], "one file for all rooms of a session"


def test_only_registered_builds_come_in_once_there_are_any(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    console = Console(hall.url)
    settings = session_settings(console)
    candidate = LockedBrowser(settings).start()
    assert console.do(do="exam_keys", text="ab12").status_code == 400
    assert console.do(do="exam_keys", text=f"{'aa' * 32}\n{'bb' * 32}").status_code == 200
    refused = candidate.save("100", "A")
    assert (refused.status_code, "登记" in refused.json()["message"]) == (403, True)
    assert LockedBrowser(settings, index=1, program="bb" * 32).sign_in().status_code == 200
    assert LockedBrowser(settings, index=2, program="cc" * 32, by_page=True).sign_in().status_code == 403
    assert console.do(do="exam_keys", text=f"{PROGRAM.upper()}").status_code == 200
    assert candidate.save("100", "A").status_code == 200
    assert console.do(do="exam_keys", text="不限").status_code == 200
    assert LockedBrowser(settings, index=2, program="cc" * 32).sign_in().status_code == 200
    assert "专用浏览器不限定版本" in console.record()[0]


def test_builds_are_registered_for_all_rooms_that_ask_for_the_browser(hall: Process, office: HallClient) -> None:
    office.publish(pack(rooms=1))
    assert Console(hall.url).do(do="exam_keys", text=PROGRAM).status_code == 409
    assert Console(hall.url, room="*").do(do="exam_keys", room="*", text=PROGRAM).status_code == 200
    assert Console(hall.url).client.get("/room/browser").status_code == 404


def test_the_invigilator_lets_in_one_computer_without_the_browser(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True, picture=True))
    console, candidate = Console(hall.url), Browser(hall.url)
    deed = {"do": "other_browser", "sittings": ["p1-s0"], "text": "专用浏览器打不开"}
    assert console.do(**deed, places={"p1-s0": "127.0.0.1"}).status_code == 409, "it has not come yet"
    assert candidate.sign_in().status_code == 403
    assert console.sittings()["p1-t0"].other_browser_from == "127.0.0.1"
    assert "未用本场的考试专用浏览器" in console.record()[0]
    assert console.do(**{**deed, "text": " "}, places={"p1-s0": "127.0.0.1"}).status_code == 400
    assert console.do(**deed, places={"p1-s0": "10.9.9.9"}).status_code == 409
    assert console.do(**deed, places={"p1-s0": "127.0.0.1"}).status_code == 200
    assert "允许不用专用浏览器：1 号 考生0（127.0.0.1）：专用浏览器打不开" in console.record()[0]
    assert candidate.start().save("100", "B").status_code == 200
    assert Browser(hall.url, index=1).sign_in().status_code == 403, "nobody else at that computer"
    elsewhere = httpx.Client(
        base_url=hall.url,
        headers=dict(candidate.client.headers),
        transport=httpx.HTTPTransport(local_address="127.0.0.2"),
    )
    assert [status(elsewhere, path) for path in PATHS] == [403] * len(PATHS), "nor the candidate at another"
    assert console.sittings()["p1-t0"].other_browser_from == "127.0.0.2"
    assert candidate.hand_in().status_code == 200


def test_who_comes_with_the_browser_after_all_is_let_in_without_no_longer(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    console = Console(hall.url)
    assert Browser(hall.url).sign_in().status_code == 403
    deed = {"do": "other_browser", "sittings": ["p1-s0"], "text": "故障", "places": {"p1-s0": "127.0.0.1"}}
    assert console.do(**deed).status_code == 200
    elsewhere = LockedBrowser(session_settings(console))
    elsewhere.client = httpx.Client(
        base_url=hall.url, transport=httpx.HTTPTransport(local_address="127.0.0.2"), trust_env=False
    )
    elsewhere.open()
    assert elsewhere.sign_in().status_code == 200
    assert (console.sittings()["p1-t0"].other_browser_from, console.sittings()["p1-t0"].other_browser_at) == ("", "")
    assert Browser(hall.url).sign_in().status_code == 403


def test_a_stranger_with_a_wrong_number_is_not_told_to_the_invigilator(hall: Process, office: HallClient) -> None:
    """Nobody can have another candidate's seat shown as coming without the browser."""
    office.publish(pack(locked=True))
    assert Browser(hall.url).sign_in("410105200603159999").status_code == 401
    assert not Console(hall.url).sittings()["p1-t0"].other_browser_from


def test_a_room_that_asks_for_no_locked_browser_takes_any(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    candidate = Browser(hall.url)
    candidate.client.params = {"door": "anything"}
    assert candidate.start().save("100", "B").status_code == 200


@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_rehearsal_asks_for_the_same(hall: Process, office: HallClient, rehearsal: bool) -> None:
    office.publish(pack(locked=True, rehearsal=rehearsal, opened=rehearsal))
    settings = session_settings(Console(hall.url))
    assert Browser(hall.url).sign_in().status_code == 403
    assert LockedBrowser(settings).sign_in().status_code == 200
