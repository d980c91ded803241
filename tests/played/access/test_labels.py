"""No heading, label or button of any page is in Latin letters alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

import pytest

from tests.played.access.doors import doors
from tests.played.access.opening import opens
from tests.played.access.visitors import Visitor

NAMED = {"label", "th", "h1", "h2", "h3", "h4", "dt", "legend", "button", "summary", "title"}
ALLOWED = {
    "QR": "what the code is called everywhere",
    "PDF": "the file's kind, as people say it",
    "Excel": "the program's name",
}
_LEAST_PAGES = 100
_LETTERS = re.compile(r"[A-Za-z]{2}")


class Names(HTMLParser):
    """What the headings, labels and buttons of a page say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in NAMED:
            self._open.append(tag)
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[-1]:
            self._open.pop()
            self.said.append(" ".join(self._text.split()))


def names_of(page: str) -> list[str]:
    found = Names()
    found.feed(page)
    return found.said


def pages(crowd: Sequence[Visitor]) -> Iterator[tuple[str, str]]:
    """Every address once, as the first who may open it."""
    for one in doors():
        if one.access is None or not (addresses := one.addresses()):
            continue
        who = next((visitor for visitor in crowd if opens(one, visitor)), None)
        answer = who.opens(addresses[0]) if who else None
        if answer is not None and answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            yield addresses[0], answer.content.decode()


@pytest.mark.once
def test_no_page_names_anything_in_latin_letters_alone(crowd: list[Visitor]) -> None:
    found = list(pages(crowd))
    wrong = {
        f"{address}: {said}"
        for address, page in found
        for said in names_of(page)
        if said.isascii() and _LETTERS.search(said) and said not in ALLOWED
    }
    assert sorted(wrong) == []
    assert len(found) >= _LEAST_PAGES
