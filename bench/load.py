"""A load generator on bare sockets, so that the generator is not what is measured.

With a `pause` requests are due by the clock, and a wait counts from when the request was due, not from when the connection got
round to it: a server that stops for a while is not spared the requests that would have come meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter

import uvloop

Requests = Iterator[bytes]


@dataclass
class Load:
    """What the clients saw: seconds of each good answer, and the first bad ones."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)

    def add(self, more: Load) -> None:
        """What was seen in another slice of time."""
        self.seconds += more.seconds
        self.latencies += more.latencies
        self.bad += more.bad

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def milliseconds(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class _Client(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next (after `pause`)."""

    def __init__(self, requests: Requests, load: Load, clock: _Clock, pause: float) -> None:
        self._requests, self._load, self._clock, self._pause = requests, load, clock, pause
        self._buffer = b""
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def close(self) -> None:
        self._transport.close()

    def begin(self, due: float) -> None:
        if not self._clock.running:
            return
        self._due = due
        self._transport.write(next(self._requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        place = self._buffer.lower().find(b"content-length:")
        length = int(self._buffer[place + 15 : self._buffer.find(b"\r\n", place)])
        if len(self._buffer) < head + 4 + length:
            return
        answered = perf_counter()
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            self._load.bad.append(self._buffer[:400])
        elif self._clock.counting:
            self._load.latencies.append(answered - self._due)
        self._buffer = b""
        due = self._due + self._pause if self._pause else answered
        if due > answered:
            asyncio.get_running_loop().call_later(due - answered, self.begin, due)
        else:
            self.begin(due)


@dataclass
class _Clock:
    running: bool = True
    counting: bool = False


def drive(
    places: Sequence[tuple[str, int]],
    requests: list[Requests],
    *,
    seconds: float,
    warm: float = 1.0,
    pause: float = 0.0,
) -> Load:
    """Send from as many connections as there are request streams for `seconds` after `warm`, to the places (host, port) in
    turn; with `pause` each connection sends once in so many seconds, spread evenly."""
    load = Load()

    async def run() -> None:
        loop, clock, clients = asyncio.get_running_loop(), _Clock(), []
        begun = perf_counter()

        async def enter(stream: Requests, place: tuple[str, int], first: float) -> None:
            """Connect when there is something to say: a server need not wait for who says nothing."""
            await asyncio.sleep(first)
            _, client = await loop.create_connection(lambda: _Client(stream, load, clock, pause), *place)
            clients.append(client)
            client.begin(begun + first)

        entering = [
            enter(stream, place, pause * number / len(requests))
            for number, (stream, place) in enumerate(zip(requests, cycle(places), strict=False))
        ]
        await asyncio.gather(*entering)
        await asyncio.sleep(warm)
        clock.counting = True
        started = perf_counter()
        await asyncio.sleep(seconds)
        clock.counting = clock.running = False
        load.seconds = perf_counter() - started
        await asyncio.sleep(0.2)
        for client in clients:
            client.close()

    uvloop.run(run())
    return load
