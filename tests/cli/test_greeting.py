"""`assay serve` greets once office and hall answer, not once somebody listens at their ports."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from assay.cli import serving


@pytest.fixture
def loading() -> Iterator[int]:
    """A port at which somebody listens who answers nothing yet."""
    with socket.socket() as bound:
        bound.bind((serving.THIS_MACHINE, 0))
        bound.listen()
        yield bound.getsockname()[1]


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(400)  # an office that is reached by another name only answers so
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def running() -> Iterator[int]:
    server = HTTPServer((serving.THIS_MACHINE, 0), _Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_who_listens_and_says_nothing_does_not_answer(loading: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "FIRST_PAGE_S", 0.3)
    assert not serving.answers(serving.THIS_MACHINE, loading)


def test_whoever_sends_a_page_answers_also_to_the_name_for_everywhere(running: int) -> None:
    assert serving.answers(serving.THIS_MACHINE, running)
    assert serving.answers(serving.EVERYWHERE, running)


def test_a_port_at_which_nobody_listens_does_not_answer(loading: int) -> None:
    with socket.socket() as free:
        free.bind((serving.THIS_MACHINE, 0))
        port = free.getsockname()[1]
    assert not serving.answers(serving.THIS_MACHINE, port)
