"""One look at a batch at one moment: every page, by everybody; every offer and every act, tried and undone."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from django.http import HttpResponse
from django.test import override_settings

from assay.batches.models import Batch
from assay.centre.duties import DUTIES
from assay.kernel.access import may_open
from assay.kernel.refusals import NotAllowed
from tests.offered.asked import Asked
from tests.offered.pages import Made, Page, as_filled
from tests.offered.rows import BEGINNINGS, RowsOf, addresses, is_page, of_batch
from tests.offered.trying import Tried, deeds, holders, subject, tried
from tests.offered.visitors import acting, those_who_look
from tests.played.access.doors import Door, doors
from tests.played.access.visitors import Visitor, undone

ALL = bool(os.environ.get("ASSAY_LOOK_BY_ALL"))
"""Everybody opens every page: it takes some ten minutes."""
STAGE_ENDS = "batches.advance"
OFTEN = 3
NO_MATTER = ("desk:sign_out", "desk:end_session", "bank:paper_leak")
"""Of no batch; and that a paper is known outside can be said at any time."""
EVERY_DUTY = frozenset(DUTIES)
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Sent:
    """A form that stands for no offer, sent as a browser would send it: what its first act said."""

    who: str
    page: str
    acts: tuple[str, ...]
    said: str | None
    status: int


@dataclass(frozen=True)
class Possible:
    """An act that was done to a row when it was tried directly."""

    act: str
    who: str
    row: Any


@dataclass
class Look:
    """What was seen at a moment of a batch's stage."""

    stage: str
    moment: str
    pages: list[Page] = field(default_factory=list)
    tried: dict[tuple[Any, ...], Tried] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    possible: list[Possible] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def reached(self) -> list[Page]:
        """The pages to which another leads. One that only an address typed by hand opens shows nothing to anybody."""
        links = {link for page in self.pages for link in page.links if link != page.address}
        return [page for page in self.pages if page.door in BEGINNINGS or page.address in links]


@dataclass
class Watcher:
    """Looks, again and again, with what the play has taught: `acts_of` are the acts that a page's address led to."""

    asked: Asked
    made: list[Made]
    looks: list[Look] = field(default_factory=list)
    acts_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _no_pages: set[str] = field(default_factory=set)

    def look(self, batch: Batch, step: str) -> None:
        """Everything done here is undone, and neither the hall nor the province hears of it."""
        stage = f"{batch.route} {batch.stage}"
        look = Look(stage, f"{stage}, its end" if step == STAGE_ENDS else f"{stage} before {step}")
        with undone(), override_settings(HALL_URL=NOWHERE, PROVINCE_URL=NOWHERE):
            people = those_who_look(batch)
            rows_of = cache(partial(of_batch, batch=batch))
            self._walk(look, people, rows_of, step)
            self._try_offers(look)
            self._send_forms(look, people)
            self._try_acts(look, people, rows_of)
        self.looks.append(look)

    def _walk(self, look: Look, people: list[Visitor], rows_of: RowsOf, step: str) -> None:
        """Each page by as many as hold all the duties that it is for; now and then by one of the others too, each time another."""
        for number, one in enumerate(doors()):
            if one.name in self._no_pages or not is_page(one):
                continue
            found = list(addresses(one, rows_of))
            for who in self._who_comes(one, people, step, number) if found else ():
                look.pages += filter(None, [self._opened(look, who, one, address) for address in found])

    def _who_comes(self, one: Door, people: list[Visitor], step: str, number: int) -> list[Visitor]:
        able = sorted((who for who in people if _opens(one, who)), key=lambda who: -len(who.held & _named(one)))
        if ALL:
            return able
        come, missing = able[:1], _named(one)
        for who in able:
            missing -= come[-1].held
            if who.held & missing and one.access is not None and one.access.duties:
                come.append(who)
        others, turn = [who for who in able if who not in come], number + len(self.looks)
        return come + (others[turn % len(others) :][:1] if others and step == STAGE_ENDS and turn % OFTEN == 0 else [])

    def _opened(self, look: Look, who: Visitor, one: Door, address: str) -> Page | None:
        self.made.clear()
        answer = who.opens(address)
        if _leads_to_no_page(answer):
            self._no_pages.add(one.name)
        if answer.status_code >= 500:
            look.errors.append(f"{who.name} {address}: {answer.status_code}")
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            return None
        return Page(who.name, address, one.name, list(self.made)).read(answer)

    def _try_offers(self, look: Look) -> None:
        for page in look.pages:
            for made in page.made:
                if made.key not in look.tried and not isinstance(made.offer.against, NotAllowed):
                    look.tried[made.key] = tried(made.deed, made.actor, made.rows)

    def _send_forms(self, look: Look, people: list[Visitor]) -> None:
        """Each kind of form that stands for no offer once: by the first to whom it is shown."""
        by_name = {who.name: who for who in people}
        for page in look.reached():
            offered, for_all = {made.offer.url for made in page.made}, _asked_of_one(page)
            for address, form in page.posts.items():
                name = form_at(address)
                if address not in offered and name not in {*look.sent, *for_all, *NO_MATTER}:
                    look.sent[name] = self._sent(by_name[page.who], page, address, form, name)

    def _sent(self, who: Visitor, page: Page, address: str, form: Any, name: str) -> Sent:
        with undone(), self.asked.begin():
            answer = who.sends(address, as_filled(form, address))
            self.acts_of[name].update(self.asked.names)
            return Sent(who.name, page.address, tuple(self.asked.names), self.asked.outcome, answer.status_code)

    def _try_acts(self, look: Look, people: list[Visitor], rows_of: RowsOf) -> None:
        """Every act on this batch's rows, by who holds its duty and most others."""
        actors = {who.name: actor for who in people if (actor := acting(who)) is not None}
        for name, deed in sorted(deeds().items()):
            able = list(holders(deed, actors))
            kind = subject(deed)
            if not able or kind is None:
                continue
            who = max(able, key=lambda one: len(actors[one].duties))
            look.possible += [
                Possible(name, who, row) for row in rows_of(kind) if tried(deed, actors[who], [copy(row)]).done
            ]


def _leads_to_no_page(answer: HttpResponse) -> bool:
    """Whether an address shows nobody a page of the office: it takes posts alone, is a file, or leads to the hall."""
    file = answer.status_code == 200 and "text/html" not in answer["Content-Type"]
    return answer.status_code == 405 or file or "://" in answer.headers.get("Location", "")


def _asked_of_one(page: Page) -> set[str]:
    """The kinds of forms that one offer stands for: of a list of which a single row was asked, as all of its rows answer alike."""
    asked = Counter(form_at(made.offer.url) for made in page.made)
    return {name for name, times in asked.items() if times == 1}


def _opens(one: Door, who: Visitor) -> bool:
    assert one.access is not None
    return may_open(one.access, kind=who.kind, held=who.held, reading=True)


def _named(one: Door) -> frozenset[str]:
    """The duties that a page is for; a page for all of the staff is most for who holds most."""
    assert one.access is not None
    return one.access.duties or EVERY_DUTY


def door_at(address: str) -> str:
    """The name of the page that stands at an address."""
    return next((one.name for one, pattern in _patterns() if pattern.fullmatch(address.lstrip("/"))), address)


def form_at(address: str) -> str:
    """The page that takes a form in, with the step that its address names."""
    name = door_at(address)
    step = address.rstrip("/").rpartition("/")[2]
    takes_steps = any(one.name == name and re.search(r"<slug:[a-z]+>/$", one.route) for one, _ in _patterns())
    return f"{name} {step}" if takes_steps else name


_known: list[tuple[Door, re.Pattern[str]]] = []


def _patterns() -> list[tuple[Door, re.Pattern[str]]]:
    if not _known:
        _known.extend((one, re.compile(_as_pattern(one.route))) for one in doors())
    return _known


def _as_pattern(route: str) -> str:
    parts: Iterator[str] = iter(re.split(r"<([a-z]+):[a-z_]+>", route))
    kinds = {"int": r"\d+", "slug": r"[-\w]+", "str": "[^/]+"}
    return "".join(kinds[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))
