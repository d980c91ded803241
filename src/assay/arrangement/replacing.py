"""Who can take a place in a room: everybody of the corps at once, with card, other work and recusal said beforehand.

The act checks the one who is chosen again (`acts.unfit`); this is for choosing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.arrangement.acts import CARD_ROLES
from assay.arrangement.models import Assignment, SessionRoom
from assay.arrangement.recusal import candidates_of, classes_in, why_recused
from assay.corps.models import Card, Member
from assay.kernel import clock
from assay.kernel.pinyin import sort_key


@dataclass(frozen=True)
class Choice:
    """A person who may be put in; `why_not` is empty for who is fit."""

    member: Member
    card: str
    why_not: str

    def __str__(self) -> str:
        department = self.member.department or "无部门"
        return " · ".join(filter(None, [str(self.member), str(department), self.why_not or self.card]))


@dataclass(frozen=True)
class Place:
    """An assignment of the room with the card it rests on, and who could take it."""

    assignment: Assignment
    card: str
    fit: list[Choice]
    unfit: list[Choice]


def places(room: SessionRoom, *, changeable: bool) -> list[Place]:
    """Every place of the room; the choices only when something may be changed."""
    assignments = room.assignments.select_related("member__department").prefetch_related("member__cards")
    choices: dict[str, list[Choice]] = {}
    found = []
    for assignment in assignments.order_by("role", "pk"):
        role = assignment.role
        if changeable and role not in choices:
            choices[role] = _choices(room, role)
        others = [c for c in choices.get(role, []) if c.member.pk != assignment.member_id]
        found.append(
            Place(
                assignment,
                _card(assignment.member.cards.all(), room, role)[0],
                [c for c in others if not c.why_not],
                [c for c in others if c.why_not],
            )
        )
    return found


def _choices(room: SessionRoom, role: str) -> list[Choice]:
    """Everybody in service, in the order of pinyin."""
    busy = _busy(room)
    classes, candidates = classes_in(room), candidates_of(room.session.batch)
    members = Member.objects.filter(active=True).select_related("department").prefetch_related("cards")
    found = []
    for member in sorted(members, key=lambda m: sort_key(m.name)):
        card, valid = _card(member.cards.all(), room, role)
        why_not = why_recused(member, role, classes=classes, candidates=candidates) or ("" if valid else card)
        if member.pk in busy:
            why_not = f"该时段已安排在{busy[member.pk]}"
        found.append(Choice(member, card, why_not))
    return found


def _busy(room: SessionRoom) -> dict[int, str]:
    """Who is assigned somewhere while the room is in use, and where."""
    meanwhile = Assignment.objects.filter(
        session_room__session__starts_at__lt=room.session.ends_at,
        session_room__session__ends_at__gt=room.session.starts_at,
    )
    return {a.member_id: str(a.session_room.room) for a in meanwhile.select_related("session_room__room")}


def _card(cards: Iterable[Card], room: SessionRoom, role: str) -> tuple[str, bool]:
    """What is said of the card that the role asks for on that day, and whether it will do."""
    roles = CARD_ROLES.get(role)
    if roles is None:
        return "", True
    day = clock.day_of(room.session.starts_at)
    own = [c for c in cards if c.role in roles]
    valid = next((c for c in own if c.in_force(day)), None)
    if valid is not None:
        return f"{valid}，有效至 {valid.valid_to:%Y年%m月%d日}", True
    return ("证卡当日不在有效期内" if own else "没有该岗位的证卡"), False
