"""Everything that a page takes in, sent by everybody: who may not, changes nothing; who may, is asked by the act as well."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from assay.centre.actors import SYSTEM
from assay.kernel import acts
from assay.kernel.access import may_open
from assay.kernel.models import LedgerEntry
from tests.played.access.bodies import Posting, tried
from tests.played.access.bodies.all_rooms import BODIES, WITHOUT_AN_ACT
from tests.played.access.doors import Door, door, doors
from tests.played.access.opening import is_shut
from tests.played.access.visitors import NEW, Visitor, undone, visitor

STILL_OPEN = ("desk:password", "desk:sign_out")
"""What somebody whose password must be changed can still do."""
Asked = list[tuple[acts.Actor, acts.Act]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Who asked for which act, in order; the act decides as ever."""
    found: Asked = []
    decide = acts.require

    def note(actor: acts.Actor, act: acts.Act) -> None:
        found.append((actor, act))
        decide(actor, act)

    monkeypatch.setattr(acts, "require", note)
    return found


def problem(one: Door, who: Visitor, posting: Posting, asked: Asked, before: int) -> str:
    """What is wrong with what comes of a posting, sent by somebody; "" when nothing is. `before`: entries of the ledger until then."""
    asked.clear()
    with undone():
        answer = who.sends(one.address(**posting.parts), posting.body)
        lacking = [act for actor, act in asked if actor != SYSTEM and not actor.holds(*act.duties)]
        if answer.status_code >= 500:
            return f"an error ({answer.status_code})"
        if not takes(one, who):
            written = LedgerEntry.objects.count() > before
            return "" if is_shut(answer) and not asked and not written else f"taken in: {answer.status_code}"
        if who.name == NEW and one.name not in STILL_OPEN:
            waits = (answer.status_code, answer.headers.get("Location")) == (302, "/password/") and not asked
            return "" if waits else "taken in before the password was changed"
        unsaid = [act.name for act in lacking if f"“{act.title}”需要职责" not in shown(who, answer)]
        return f"refused without a word: {unsaid}" if unsaid else ""


def takes(one: Door, who: Visitor) -> bool:
    """Whether the page takes in what somebody sends, by what it declares."""
    assert one.access is not None
    return may_open(one.access, kind=who.kind, held=who.held, reading=False)


def shown(who: Visitor, answer: HttpResponse) -> str:
    """The page that answers, or the one that it leads to."""
    if answer.status_code == 302:
        answer = who.client.get(answer["Location"])
    return answer.content.decode()


def test_every_page_that_takes_something_in_has_a_body_to_try_it_with(crowd: list[Visitor]) -> None:
    """A new page needs a maker in `bodies`: who may send it, with a body that passes its forms."""
    found = set()
    for one in doors():
        who = next(who for who in crowd if takes(one, who))
        with undone():
            status = who.sends(one.addresses()[0]).status_code
        assert status < 500, one.name
        found |= {one.name} if status != 405 else set()
    assert (sorted(found - set(BODIES)), sorted(set(BODIES) - found)) == ([], [])


def test_what_is_sent_rightly_reaches_its_act(crowd: list[Visitor], asked: Asked) -> None:
    found = []
    for name in BODIES:
        for posting in tried(name):
            asked.clear()
            who = visitor("by", posting.by) if posting.by else crowd[0]
            answer = who.sends(door(name).address(**posting.parts), posting.body)
            right = answer.status_code < 500 and not is_shut(answer)
            if not right or bool(asked) == (name in WITHOUT_AN_ACT):
                found.append((name, answer.status_code, posting.parts, [act.name for _, act in asked]))
    assert found == []


@pytest.mark.once
def test_who_may_not_send_a_page_changes_nothing_and_who_lacks_the_duty_is_told(
    crowd: list[Visitor], asked: Asked
) -> None:
    """Where a page has several steps, those to whom it is shut try the first."""
    found, before = [], LedgerEntry.objects.count()
    for name in BODIES:
        one = door(name)
        for number, posting in enumerate(tried(name)):
            found += [
                f"{name} {posting.parts} by {who.name}: {said}"
                for who in crowd
                if (number == 0 or takes(one, who)) and (said := problem(one, who, posting, asked, before))
            ]
    assert found == []
