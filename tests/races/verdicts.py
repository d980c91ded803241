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

    def without_numbers(self) -> tuple[object, ...]:
        """What does not differ between two buildings of one world."""
        return self.how, self.seen.acts, self.seen.messages


Order = tuple[int, int]
AS_THEY_CAME, EITHER_WAY = ((0, 1),), ((0, 1), (1, 0))


def in_turn(
    calls: tuple[Call, Call], since: Moment, blurred: frozenset[str], orders: tuple[Order, ...]
) -> list[Outcome]:
    """What one after the other comes to, in each of these orders."""
    serial = []
    for order in orders:
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


def meet(world: World, people: People, desks: tuple[Desk, Desk], meeting: Meeting) -> Verdict:
    """Let two deeds meet in the world, built anew. Nearly always they end in the order in which they came; where they did not, they
    meet once more, beside all that is right."""
    got, right, told = _met(world, people, desks, meeting, AS_THEY_CAME)
    if isinstance(got, Outcome) and got not in right:
        first, late = got, told.late
        got, right, told = _met(world, people, desks, meeting, EITHER_WAY, late)
        if isinstance(got, Outcome) and not late and got.without_numbers() != first.without_numbers():
            return Verdict(f"ended as {first.how}, and the second time as {got.how}", told.waited)
    if isinstance(got, str):
        return Verdict(got, told.waited)
    said = [f"{got.how} {told.said}", *(_differs(got, one) for one in right)]
    return Verdict("" if got in right else "\n".join(said), told.waited)


@dataclass(frozen=True)
class Told:
    """What both were told, whether somebody because another had been quicker, and whether one had to wait."""

    said: list[str]
    late: bool
    waited: bool


def _met(
    world: World,
    people: People,
    desks: tuple[Desk, Desk],
    meeting: Meeting,
    orders: tuple[Order, ...],
    late: bool = False,
) -> tuple[Outcome | str, list[Outcome], Told]:
    """How they ended, or what no deed may end in; and what is right: one after the other, or, `late`, only one of them."""
    calls, since = meeting.calls(build(world, people)), now()
    right = in_turn(calls, since, world.blurred, orders)
    right += alone(calls, since, world.blurred) if late else []
    met = at_once(desks, *calls, world.place)
    told = Told([one.said for one in met.ended], any(one.late for one in met.ended), met.waited)
    for one in met.ended:
        if one.how == "broken":
            return one.said, right, told
        if one.how == "refused" and not one.said.strip():
            return "refused without a sentence", right, told
    return Outcome((met.ended[0].how, met.ended[1].how), picture(since, world.blurred)), right, told


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
