"""Who can take a place in a room: everybody of the corps at once, with card, other work and recusal said beforehand.

The acts look again at the one who is chosen (`fitness`); this is for choosing.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.arrangement.acts.people import roles_in
from assay.arrangement.fitness import Fitness, Found
from assay.arrangement.models import Assignment, SessionRoom
from assay.corps.models import Member
from assay.kernel.pinyin import sort_key


@dataclass(frozen=True)
class Choice:
    """A person who may be put in; `why_not` is empty for who is fit."""

    member: Member
    found: Found

    @property
    def why_not(self) -> str:
        return self.found.why_not

    def __str__(self) -> str:
        department = self.member.department or "无部门"
        return " · ".join(filter(None, [str(self.member), str(department), self.why_not or self.found.card]))


@dataclass(frozen=True)
class Choices:
    """Everybody in service for one role, those who are fit apart from those who are not."""

    role: str
    title: str
    fit: list[Choice]
    unfit: list[Choice]


@dataclass(frozen=True)
class Place:
    """An assignment of the room with the card it rests on, and who could take it."""

    assignment: Assignment
    card: str
    fit: list[Choice]
    unfit: list[Choice]


class Corps:
    """Everybody in service, looked at for one room."""

    def __init__(self, room: SessionRoom) -> None:
        self._room, self._fitness = room, Fitness(room)
        members = Member.objects.filter(active=True).select_related("department").prefetch_related("cards__occupations")
        self._members = sorted(members, key=lambda m: sort_key(m.name))

    def places(self, *, changeable: bool) -> list[Place]:
        """Every place of the room; the choices only when something may be changed."""
        assignments = self._room.assignments.select_related("member__department")
        found = []
        for assignment in assignments.prefetch_related("member__cards__occupations").order_by("role", "pk"):
            role, own = assignment.role, assignment.member_id
            fit, unfit = self._choices(role, but=own) if changeable else ([], [])
            found.append(Place(assignment, self._fitness.of(assignment.member, role).card, fit, unfit))
        return found

    def to_add(self) -> list[Choices]:
        """Who could come as well, role by role."""
        titles = dict(Assignment.ROLES)
        return [Choices(role, titles[role], *self._choices(role)) for role in roles_in(self._room)]

    def _choices(self, role: str, *, but: int | None = None) -> tuple[list[Choice], list[Choice]]:
        """In the order of pinyin, those who are fit apart from those who are not."""
        found = [Choice(m, self._fitness.of(m, role)) for m in self._members if m.pk != but]
        return [c for c in found if not c.why_not], [c for c in found if c.why_not]
