"""Nothing that a client sends, or does not send, is without an end; and no thread waits for it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from assay.front import buffered, patience
from tests.front.serving import LARGE, SEATS, USUAL, Small, served

HOST = "127.0.0.1"


@pytest.fixture
def small() -> Small:
    return Small()


@pytest.fixture
def port(small: Small) -> Iterator[int]:
    with served(small) as found:
        yield found


def connected(port: int, sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection((HOST, port), timeout=10)
    connection.sendall(sent)
    return connection


def said(connection: socket.socket) -> bytes:
    """Everything until the server hangs up."""
    got = b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def taken(connection: socket.socket, piece: bytes, times: int) -> bool:
    """Whether the server takes all this without hanging up."""
    try:
        for _ in range(times):
            connection.sendall(piece)
    except OSError:
        return False
    return True


def post(path: str, head: str = "", body: bytes = b"") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode() + body


def chunks(size: int, piece: int = 500) -> Iterator[bytes]:
    for start in range(0, size, piece):
        yield b"a" * min(piece, size - start)


def test_half_sent_requests_take_no_thread(port: int, small: Small) -> None:
    waiting = [connected(port, post("/", "Content-Length: 500\r\n", b"abc")) for _ in range(10 * SEATS)]
    waiting += [connected(port, b"POST / HTTP/1.1\r\nHost: loc") for _ in range(10 * SEATS)]
    started = time.monotonic()
    assert httpx.get(f"http://{HOST}:{port}/", trust_env=False).text == "0"
    assert time.monotonic() - started < 1
    assert [environ["REQUEST_METHOD"] for environ in small.seen] == ["GET"]
    for connection in waiting:
        connection.close()


@pytest.mark.parametrize(
    ("deadline", "sent"),
    [
        ("HEAD_S", b""),
        ("HEAD_S", b"POST / HTTP/1.1\r\nHost: loc"),
        ("BODY_S", post("/", "Content-Length: 500\r\n", b"abc")),
        ("BODY_S", post("/", "Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n")),
    ],
)
def test_who_does_not_go_on_is_told_and_hung_up_on(
    deadline: str, sent: bytes, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, deadline, 0.3)
    with served(small) as port:
        started = time.monotonic()
        assert said(connected(port, sent)).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started < 5
    assert not small.seen


def test_the_second_request_of_a_connection_has_a_deadline_too(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 0.3)
    with served(small) as port:
        for rest in (b"GET / HTT", b"\r\n"):
            answer = said(connected(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + rest))
            assert answer.startswith(b"HTTP/1.1 200")
    assert len(small.seen) == 2


def test_a_body_that_comes_on_fast_enough_may_take_its_time(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BODY_S", 0.3)
    monkeypatch.setattr(patience, "SLOWEST", 500)
    with served(small) as port:
        connection = connected(port, post("/", "Content-Length: 900\r\nConnection: close\r\n"))
        for _ in range(9):
            connection.sendall(b"a" * 100)
            time.sleep(0.1)
        assert said(connection).endswith(b"900")


def test_a_body_is_counted_whatever_it_says_of_its_length(port: int, small: Small) -> None:
    with httpx.Client(base_url=f"http://{HOST}:{port}", trust_env=False) as client:
        assert client.post("/", content=b"a" * USUAL).text == str(USUAL)
        assert client.post("/", content=chunks(USUAL)).text == str(USUAL)
        for body in (b"a" * (USUAL + 1), chunks(USUAL + 1)):
            refused = client.post("/", content=body)
            assert (refused.status_code, refused.text) == (413, f"最多 {USUAL}")
        assert client.post("/upload", content=b"a" * LARGE).text == str(LARGE)
        assert client.post("/upload", content=chunks(LARGE + 1, 50_000)).status_code == 413
    assert len(small.seen) == 3  # what was refused never reached the application


def test_a_body_without_end_is_not_kept_and_not_read_for_ever(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LARGEST_UNREAD", 2_000_000)
    connection = connected(port, post("/", "Transfer-Encoding: chunked\r\n"))
    assert not taken(connection, b"10000\r\n" + b"a" * 65536 + b"\r\n", 2000)


@pytest.mark.parametrize("endless", [b"X-A: 1\r\n" * 100, b"a" * 1000])
def test_headers_without_end_are_refused(endless: bytes, port: int, small: Small) -> None:
    connection = connected(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-B: ")
    assert not taken(connection, endless, 1000) or said(connection).startswith(b"HTTP/1.1 431")
    assert not small.seen


def test_who_reads_slowly_keeps_no_thread(port: int, small: Small) -> None:
    readers = [connected(port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(3 * SEATS)]
    started = time.monotonic()
    assert httpx.get(f"http://{HOST}:{port}/", trust_env=False, timeout=5).text == "0"
    assert time.monotonic() - started < 2
    assert small.busy == 0
    assert len(said_of(readers[0], 3_000_000)) >= 3_000_000
    for reader in readers:
        reader.close()


def said_of(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        got += connection.recv(65536)
    return got


def test_who_finds_no_place_hears_so_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffered, "MOST_WAITING", SEATS)
    slow = [connected(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(SEATS)]
    time.sleep(0.1)
    answer = httpx.get(f"http://{HOST}:{port}/", trust_env=False)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    for connection in slow:
        assert said_of(connection, 10).startswith(b"HTTP/1.1 200")


def test_what_is_on_its_way_is_bounded_over_all(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffered, "MOST_ON_THE_WAY", 2 * USUAL)
    halves = [connected(port, post("/", f"Content-Length: {USUAL}\r\n", b"a" * (USUAL - 1))) for _ in range(2)]
    time.sleep(0.2)
    base = f"http://{HOST}:{port}/"
    assert httpx.post(base, content=b"a" * 100, trust_env=False).status_code == 503
    for half in halves:
        half.close()
    time.sleep(0.2)
    assert httpx.post(base, content=b"a" * 100, trust_env=False).text == "100"


def test_the_application_reads_a_request_as_it_was_sent(port: int, small: Small) -> None:
    headers = [
        ("X-One", "1"),
        ("X-One", "2"),
        ("X_One", "3"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("Content-Type", "a/b"),
    ]
    httpx.put(f"http://{HOST}:{port}/%E5%90%8D%2F?q=%20", headers=headers, content=b"ab", trust_env=False)
    environ = small.seen[0]
    assert environ["REQUEST_METHOD"] == "PUT"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/名/"
    assert environ["QUERY_STRING"] == "q=%20"
    assert (environ["HTTP_X_ONE"], environ["HTTP_COOKIE"], environ["CONTENT_TYPE"]) == ("1,2", "a=1;b=2", "a/b")
    assert environ["REMOTE_ADDR"] == HOST
