"""Who sits where and when, and who watches and marks. Pure: plain values in, a plan and its problems out.

Greedy and deterministic: the same input gives the same plan, so a late addition does not reshuffle the rest. Staffing
and recusal follow rules.md §2 and §10: theory invigilators 1:15 and at least 2 in a room; panels odd, at least 3,
1:k by the standard; nobody watches or marks a class that he or she teaches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from assay.arrangement.slots import Slot
from assay.catalogue.parts import Part

LARGEST_PANEL = 9


@dataclass(frozen=True)
class Candidate:
    """An approved application. `line` is the job and level; `class_name` decides recusal."""

    application: int
    line: int
    class_name: str


@dataclass(frozen=True)
class Place:
    """A room with the numbers of its usable stations; `occupations` empty means any."""

    room: int
    stations: tuple[int, ...]
    occupations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Helper:
    """A person who can serve: `occupations` (examiners) that the card covers, None for all; `classes` taught; `busy` elsewhere."""

    member: int
    occupations: frozenset[int] | None = frozenset()
    classes: frozenset[str] = frozenset()
    busy: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class LineNeeds:
    """What a line asks for in a part: its occupation, candidates per examiner, smallest panel, and its title."""

    line: int
    occupation: int
    title: str
    per_examiner: int = 5
    panel_minimum: int = 3


@dataclass
class RoomPlan:
    """One room in one session: seats as (station, application); people by role."""

    room: int
    line: int | None
    seats: list[tuple[int, int]] = field(default_factory=list)
    people: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class SessionPlan:
    part: Part
    slot: Slot
    rooms: list[RoomPlan] = field(default_factory=list)


class Roster:
    """People who serve, least used first; remembers who is taken when."""

    def __init__(self, helpers: Iterable[Helper]) -> None:
        self._helpers = {h.member: h for h in helpers}
        self._taken: dict[int, list[Slot]] = defaultdict(list)
        self._served: Counter[int] = Counter()

    def free(self, slot: Slot, classes: frozenset[str], occupation: int | None = None) -> list[int]:
        """Members free in `slot` who teach none of `classes` (and may mark `occupation`), least used first."""
        able = [
            h
            for h in self._helpers.values()
            if not h.classes & classes
            and (occupation is None or h.occupations is None or occupation in h.occupations)
            and not any(slot.overlaps(other) for other in (*h.busy, *self._taken[h.member]))
        ]
        return [h.member for h in sorted(able, key=lambda h: (self._served[h.member], h.member))]

    def take(self, members: Sequence[int], slot: Slot) -> None:
        for member in members:
            self._taken[member].append(slot)
            self._served[member] += 1


def invigilators_needed(seated: int, per_invigilator: int, minimum: int) -> int:
    """At least `minimum`, and one for every `per_invigilator` (保育师标准 2021 1.9.3)."""
    return max(minimum, -(-seated // per_invigilator))


def panel_needed(seated: int, per_examiner: int, minimum: int) -> int:
    """The smallest odd number that is at least `minimum` and one for every `per_examiner`."""
    size = max(minimum, -(-seated // per_examiner))
    return size if size % 2 else size + 1


def mixed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """In an order in which nobody comes next to one of the same class and job as long as there are others: always one of those who are
    most, but the last one's like."""
    alike: dict[tuple[int, str], list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda c: -c.application):
        alike[candidate.line, candidate.class_name].append(candidate)
    most = [(-len(group), kind) for kind, group in alike.items()]
    heapify(most)
    order: list[Candidate] = []
    aside: tuple[int, tuple[int, str]] | None = None
    while most or aside:
        if not most:  # only the last one's like are left
            assert aside is not None
            order += reversed(alike[aside[1]])
            break
        left, kind = heappop(most)
        order.append(alike[kind].pop())
        if aside is not None:
            heappush(most, aside)
        aside = (left + 1, kind) if left + 1 else None
    return order


def seat_theory(
    candidates: Sequence[Candidate], places: Sequence[Place], slots: Iterator[Slot], *, mix: bool = False
) -> tuple[list[SessionPlan], list[str]]:
    """Fill rooms in order, session by session, keeping classes together or mixing them; problems when seats or slots run out."""
    waiting = mixed(candidates) if mix else sorted(candidates, key=lambda c: (c.line, c.class_name, c.application))
    if waiting and not any(p.stations for p in places):
        return [], ["没有可用的理论考场，请先在“场地”中启用考场"]
    sessions: list[SessionPlan] = []
    while waiting:
        slot = next(slots, None)
        if slot is None:
            return sessions, [f"理论考试排不下：还有 {len(waiting)} 人没有场次，请延长考核日期或增加考场"]
        session = SessionPlan(Part.THEORY, slot)
        for place in places:
            if not waiting:
                break
            taken, waiting = waiting[: len(place.stations)], waiting[len(place.stations) :]
            seats = [(station, c.application) for station, c in zip(place.stations, taken, strict=False)]
            if seats:
                session.rooms.append(RoomPlan(place.room, None, seats))
        sessions.append(session)
    return sessions, []


def staff_theory(
    sessions: Sequence[SessionPlan],
    classes: dict[int, str],
    roster: Roster,
    *,
    per_invigilator: int,
    minimum: int,
) -> list[str]:
    """Give every room its invigilators; one problem for each room that cannot be staffed."""
    problems = []
    for session in sessions:
        for room in session.rooms:
            needed = invigilators_needed(len(room.seats), per_invigilator, minimum)
            seated = frozenset(classes[application] for _, application in room.seats)
            found = roster.free(session.slot, seated)[:needed]
            if len(found) < needed:
                problems.append(
                    f"{session.slot.starts_at:%m月%d日 %H:%M} 有考场 {len(room.seats)} 人，需监考员 {needed} 名，"
                    f"可派（不回避、不冲突）{len(found)} 名"
                )
            roster.take(found, session.slot)
            room.people += [("invigilator", member) for member in found]
    return problems


@dataclass
class _Queue:
    """Candidates of one line still to be placed."""

    needs: LineNeeds
    waiting: list[Candidate]


def seat_panels(
    part: Part,
    candidates: Sequence[Candidate],
    needs: dict[int, LineNeeds],
    places: Sequence[Place],
    slots: Iterator[Slot],
    roster: Roster,
    *,
    most_in_a_group: int | None = None,
    before: Sequence[SessionPlan] = (),
) -> tuple[list[SessionPlan], list[str]]:
    """Groups before panels, slot by slot: as many as stations and free, unrelated examiners allow. Stations at which candidates of the
    sessions planned `before` work at that time are left to them."""
    queues = _queues(candidates, needs)
    sessions: list[SessionPlan] = []
    idle = 0
    while any(q.waiting for q in queues):
        slot = next(slots, None)
        if slot is None or idle > 40:
            left = "、".join(f"{q.needs.title} {len(q.waiting)} 人" for q in queues if q.waiting)
            return sessions, [
                f"{_PART_TITLES[part]}排不下：{left}。请延长考核日期、增加工位，或增派持证且不需回避的考评员"
            ]
        session = SessionPlan(part, slot)
        used = _stations_used(places, slot, before)
        for queue in sorted(queues, key=lambda q: -len(q.waiting)):
            room = _seat_group(queue, places, used, slot, roster, most_in_a_group)
            if room is not None:
                session.rooms.append(room)
        idle = 0 if session.rooms else idle + 1
        if session.rooms:
            sessions.append(session)
    return sessions, []


def _stations_used(places: Sequence[Place], slot: Slot, before: Sequence[SessionPlan]) -> Counter[int]:
    """How many stations of each room, from the first on, are not free in the slot."""
    used: Counter[int] = Counter()
    meanwhile = [room for session in before if session.slot.overlaps(slot) for room in session.rooms]
    for place in places:
        taken = {station for room in meanwhile if room.room == place.room for station, _ in room.seats}
        used[place.room] = max((n for n, station in enumerate(place.stations, 1) if station in taken), default=0)
    return used


_PART_TITLES = {Part.SKILL: "技能考核", Part.REVIEW: "综合评审"}


def _queues(candidates: Sequence[Candidate], needs: dict[int, LineNeeds]) -> list[_Queue]:
    by_line: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda c: (c.class_name, c.application)):
        by_line[candidate.line].append(candidate)
    return [_Queue(needs[line], waiting) for line, waiting in sorted(by_line.items())]


def _seat_group(
    queue: _Queue, places: Sequence[Place], used: Counter[int], slot: Slot, roster: Roster, most: int | None
) -> RoomPlan | None:
    """Seat the largest group of one line that a room and a panel can take now; None when none fits."""
    needs = queue.needs
    if not queue.waiting:
        return None
    fitting = [p for p in places if not p.occupations or needs.occupation in p.occupations]
    place = max(fitting, key=lambda p: (len(p.stations) - used[p.room], -p.room), default=None)
    if place is None:
        return None
    size = min(len(queue.waiting), len(place.stations) - used[place.room], most or len(queue.waiting))
    while size > 0:
        group = queue.waiting[:size]
        able = roster.free(slot, frozenset(c.class_name for c in group), needs.occupation)
        panel = panel_needed(size, needs.per_examiner, needs.panel_minimum)
        if panel <= min(len(able), LARGEST_PANEL):
            return _seat(queue, place, used, slot, roster, group, able[:panel])
        largest = min(len(able), LARGEST_PANEL)
        largest -= 1 - largest % 2
        size = min(size - 1, largest * needs.per_examiner) if largest >= needs.panel_minimum else _smaller(group)
    return None


def _smaller(group: list[Candidate]) -> int:
    """Fewer classes in the group mean fewer recusals: drop the last class; 0 when only one is left."""
    last = group[-1].class_name
    return next((n for n, c in enumerate(group) if c.class_name == last), 0)


def _seat(
    queue: _Queue,
    place: Place,
    used: Counter[int],
    slot: Slot,
    roster: Roster,
    group: list[Candidate],
    panel: list[int],
) -> RoomPlan:
    first = used[place.room]
    seats = [(station, c.application) for station, c in zip(place.stations[first:], group, strict=False)]
    used[place.room] += len(group)
    queue.waiting = queue.waiting[len(group) :]
    roster.take(panel, slot)
    people = [("leader" if n == 0 else "examiner", member) for n, member in enumerate(panel)]
    return RoomPlan(place.room, queue.needs.line, seats, people)


def spread(sessions: Sequence[SessionPlan], role: str, roster: Roster, each: int) -> list[str]:
    """Give each session up to `each` people of a role, shared over its rooms in turn; at least one must be found. Where nobody is left,
    those look after it who serve in that role in a session at the same time."""
    without = []
    serving: list[tuple[Slot, list[int]]] = []
    for session in sessions:
        present = {member for room in session.rooms for _, member in room.people}
        found = [m for m in roster.free(session.slot, frozenset()) if m not in present][:each]
        if not found:
            shared = dict.fromkeys(m for slot, members in serving if slot.overlaps(session.slot) for m in members)
            found = [m for m in shared if m not in present][:each]
        if not found:
            without.append(f"{session.slot.starts_at:%m月%d日 %H:%M}")
            continue
        roster.take(found, session.slot)
        serving.append((session.slot, found))
        for number, room in enumerate(session.rooms):
            room.people.append((role, found[number % len(found)]))
    return [f"{'、'.join(without)} 场次派不出{_ROLE_TITLES[role]}：{_NOBODY_LEFT[role]}"] if without else []


_ROLE_TITLES = {"supervisor": "内部督导员", "staff": "工作人员"}
_NOBODY_LEFT = {
    "supervisor": "当时没有空闲的持证督导员",
    "staff": "工作人员从持监考证卡的人员中派，当时都已派在考场",
}
"""Where people of the role come from, and that nobody of them is left."""
