"""How long a client may take, and how much it may send around a body. Beyond that the connection ends.

uvicorn waits for ever for the rest of a request and keeps headers of any size; both would let one computer with a few hundred
half-sent requests take every connection, or all memory. What is measured is the client's part alone: a page that takes its time
to be drawn up is no matter of this module.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from assay.front.one_write import OneWrite

HEAD_S = 15.0
"""For a request's first line and headers, and for the first word on a new connection."""
BODY_S = 20.0
SLOWEST = 2048
"""A body may take BODY_S and a second for each so many bytes: the worst telephone in the last corner of a workshop is faster."""
STALLED_S = 60.0
"""For taking in what one buffer of an answer holds."""
LARGEST_HEAD = 64 * 1024
LARGEST_UNREAD = 64 * 1024 * 1024
"""Of a body that was refused already so much is still taken off the line (and dropped), so that the browser shows the answer."""
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Patience(HttpToolsProtocol):
    """uvicorn's protocol with a deadline on everything that the client has to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._due = 0.0
        self._then: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        """One for the connection, looked at now and then: a timer of its own for each request costs more than the request."""
        self._stalled: asyncio.TimerHandle | None = None
        self._part: str | None = None
        """What of a message is on its way: its head or its body. Deadlines are set when a packet was read and something is still to
        come: whoever sends a request whole, as nearly everybody does, costs none."""
        self._begun, self._new_body, self._ended = 0.0, False, False
        self._around = 0
        """Bytes of the message on its way that are no body: headers, the lengths of chunks, trailers."""
        self._body = 0
        self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(OneWrite(transport, self.loop))
        self._wait(HEAD_S, self._too_slow)

    def shutdown(self) -> None:
        """The program stops. It waits for answers on their way, but not for one that says that it has no end (`state.endless`)."""
        super().shutdown()
        if self.cycle is not None and self.cycle.scope.get("state", {}).get("endless"):
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        if self._timer is not None:
            self._timer.cancel()
        self._taken_in()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        before, self._new_body, self._ended = self._part, False, False
        self._around += len(data)
        super().data_received(data)
        if self._part is not None or not self._ended:
            self._wait_for_the_rest(before)
        if self._around > LARGEST_HEAD + 8 * self._body and not self.transport.is_closing():
            self._end(_TOO_LARGE)

    def _wait_for_the_rest(self, before: str | None) -> None:
        """After a packet that ended in the middle of a message, or before one."""
        if self._part == "body":
            if self._new_body:
                self._begun = self.loop.time()
                self._wait(BODY_S, self._look_at_body)
        elif self._then is None or (self._part == "head" and before != "head"):
            self._wait(HEAD_S, self._too_slow)  # uvicorn's own timer between two requests ends with the first byte

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._around = self._body = self._unread = 0
        self._part = "head"

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._part, self._new_body = "body", True

    def on_body(self, body: bytes) -> None:
        self._around -= len(body)
        self._body += len(body)
        if self.cycle.response_complete:
            self._unread += len(body)
            if self._unread > LARGEST_UNREAD:
                self.transport.close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._part, self._ended = None, True
        if self.cycle.response_complete:
            self._wait(self.timeout_keep_alive, self.transport.close)
        else:
            self._wait_no_more()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taken_in()

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _look_at_body(self) -> None:
        """Whether the body has come on as fast as it must; while we do not read it, the client is not to blame."""
        left = self._begun + BODY_S + self._body / SLOWEST - self.loop.time()
        if self.flow.read_paused:
            left = max(left, BODY_S)
        if left > 0:
            self._wait(left, self._look_at_body)
        else:
            self._too_slow()

    def _too_slow(self) -> None:
        self._end(_TOO_SLOW)

    def _end(self, answer: bytes) -> None:
        """Say why, where nothing was said yet, and hang up."""
        self._wait_no_more()
        if self.transport.is_closing():
            return
        if self._idle() or not self.cycle.response_started:
            self.transport.write(answer)
        self.transport.close()
        self.loop.call_later(STALLED_S, self.transport.abort)  # closing waits for whoever does not read the answer

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._due, self._then = self.loop.time() + seconds, then
        if self._timer is not None and self._timer.when() > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self.loop.call_at(self._due, self._look_at_clock)

    def _wait_no_more(self) -> None:
        self._then = None

    def _look_at_clock(self) -> None:
        self._timer, then = None, self._then
        if then is None:
            return
        if self.loop.time() < self._due:
            self._timer = self.loop.call_at(self._due, self._look_at_clock)
        else:
            self._then = None
            then()

    def _taken_in(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
