"""Any two deeds that meet on one object end as if one came after the other, with a sentence for who comes too late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement

import pytest
from django.db import connection

from assay.kernel import verification
from tests.races.building import build
from tests.races.deeds import Deed, People, World, worlds
from tests.races.meeting import Call, Desk, at_once, one_after_the_other, two_desks
from tests.races.pictures import Moment, Picture, now, picture
from tests.races.worlds import load

load()
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]


@dataclass(frozen=True)
class Meeting:
    """Two deeds of a world, by their places in its list, each done by one of its two people."""

    one: int
    other: int
    same_person: bool = False

    def calls(self, deeds: list[Deed]) -> tuple[Call, Call]:
        first, second = deeds[self.one], deeds[self.other]
        actor = second.who[1] if self.one == self.other and not self.same_person else second.who[0]
        return partial(first.call, first.who[0]), partial(second.call, actor)


def meetings(deeds: list[Deed]) -> Iterator[tuple[Meeting, str]]:
    """Every pair, whichever of both comes first; a deed with itself by two people and as a click that was doubled."""
    for one, other in combinations_with_replacement(range(len(deeds)), 2):
        yield Meeting(one, other), "ledger"
        if one != other:
            yield Meeting(other, one), "ledger"
        elif deeds[one].who[0] != deeds[one].who[1]:
            yield Meeting(one, one, same_person=True), "ledger"


@dataclass(frozen=True)
class Outcome:
    """How both deeds ended, and what was there then."""

    how: tuple[str, str]
    seen: Picture


def in_turn(calls: tuple[Call, Call], since: Moment, blurred: frozenset[str]) -> list[Outcome]:
    """What one after the other comes to, either way."""
    serial = []
    for order in ((0, 1), (1, 0)):
        ended, seen = one_after_the_other([calls[n] for n in order], since, blurred)
        assert not [one for one in ended if one.how == "broken"], ended
        serial.append(Outcome((ended[order[0]].how, ended[order[1]].how), seen))
    return serial


def alone(calls: tuple[Call, Call], since: Moment, blurred: frozenset[str]) -> list[Outcome]:
    """What comes of each when the other is told that it came too late."""
    found = []
    for only in (0, 1):
        (ended,), seen = one_after_the_other([calls[only]], since, blurred)
        found.append(Outcome((ended.how, "refused") if only == 0 else ("refused", ended.how), seen))
    return found


def _meet(
    world: World, people: People, desks: tuple[Desk, Desk], meeting: Meeting, place: str, *, late: bool = False
) -> str:
    """What is wrong with how a meeting ended; empty when it ended as if one had come after the other. `late`: once more, since
    somebody was told that another had been quicker."""
    calls, since = meeting.calls(build(world, people)), now()
    right = in_turn(calls, since, world.blurred)
    right += alone(calls, since, world.blurred) if late else []
    ended = at_once(desks, *calls, place)
    if broken := [one.said for one in ended if one.how == "broken"]:
        return broken[0]
    if any(one.how == "refused" and not one.said.strip() for one in ended):
        return "refused without a sentence"
    got = Outcome((ended[0].how, ended[1].how), picture(since, world.blurred))
    if got in right:
        return ""
    if any(one.late for one in ended) and not late:
        return _meet(world, people, desks, meeting, place, late=True)
    return "\n".join([f"{got.how} {[one.said for one in ended]}", *(_differs(got, one) for one in right)])


def _differs(got: Outcome, should: Outcome) -> str:
    """What is otherwise than one after the other."""
    there, wanted = (set(one.seen.acts + one.seen.rows + one.seen.messages) for one in (got, should))
    return "\n".join(
        [
            f"  should be {should.how}",
            *(f"    + {row}" for row in there - wanted),
            *(f"    - {row}" for row in wanted - there),
        ]
    )


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.title)
def test_two_deeds_at_once_end_as_if_one_came_after_the_other(world: World) -> None:
    people, wrong = People(), []
    with two_desks() as desks:
        deeds = build(world, people)
        assert frozenset(one.name for deed in deeds for one in deed.acts) == world.acts
        for meeting, place in meetings(deeds):
            said = _meet(world, people, desks, meeting, place)
            if said:
                wrong.append(f"{deeds[meeting.one].name} at its {place} + {deeds[meeting.other].name}: {said}")
    assert not wrong, "\n\n".join(wrong)
    assert not verification.verify().findings
