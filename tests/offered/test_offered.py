"""A button is there exactly when its act would be done: on every page of a batch, for every post, at every stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest

from assay.kernel.refusals import NotAllowed
from tests.offered.exceptions import INPUTS, NOT_OFFERED, NOT_SHOWN
from tests.offered.looking import Look, Possible, Watcher, door_at, form_at
from tests.offered.pages import Made, Page
from tests.offered.trying import Tried

pytestmark = pytest.mark.once


def test_every_page_answers_at_every_stage(watcher: Watcher) -> None:
    assert [f"{look.moment}: {error}" for look in watcher.looks for error in look.errors] == []


def test_the_looks_reach_every_stage_of_each_route_and_offers_are_open_and_shut(watcher: Watcher) -> None:
    """A play that no longer stops, or pages that offer nothing, would prove nothing."""
    stages = {look.stage for look in watcher.looks}
    assert {"exam apply", "exam exam", "exam archive"} <= stages
    assert {"direct review", "direct archive", "process review", "contest review"} <= stages
    kinds = {made.offer.open for look in watcher.looks for page in look.pages for made in page.made}
    assert kinds == {True, False}


def test_a_page_shows_the_button_of_each_open_offer_and_of_no_other(watcher: Watcher) -> None:
    _require_none((look.moment, said) for look in watcher.looks for page in look.pages for said in _wrong(page))


def _wrong(page: Page) -> Iterator[str]:
    open_urls = {made.offer.url for made in page.made if made.offer.open}
    for made in page.made:
        shown = made.offer.url in (page.own if made.offer.page else page.posts)
        if shown != (made.offer.url in open_urls):
            yield f"{page.who} {page.door}: {made.deed.act.name} is {'shown though shut' if shown else 'open and not shown'}"


def test_what_a_page_offers_is_done(watcher: Watcher) -> None:
    """Or is refused for nothing but what was put in."""
    found = (
        (moment, f"{where}: {made.deed.act.name} is offered and answers “{_became(tried)}”")
        for moment, where, made, tried in _tried(watcher)
        if made.offer.open and not tried.done and not _for_its_inputs(made.deed.act.name, tried.said or tried.error)
    )
    _require_none(found)


def test_what_a_page_does_not_offer_is_refused_in_the_words_of_the_page(watcher: Watcher) -> None:
    found = (
        (
            moment,
            f"{where}: {made.deed.act.name} says “{made.offer.said}” on the page, and when tried “{_became(tried)}”",
        )
        for moment, where, made, tried in _tried(watcher)
        if made.offer.against is not None
        and not isinstance(made.offer.against, NotAllowed)
        and tried.said != made.offer.said
    )
    _require_none(found)


def _became(tried: Tried) -> str:
    return tried.said or tried.error or "done"


def _tried(watcher: Watcher) -> Iterator[tuple[str, str, Made, Tried]]:
    for look in watcher.looks:
        for page in look.pages:
            for made in page.made:
                if made.key in look.tried:
                    yield look.moment, f"{page.who} {page.door}", made, look.tried[made.key]


def test_every_form_that_leads_to_an_act_is_offered(watcher: Watcher) -> None:
    found = (
        (look.moment, f"{name} ({', '.join(sorted(set(sent.acts)))}) on {door_at(sent.page)}")
        for look in watcher.looks
        for name, sent in look.sent.items()
        if sent.acts and name not in NOT_OFFERED
    )
    _require_none(found)


def test_a_form_that_stands_for_no_offer_is_refused_only_for_what_was_put_in(watcher: Watcher) -> None:
    found = (
        (look.moment, f"{sent.who} {door_at(sent.page)} shows {name}, and {sent.acts[0]} says “{sent.said}”")
        for look in watcher.looks
        for name, sent in look.sent.items()
        if sent.said and not _for_its_inputs(sent.acts[0], sent.said)
    )
    _require_none(found)


def test_nothing_that_would_be_done_is_hidden(watcher: Watcher) -> None:
    """Every act is tried on rows of the batch by whoever may do most: where one is done, a page shows its button or its form."""
    found = (
        (look.moment, f"{one.act} would be done by {one.who} and stands on no page")
        for look in watcher.looks
        for one in look.possible
        if one.act not in NOT_SHOWN and not _is_shown(one, look, watcher)
    )
    _require_none(found)


def _is_shown(one: Possible, look: Look, watcher: Watcher) -> bool:
    doors = {name for name, acts in watcher.acts_of.items() if one.act in acts}
    return any(
        any(made.offer.open and made.deed.act.name == one.act for made in page.made)
        or any(form_at(address) in doors for address in page.posts)
        for page in look.reached()
    )


def _for_its_inputs(act: str, said: str) -> bool:
    return any(re.search(words, said) for words in INPUTS.get(act, ()))


def _require_none(found: Iterable[tuple[str, str]]) -> None:
    """Each finding is told once, with the moments of the play at which it was made."""
    moments: dict[str, dict[str, None]] = {}
    for moment, said in found:
        moments.setdefault(said, {})[moment] = None
    told = [f"{said} [{'; '.join(when)}]" for said, when in moments.items()]
    assert not told, "\n" + "\n".join(told)
