"""From the tables to the planner: who is to be seated, what rooms and people there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db.models import Q

from assay.applications.models import Application
from assay.applications.parts import How
from assay.arrangement import planning
from assay.arrangement.models import Assignment, Seating
from assay.arrangement.planning import Candidate, Helper, LineNeeds, Place, Roster, SessionPlan
from assay.arrangement.recusal import candidates_of, not_candidates
from assay.arrangement.slots import Day, Slot, days_between, slots
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import PaperPattern, StandardLevel
from assay.catalogue.parts import BY_PANEL, Part
from assay.centre import parameters
from assay.corps.models import Card, Member
from assay.kernel.refusals import Refused
from assay.sites.models import Room

DEFENCE_MINUTES = 240
SHORTEST_MINUTES = 30
"""Of a part to which the standard gives no time."""
SUPERVISORS_A_SESSION = 3


@dataclass(frozen=True)
class Options:
    """How to arrange: the hours of a day, how many days the theory exam may take (the skill exam follows), and how
    many theory seats may be used at once (all when None). `mixed`: neighbours at the theory exam are of other classes or jobs."""

    day: Day = field(default_factory=Day)
    theory_days: int = 1
    seats: int | None = None
    mixed: bool = False


@dataclass
class Proposal:
    sessions: list[SessionPlan]
    problems: list[str]


def propose(batch: Batch, options: Options) -> Proposal:
    """A plan for all parts of the batch; writes nothing. Raises Refused when nothing can be planned at all."""
    if batch.exam_on is None or batch.exam_to is None:
        raise Refused("批次没有考核日期，请先填写", "工作方案 四(一)4")
    applications = list(
        Application.objects.approved().filter(batch=batch).select_related("applicant", "line__level").order_by("pk")
    )
    if not applications:
        raise Refused("没有审核通过的考生，无从编排", "工作方案 四(一)3(2)")
    lines = {
        line.pk: line for line in batch.lines.select_related("scope_row__occupation", "scope_row__standard", "level")
    }
    rules = {pk: _standard_level(line) for pk, line in lines.items()}
    days = days_between(batch.exam_on, batch.exam_to)
    book = _Book(batch)
    theory, problems = _theory(applications, rules, days[: options.theory_days], options, book)
    rest = days[options.theory_days :] or days
    sessions = list(theory)
    for part in BY_PANEL:
        made, more = _panels(part, applications, lines, rules, rest, options.day, book, before=sessions)
        sessions += made
        problems += more
    problems += planning.spread(sessions, "supervisor", book.roster("supervisor"), SUPERVISORS_A_SESSION)
    problems += planning.spread(sessions, "staff", book.invigilators, 1)
    return Proposal(sessions, problems)


def _standard_level(line: BatchLine) -> StandardLevel:
    found = StandardLevel.objects.filter(standard=line.scope_row.standard, level=line.level).first()
    if found is None:
        raise Refused(f"{line} 的职业标准没有填写该等级的时长和配比，请在“职业标准”中补齐", "国家职业技能标准 1.9")
    return found


class _Book:
    """People and rooms that are not taken by another batch at the same time; nobody who is a candidate of this one."""

    def __init__(self, batch: Batch) -> None:
        assert batch.exam_on is not None
        self.day: date = batch.exam_on
        self._candidates = candidates_of(batch)
        self._busy: dict[int, list[Slot]] = {}
        others = Assignment.objects.exclude(session_room__session__batch=batch).filter(
            session_room__session__ends_at__date__gte=batch.exam_on
        )
        for member, starts, ends in others.values_list(
            "member_id", "session_room__session__starts_at", "session_room__session__ends_at"
        ):
            self._busy.setdefault(member, []).append(Slot(starts, ends))
        self.taken_rooms = {
            (room, Slot(starts, ends))
            for room, starts, ends in Seating.objects.exclude(session_room__session__batch=batch)
            .filter(session_room__session__ends_at__date__gte=batch.exam_on)
            .values_list("session_room__room_id", "session_room__session__starts_at", "session_room__session__ends_at")
            .distinct()
        }
        self.invigilators = self.roster("invigilator")
        self.examiners = self.roster("examiner", "senior_examiner")

    def roster(self, *roles: str) -> Roster:
        cards = Card.objects.filter(
            role__in=roles, valid_from__lte=self.day, valid_to__gte=self.day, member__active=True
        )
        occupations: dict[int, set[int]] = {}
        for member, occupation in cards.values_list("member_id", "occupations"):
            occupations.setdefault(member, set()).add(occupation or 0)
        return Roster(
            Helper(m.pk, _covered(occupations[m.pk]), frozenset(m.classes), tuple(self._busy.get(m.pk, ())))
            for m in not_candidates(Member.objects.filter(pk__in=occupations).order_by("pk"), self._candidates)
        )

    def free_slots(self, found: Iterable[Slot], places: list[Place]) -> Iterable[Slot]:
        """Slots in which none of the places is taken by another batch."""
        rooms = {p.room for p in places}
        for slot in found:
            if not any(room in rooms and slot.overlaps(taken) for room, taken in self.taken_rooms):
                yield slot


def _covered(occupations: set[int]) -> frozenset[int] | None:
    """What cards cover: None for all, which a card is good for that names none (0)."""
    return None if 0 in occupations else frozenset(occupations)


def _places(kind: str) -> list[Place]:
    rooms = (
        Room.objects.filter(kind=kind, active=True).exclude(workstations=0).prefetch_related("occupations", "broken")
    )
    return [
        Place(
            room.pk,
            tuple(n for n in range(1, (room.workstations or 30) + 1) if n not in _broken(room)),
            frozenset(o.pk for o in room.occupations.all()),
        )
        for room in rooms.order_by("code")
    ]


def _at_most(places: list[Place], seats: int | None) -> list[Place]:
    """The first places with no more than `seats` stations in all."""
    if seats is None:
        return places
    kept: list[Place] = []
    for place in places:
        stations = place.stations[: max(seats, 0)]
        seats -= len(stations)
        if stations:
            kept.append(Place(place.room, stations, place.occupations))
    return kept


def _broken(room: Room) -> set[int]:
    return {b.number for b in room.broken.all() if b.repaired_on is None}


def _candidates(applications: list[Application], part: Part) -> list[Candidate]:
    return [
        Candidate(a.pk, a.line_id, a.applicant.class_name)
        for a in applications
        if getattr(a, part) != How.EXEMPT and (part != Part.REVIEW or a.line.level.needs_review)
    ]


def _theory(
    applications: list[Application], rules: dict[int, StandardLevel], days: list[date], options: Options, book: _Book
) -> tuple[list[SessionPlan], list[str]]:
    candidates = _candidates(applications, Part.THEORY)
    if not candidates:
        return [], []
    used = {c.line for c in candidates}
    patterns = PaperPattern.objects.filter(standard_level__in=[rules[line] for line in used])
    minutes = max([rules[line].theory_minutes for line in used] + [p.minutes for p in patterns])
    places = _at_most(_places("theory"), options.seats)
    sessions, problems = planning.seat_theory(
        candidates, places, iter(book.free_slots(slots(days, minutes, options.day), places)), mix=options.mixed
    )
    problems += planning.staff_theory(
        sessions,
        {c.application: c.class_name for c in candidates},
        book.invigilators,
        **asdict(invigilation([rules[line] for line in used])),
    )
    return sessions, problems


@dataclass(frozen=True)
class Invigilation:
    """How many candidates one invigilator looks after at most, and how many invigilators a room has at least."""

    per_invigilator: int
    minimum: int


def invigilation(rules: Iterable[StandardLevel]) -> Invigilation:
    """By the strictest of the standards that are sat together, or by the centre's own parameters where they ask for more."""
    per, least = (
        [parameters.number("theory.candidates_per_invigilator")],
        [parameters.number("theory.minimum_invigilators")],
    )
    for rule in rules:
        per.append(max(rule.theory_candidates_per_invigilator, 1))
        least.append(rule.theory_minimum_invigilators)
    return Invigilation(min(per), max(least))


def panel_minimum(rule: StandardLevel) -> int:
    """How many examiners a panel has at least: by the standard, or by the centre's own parameter where that asks for more."""
    return max(rule.panel_minimum, parameters.number("panel.minimum"))


def _panels(
    part: Part,
    applications: list[Application],
    lines: dict[int, BatchLine],
    rules: dict[int, StandardLevel],
    days: list[date],
    day: Day,
    book: _Book,
    *,
    before: Sequence[SessionPlan],
) -> tuple[list[SessionPlan], list[str]]:
    """Sessions of a part, none before its candidates are through with the parts planned `before`. Jobs that take as long are assessed
    together, so that every session is as long as its jobs need; the longest first."""
    by_minutes: dict[int, list[Candidate]] = {}
    for candidate in _candidates(applications, part):
        minutes = getattr(rules[candidate.line], f"{part}_minutes") or SHORTEST_MINUTES
        by_minutes.setdefault(minutes, []).append(candidate)
    made: list[SessionPlan] = []
    problems: list[str] = []
    for minutes, candidates in sorted(by_minutes.items(), reverse=True):
        more, said = _panels_of(part, minutes, candidates, lines, rules, days, day, book, before=[*before, *made])
        made += more
        problems += said
    return sorted(made, key=lambda session: session.slot), problems


def _panels_of(
    part: Part,
    each: int,
    candidates: list[Candidate],
    lines: dict[int, BatchLine],
    rules: dict[int, StandardLevel],
    days: list[date],
    day: Day,
    book: _Book,
    *,
    before: Sequence[SessionPlan],
) -> tuple[list[SessionPlan], list[str]]:
    """Of candidates whose jobs take `each` so many minutes."""
    through = _last_end(before, {c.application for c in candidates})
    used = sorted({c.line for c in candidates})
    most = max(DEFENCE_MINUTES // each, 1) if part == Part.REVIEW else None
    needs = {
        line: LineNeeds(
            line,
            lines[line].scope_row.occupation_id,
            str(lines[line]),
            rules[line].skill_candidates_per_examiner if part == Part.SKILL else 99,
            panel_minimum(rules[line]),
        )
        for line in used
    }
    places = _places("skill")
    minutes = each if part == Part.SKILL else DEFENCE_MINUTES
    found = (s for s in book.free_slots(slots(days, minutes, day), places) if through is None or s.starts_at >= through)
    return planning.seat_panels(
        part, candidates, needs, places, iter(found), book.examiners, most_in_a_group=most, before=before
    )


def _last_end(sessions: Sequence[SessionPlan], applications: set[int]) -> datetime | None:
    """When the last of the sessions ends in which any of them sits."""
    theirs = [s for s in sessions if any(a in applications for room in s.rooms for _, a in room.seats)]
    return max((s.slot.ends_at for s in theirs), default=None)


def seats_missing(batch: Batch) -> Q:
    """Approved applications of the batch that lack a seat for a part they must take (as a filter)."""
    seated = {
        part: Seating.objects.filter(part=part, session_room__session__batch=batch).values("application_id")
        for part in Part
    }
    needs_review = Q(line__level__needs_review=True) & ~Q(review=How.EXEMPT)
    return Q(batch=batch, state=Application.State.APPROVED) & (
        (~Q(theory=How.EXEMPT) & ~Q(pk__in=seated[Part.THEORY]))
        | (~Q(skill=How.EXEMPT) & ~Q(pk__in=seated[Part.SKILL]))
        | (needs_review & ~Q(pk__in=seated[Part.REVIEW]))
    )
