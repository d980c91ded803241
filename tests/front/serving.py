"""A small application behind the front, in this process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from assay.front.buffered import Answer, Buffered
from assay.front.patience import Patience
from assay.office.programs import LOCAL

USUAL = 1000
LARGE = 300_000
SEATS = 2


class Small:
    """Answers with what came; `busy` counts the threads that work just now."""

    def __init__(self) -> None:
        self.busy = 0
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.busy += 1
        try:
            self.seen.append(environ)
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            if environ["PATH_INFO"] == "/slow":
                time.sleep(0.3)
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"x" * 3_000_000] if environ["PATH_INFO"] == "/large" else [str(len(body)).encode()]
        finally:
            self.busy -= 1


def allowed(environ: dict[str, Any]) -> int:
    return LARGE if environ["PATH_INFO"] == "/upload" else USUAL


def too_large(most: int) -> Answer:
    return Answer("413 Content Too Large", f"最多 {most}".encode())


@contextmanager
def served(small: Small) -> Iterator[int]:
    """The port at which `small` is reached while the test runs."""
    busy = Answer("503 Service Unavailable", "请稍候".encode(), (("Retry-After", "5"),))
    front = Buffered(small, threads=SEATS, usual=USUAL, allow=allowed, too_large=too_large, busy=busy)
    config = uvicorn.Config(front, port=0, http=Patience, ws="none", log_level="error", timeout_keep_alive=1)
    listening = socket.create_server((LOCAL, 0))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
