"""What goes over the line, and when, of an answer that is written in parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from assay.front.one_write import OneWrite

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Line(asyncio.Transport):
    """Notes what is written to it."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said.append(bytes(data))

    def close(self) -> None:
        self.said.append(b"closed")


def said(work: Callable[[OneWrite], None], turns: int = 2) -> list[bytes]:
    """What is on the line some turns of the loop after `work`."""
    line = Line()

    async def run() -> None:
        work(OneWrite(line, asyncio.get_running_loop()))
        for _ in range(turns):
            await asyncio.sleep(0)

    asyncio.run(run())
    return line.said


def test_head_and_body_leave_together() -> None:
    def answer(line: OneWrite) -> None:
        line.write(HEAD)
        line.write(b"ok")

    assert said(answer) == [HEAD + b"ok"]


def test_a_head_whose_body_is_long_in_coming_does_not_wait_for_it() -> None:
    assert said(lambda line: line.write(HEAD)) == [HEAD]


def test_what_follows_the_first_of_a_body_leaves_as_it_is_written() -> None:
    def stream(line: OneWrite) -> None:
        for part in (HEAD, b"one", b"two"):
            line.write(part)

    assert said(stream) == [HEAD + b"one", b"two"]


def test_nothing_is_left_behind_when_the_connection_is_closed() -> None:
    def end(line: OneWrite) -> None:
        line.write(HEAD)
        line.close()

    assert said(end, turns=0) == [HEAD, b"closed"]


def test_an_answer_without_a_body_and_the_next_one_stay_apart() -> None:
    def two(line: OneWrite) -> None:
        line.write(HEAD)
        line.write(b"")
        line.write(HEAD)
        line.write(b"ok")

    assert said(two) == [HEAD, HEAD + b"ok"]
