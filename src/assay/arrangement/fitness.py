"""Whether somebody can serve in a room: in service, no interest of his or her own, a card for the job in force that day, nothing else at
that time and, once the day is near, an account with the duty. One answer for the act and for the page on which one is chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.arrangement.models import Assignment, SessionRoom
from assay.arrangement.recusal import candidates_of, classes_in, why_recused
from assay.batches.stages import Stage
from assay.centre.models import Appointment
from assay.corps.models import Card, Member
from assay.kernel import clock

CARD_ROLES: Mapping[str, tuple[str, ...]] = {
    "invigilator": ("invigilator",),
    "examiner": ("examiner", "senior_examiner"),
    "leader": ("examiner", "senior_examiner"),
    "supervisor": ("supervisor",),
}
BY_OCCUPATION = ("examiner", "leader")
SHARED = ("supervisor", "staff")
"""Who serves in such a role may look after several rooms of a batch at a time."""
DUTY_OF: Mapping[str, tuple[str, str]] = {
    "invigilator": ("R2", "监考"), "examiner": ("R3", "考评"), "leader": ("R3", "考评"), "supervisor": ("Q4", "督导"),
}  # fmt: skip
"""What is done on the day is done with an own sign-in."""


@dataclass(frozen=True)
class Found:
    """What is said of somebody: the card that the place rests on, and why he or she is not fit; "" when fit."""

    card: str
    why_not: str


class Fitness:
    """For one room, over everybody and every role at once."""

    def __init__(self, room: SessionRoom) -> None:
        self._room = room
        self._day = clock.day_of(room.session.starts_at)
        self._classes, self._candidates = classes_in(room), candidates_of(room.session.batch)
        self._busy = _busy(room)
        self._held = _held() if room.session.batch.has_reached(Stage.READINESS) else None

    def of(self, member: Member, role: str, *, leaving: Assignment | None = None) -> Found:
        """Of somebody with cards (and their occupations) at hand. `leaving`: the place that is given up for it."""
        card, valid = self._card(member.cards.all(), role)
        why_not = self._why_not(member, role, leaving) or ("" if valid else card) or self._without_account(member, role)
        return Found(card, why_not)

    def _why_not(self, member: Member, role: str, leaving: Assignment | None) -> str:
        if not member.active:
            return "已不在岗"
        for other in self._busy.get(member.pk, ()):
            if (leaving is None or other.pk != leaving.pk) and (said := self._clash(other, role)):
                return said
        return why_recused(member, role, classes=self._classes, candidates=self._candidates)

    def _clash(self, other: Assignment, role: str) -> str:
        if other.session_room_id == self._room.pk:
            return f"已是本考场的{other.get_role_display()}"
        together = other.session_room.session.batch_id == self._room.session.batch_id
        if together and role in SHARED and other.role == role:
            return ""
        return f"该时段已安排在{other.session_room.room}"

    def _card(self, cards: Iterable[Card], role: str) -> tuple[str, bool]:
        """What is said of the card that the role asks for on that day, and whether it will do."""
        roles = CARD_ROLES.get(role)
        if roles is None:
            return "", True
        own = [c for c in cards if c.role in roles]
        in_force = [c for c in own if c.in_force(self._day)]
        valid = next((c for c in in_force if self._covers(c, role)), None)
        if valid is not None:
            return f"{valid}，有效至 {valid.valid_to:%Y年%m月%d日}", True
        if in_force:
            return "证卡的考评职业不含本考场的职业", False
        return ("证卡当日不在有效期内" if own else "没有该岗位的证卡"), False

    def _covers(self, card: Card, role: str) -> bool:
        """A card that names no occupation is good for all."""
        if role not in BY_OCCUPATION or self._room.line is None:
            return True
        named = {occupation.pk for occupation in card.occupations.all()}
        return not named or self._room.line.scope_row.occupation_id in named

    def _without_account(self, member: Member, role: str) -> str:
        duty, title = DUTY_OF.get(role, ("", ""))
        if self._held is None or not duty or duty in self._held.get(member.account_id or 0, ()):
            return ""
        if member.account_id is None:
            return "没有账号，当天不能登录办理：请先在“三支队伍”中关联账号"
        return f"账号已停用，或其岗位没有{title}职责：请先安排岗位"


def _busy(room: SessionRoom) -> dict[int, list[Assignment]]:
    """Who is assigned somewhere while the room is in use, and where; in this room first."""
    meanwhile = Assignment.objects.filter(
        session_room__session__starts_at__lt=room.session.ends_at,
        session_room__session__ends_at__gt=room.session.starts_at,
    ).select_related("session_room__room", "session_room__session")
    found: dict[int, list[Assignment]] = defaultdict(list)
    for one in sorted(meanwhile, key=lambda a: (a.session_room_id != room.pk, a.pk)):
        found[one.member_id].append(one)
    return found


def _held() -> dict[int, set[str]]:
    """The duties that accounts hold today by their posts."""
    today = clock.today()
    held: dict[int, set[str]] = defaultdict(set)
    for one in Appointment.objects.filter(account__is_active=True).select_related("post"):
        if one.in_force(today):
            held[one.account_id].update(one.post.duties)
    return held
