"""What passes between office and hall tells the network nothing, and what was caught there gets nothing from the hall."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from hypothesis import given, strategies
from starlette.applications import Starlette
from testbed import programs
from testbed.postgresql import Postgresql
from testbed.programs import Process

from assay.bridge.channel import NONCE_HEADER, VERSION_HEADER, Exchange, NotSealed
from assay.bridge.client import HallClient, HallRefused, HallUnreachable
from assay.bridge.contract import VERSION, EndedPass, Keys
from assay.hall.office import office_routes
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.packs import DOT, KEY, SALT, number_of, pack
from tests.hall.recorder import recorded, say

pytestmark = pytest.mark.postgres
SAID = SECRET.encode()


def secrets_of_pack() -> dict[str, bytes]:
    """What nobody on the way may read."""
    return {
        "stem": "道示例题".encode(), "option": "选项0-A".encode(), "name": "考生0".encode(), "number": number_of(0)[:14].encode(),
        "masked": b"410****", "salt": f'"{SALT}"'.encode(), "key": KEY, "key as text": base64.b64encode(KEY), "picture": DOT,
        "account": b"account-4711", "written": "更换机油滤清器".encode(), "written as text": json.dumps("更换机油")[1:-1].encode(),
        "sitting": b"p1-s0", "who opened": "督导员".encode(),
    }  # fmt: skip


def test_the_network_sees_nothing_of_an_exam(hall: Process) -> None:
    with recorded(hall.url) as network, HallClient(network.url, SAID) as office:
        office.publish(pack(opened=False, rehearsal=False, written=True, picture=True))
        office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
        browser = Browser(hall.url).start()
        assert browser.save("300", "更换机油滤清器").status_code == 200
        office.end_passes([EndedPass("account-4711", 5)])
        collected = office.collect("p1")
        assert collected.sittings[0].answers == {"300": "更换机油滤清器"}
        assert office.log("p1")[0].choice == "更换机油滤清器"
        with pytest.raises(HallRefused, match="已有考生开始作答"):
            office.withdraw("p1")
        sent, got = network.take()
    assert b"POST /office/packs" in sent
    assert got.count(b"HTTP/1.1 200") == 5
    for what, secret in secrets_of_pack().items():
        assert (what, secret in sent, secret in got) == (what, False, False)
    assert "作答".encode() not in got


def test_what_was_caught_is_answered_no_second_time(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    with recorded(hall.url) as network, HallClient(network.url, SAID) as caught:
        caught.collect("p1")
        caught.log("p1")
        caught.end_passes([EndedPass("7", 5)])
        sent, _ = network.take()
    for request in (b"GET" + part for part in sent.split(b"GET")[1:]):
        first, _, rest = request.partition(b"\r\n")
        for again in (first, first.replace(b" HTTP", b"?after=5 HTTP"), first.replace(b"/log/0", b"/log/1")):
            answer = say(hall.url, again + b"\r\n" + rest.partition(b"POST")[0])
            assert answer.startswith(b"HTTP/1.1 403")
            assert "这个请求已经办理过".encode() in answer or "签名不对".encode() in answer
    hall.stop()
    hall.start()
    answer = say(hall.url, b"GET" + sent.split(b"GET")[1].partition(b"GET")[0])
    assert "这个请求已经办理过".encode() in answer


def test_what_one_process_has_answered_no_other_answers(postgresql: Postgresql) -> None:
    database = postgresql.url("answered_once")
    first, second = (programs.hall(database, SECRET) for _ in range(2))
    try:
        first.start()
        second.start()
        with recorded(first.url) as network, HallClient(network.url, SAID) as office:
            office.publish(pack())
            network.take()
            office.collect("p1")
            sent, _ = network.take()
        assert "这个请求已经办理过".encode() in say(second.url, sent)
    finally:
        first.stop()
        second.stop()


def test_a_hall_whose_store_fails_is_not_taken_for_another_version() -> None:
    class Failing:
        async def first_time(self, nonce: str, stamp: int) -> bool:
            raise OSError("disk")

    door = httpx.ASGITransport(Starlette(routes=office_routes(None, None, None, Failing(), SAID)))  # type: ignore[arg-type]
    headers = Exchange.new("GET", "/office/packs/p1").headers(SAID, b"")

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=door, base_url="http://hall") as client:
            return await client.get("/office/packs/p1", headers=headers)

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep this thread's loop
        reply = apart.submit(asyncio.run, asked()).result()
    assert (reply.status_code, reply.headers[VERSION_HEADER]) == (503, str(VERSION))
    assert "稍后请再试" in reply.json()["message"]


def test_an_answer_is_believed_only_by_whoever_asked(hall: Process, office: HallClient) -> None:
    """Somebody in between gives an old answer to a new question, or one of his own."""
    office.publish(pack())
    with recorded(hall.url) as network, HallClient(network.url, SAID) as caught:
        caught.collect("p1")
        _, got = network.take()
    old = got.partition(b"\r\n\r\n")[2]
    for content_type, status, body in (
        ("application/vnd.assay.sealed", 200, old),
        ("application/json", 200, b"[]"),
        ("application/json", 404, b'{"message": "not here"}'),
    ):
        with false_hall(status, content_type, body) as url, HallClient(url, SAID) as deceived:
            with pytest.raises(HallUnreachable) as said:
                deceived.withdraw("p1")
            assert not isinstance(said.value, HallRefused)
            with pytest.raises(HallUnreachable):
                deceived.collect("p1")


@contextmanager
def false_hall(status: int, content_type: str, body: bytes, **headers: str) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(status)
            for name, value in {"content-type": content_type, "content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "kind", "body", "version", "said"),
    [
        (403, "application/json", '{"message": "签名不对"}', "", f"版本不一致（教务端第 {VERSION} 版，考试端较旧），请把两边更新"),
        (409, "application/json", '{"message": "x"}', str(VERSION + 1), f"考试端第 {VERSION + 1} 版"),
        (502, "text/html", "<h1>Bad Gateway</h1>", "", "答复的不是考试端（502）"),
    ],
)  # fmt: skip
def test_an_office_says_when_the_hall_is_of_another_version_or_none_at_all(
    status: int, kind: str, body: str, version: str, said: str
) -> None:
    more = {VERSION_HEADER: version} if version else {}
    with (
        false_hall(status, kind, body.encode(), **more) as url,
        HallClient(url, SAID) as office,
        pytest.raises(HallUnreachable, match=said),
    ):
        office.collect("p1")


def test_a_hall_says_when_the_office_is_of_another_version(hall: Process) -> None:
    earlier = {"x-assay-time": "1", "x-assay-digest": "0", "x-assay-signature": "0"}
    reply = httpx.get(f"{hall.url}/office/packs/p1", headers=earlier, trust_env=False)
    assert (reply.status_code, reply.headers[VERSION_HEADER]) == (409, str(VERSION))
    assert reply.json()["message"] == (
        f"教务端与考试端的版本不一致（教务端较旧，考试端第 {VERSION} 版），请把两边更新到同一版本"
    )
    later = Exchange.new("GET", "/office/packs/p1").headers(SAID, b"") | {VERSION_HEADER: "99"}
    assert "教务端第 99 版" in httpx.get(f"{hall.url}/office/packs/p1", headers=later, trust_env=False).text


def test_without_the_shared_secret_nothing_is_said(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    with HallClient(hall.url, b"another") as stranger, pytest.raises(HallUnreachable, match="签名不对"):
        stranger.collect("p1")
    exchange = Exchange.new("GET", "/office/packs/p1")
    headers = exchange.headers(SAID, b"") | {NONCE_HEADER: "0" * 32}
    assert httpx.get(f"{hall.url}/office/packs/p1", headers=headers, trust_env=False).status_code == 403


@given(strategies.binary(max_size=200), strategies.sampled_from(["method", "target", "stamp", "nonce", "secret"]))
def test_what_was_sealed_opens_nowhere_else(body: bytes, changed: str) -> None:
    one = Exchange("GET", "/office/packs/p1", "1700000000", "0" * 32)
    sealed, answer = one.seal_question(SAID, body), one.seal_answer(SAID, 404, body)
    assert one.open_question(SAID, sealed) == one.open_answer(SAID, 404, answer) == body
    fields = {"method": one.method, "target": one.target, "stamp": one.stamp, "nonce": one.nonce}
    other = Exchange(**{name: value + ("1" if name == changed else "") for name, value in fields.items()})
    secret = b"other" if changed == "secret" else SAID
    for opened in (
        lambda: other.open_question(secret, sealed),
        lambda: other.open_answer(secret, 404, answer),
        lambda: one.open_answer(SAID, 404, sealed),
        lambda: one.open_question(SAID, answer),
        lambda: one.open_answer(SAID, 200, answer),
    ):
        with pytest.raises(NotSealed):
            opened()
