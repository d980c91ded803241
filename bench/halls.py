"""A hall to be measured, candidates who have started in it, and streams of saves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlparse

import httpx
from testbed import programs
from tests.hall.packs import number_of, pack

from assay.bridge.client import HallClient
from bench.load import Load, drive

SECRET = "bench-secret"  # noqa: S105 - of a hall that lives for seconds
ITEMS = 60
Row = dict[str, object]


@contextmanager
def a_hall(database: str, candidates: int, **wanted: object) -> Iterator[str]:
    """A hall with one pack of `candidates` in it."""
    process = programs.hall(database, SECRET)
    process.start()
    try:
        publish(process.url, candidates, **wanted)
        yield process.url
    finally:
        process.stop()


def publish(url: str, candidates: int, **wanted: object) -> None:
    """The pack `bench` of 14 rooms."""
    settings: dict[str, object] = {"name": "bench", "count": ITEMS, "minutes": 120, "rooms": 14, **wanted}
    with HallClient(url, SECRET.encode()) as office:
        office.publish(pack(candidates=candidates, **settings))  # type: ignore[arg-type]


def signed_in(url: str, candidates: int) -> list[str]:
    """The seat tokens of all candidates."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        given = [{"ticket": f"bench-t{n}", "id_number": number_of(n)} for n in range(candidates)]
        return [str(client.post("/api/sign-in", json=one).json()["token"]) for one in given]


def started(url: str, candidates: int) -> list[str]:
    """The tokens of candidates who have the paper before them."""
    tokens = signed_in(url, candidates)
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        for token in tokens:
            key = client.post("/api/key", json={}, headers={"authorization": f"Bearer {token}"})
            assert key.status_code == 200, key.text
    return tokens


def savers(url: str, candidates: int) -> list[Iterator[bytes]]:
    """Each signs in and starts; then a stream of saves, every item in turn with rising revisions."""
    return [saves_of(token) for token in started(url, candidates)]


def saves_of(*tokens: str) -> Iterator[bytes]:
    """Saves of one candidate, or of several who share a connection in turn."""
    heads = [
        "POST /api/answers HTTP/1.1\r\nhost: hall\r\n"
        f"authorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        for token in tokens
    ]
    for rev in count(1):
        for number in range(ITEMS):
            choice = ("B", "对", "ACD")[number % 3]
            change = f'{{"item":"{100 + number}","choice":"{choice}","rev":{rev},"at":1700000000000}}'
            body = f'{{"answers":[{change}]}}'.encode()
            tail = f"content-length: {len(body)}\r\n\r\n".encode() + body
            for head in heads:
                yield head.encode() + tail


def drive_at(url: str, streams: list[Iterator[bytes]], seconds: float, pause: float = 0.0, warm: float = 1.0) -> Load:
    """Send the streams to `url`."""
    return drive([place_of(url)], streams, seconds=seconds, warm=warm, pause=pause)


def place_of(url: str) -> tuple[str, int]:
    """Host and port."""
    place = urlparse(url)
    assert place.hostname and place.port  # noqa: PT018 - one question
    return place.hostname, place.port


def rows(case: str, *values: tuple[str, float, str]) -> list[Row]:
    """Rows of a table: (metric, value, unit)."""
    return [{"case": case, "metric": metric, "value": value, "unit": unit} for metric, value, unit in values]
