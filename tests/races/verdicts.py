"""Whether two deeds at once ended as if one had come after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement

from tests.races.building import build
from tests.races.deeds import Deed, People, World
from tests.races.meeting import Call, Desk, at_once, one_after_the_other
from tests.races.pictures import Moment, Picture, now, picture


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

    def said(self, deeds: list[Deed]) -> str:
        return f"{deeds[self.other].name} while {deeds[self.one].name} is about to be written down"


def pairs(deeds: list[Deed]) -> Iterator[tuple[Meeting, Meeting | None]]:
    """Every pair, and the same the other way round; a deed with itself by two people and as a click that was doubled."""
    for one, other in combinations_with_replacement(range(len(deeds)), 2):
        yield Meeting(one, other), Meeting(other, one) if one != other else None
        if one == other and deeds[one].who[0] != deeds[one].who[1]:
            yield Meeting(one, one, same_person=True), None


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


@dataclass(frozen=True)
class Verdict:
    """What is wrong with how two deeds ended, empty when they ended as if one had come after the other; and whether one had
    to wait."""

    wrong: str
    waited: bool


def meet(world: World, people: People, desks: tuple[Desk, Desk], meeting: Meeting, *, late: bool = False) -> Verdict:
    """Let two deeds meet in the world, built anew. `late`: once more, since somebody was told that another had been quicker."""
    calls, since = meeting.calls(build(world, people)), now()
    right = in_turn(calls, since, world.blurred)
    right += alone(calls, since, world.blurred) if late else []
    met = at_once(desks, *calls, world.place)
    if broken := [one.said for one in met.ended if one.how == "broken"]:
        return Verdict(broken[0], met.waited)
    if any(one.how == "refused" and not one.said.strip() for one in met.ended):
        return Verdict("refused without a sentence", met.waited)
    got = Outcome((met.ended[0].how, met.ended[1].how), picture(since, world.blurred))
    if got in right:
        return Verdict("", met.waited)
    if any(one.late for one in met.ended) and not late:
        return meet(world, people, desks, meeting, late=True)
    said = [f"{got.how} {[one.said for one in met.ended]}", *(_differs(got, one) for one in right)]
    return Verdict("\n".join(said), met.waited)


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
