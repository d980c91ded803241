"""Odd words in an address or a body: every page answers, with a page or with a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.base import File

from assay.kernel.access import may_open
from tests.played.access.bodies import tried
from tests.played.access.bodies.all_rooms import BODIES
from tests.played.access.doors import Door, door, doors
from tests.played.access.visitors import Visitor, undone, visitor

QUERIES = [
    {"q": "%_'\"\\", "sort": "id__lt", "page": "9" * 5000, "batch": "abc", "line": "²", "session": "9" * 30, "next": "//elsewhere"},
    {"q": "²", "sort": "--pk", "page": "²", "batch": "9" * 30, "point": "x" * 300, "export": "xlsx", "only": "<b>", "line": "٣"},
]  # fmt: skip
WORDS = ["-1", "²", "1e400", "NaN", "x" * 400, "31-02-2031"]
"""What nobody means by a mark, a date or a name."""
NO_ROWS = ["abc", "9" * 30]
"""What nobody means by a row or a count."""
LISTS = [
    one
    for one in doors()
    if one.name.endswith(("_list", ":list", ":accounts", ":ledger", ":outbox", ":specifications"))
]


def opened(crowd: list[Visitor], one: Door, query: str) -> Any:
    """The page, opened by somebody to whom it is open."""
    assert one.access is not None
    who = next(who for who in crowd if may_open(one.access, kind=who.kind, held=who.held, reading=True))
    return who.opens(f"{one.addresses()[0]}?{query}")


def test_every_list_refuses_a_character_that_no_database_keeps(crowd: list[Visitor]) -> None:
    assert len(LISTS) > 20
    assert {one.name: opened(crowd, one, "q=%00").status_code for one in LISTS} == {one.name: 400 for one in LISTS}


@pytest.mark.parametrize("query", QUERIES)
def test_every_page_answers_whatever_is_asked_of_it(crowd: list[Visitor], query: dict[str, str]) -> None:
    found = []
    for one in doors():
        answer = opened(crowd, one, urlencode(query))
        if answer.status_code >= 500 or "elsewhere" in answer.headers.get("Location", ""):
            found.append((one.name, answer.status_code, answer.headers.get("Location")))
    assert found == []


def spoilt(one: Door, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with other words in it at once; and, where no form of Django's reads it, with no row for each row in turn."""
    texts = [name for name, value in body.items() if not isinstance(value, File)]
    yield {**body, **{name: WORDS[number % len(WORDS)] for number, name in enumerate(texts)}}
    if one.editor is None:
        for name in texts:
            value = body[name]
            if str(value[0] if isinstance(value, list) else value).isdecimal():
                yield from ({**body, name: word} for word in NO_ROWS)


def test_every_page_answers_whatever_it_is_sent(crowd: list[Visitor]) -> None:
    found = []
    for name in BODIES:
        for posting in tried(name):
            who = visitor("by", posting.by) if posting.by else crowd[0]
            for body in spoilt(door(name), posting.body):
                with undone():
                    answer = who.sends(door(name).address(**posting.parts), body)
                if answer.status_code >= 500:
                    found.append((name, body))
    assert found == []
