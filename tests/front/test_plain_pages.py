"""Answers that no page is drawn up for tell browsers as much as any other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assay.front.buffered import Answer, Buffered

BUSY = Answer("503 Service Unavailable", b"<p>busy", (("Retry-After", "5"),))


def answered(status: int) -> dict[str, str]:
    """The headers of the answer to a body of eleven bytes where ten are taken."""
    front = Buffered(
        lambda environ, start: [], threads=1, usual=10, allow=lambda environ: 10,
        too_large=lambda allowed: Answer("413 Content Too Large", b"<p>large"), busy=BUSY,
    )  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "raw_path": b"/", "query_string": b"", "http_version": "1.1", "server": None,
        "client": None, "scheme": "http", "headers": [],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * 11}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(front(scope, receive, send))
    assert sent[0]["status"] == status
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("status", [413, 503])
def test_pages_of_the_front_are_neither_framed_kept_nor_guessed_at(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if status == 503:
        monkeypatch.setattr("assay.front.buffered.MOST_WAITING", 0)
    told = answered(status)
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cache-Control"] == "no-store"
    for word in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert word in told["Content-Security-Policy"]
