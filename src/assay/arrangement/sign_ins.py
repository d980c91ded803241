"""Who is put to work in a session and cannot sign in for it: known long before the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from assay.arrangement.models import Assignment
from assay.batches.models import Batch
from assay.centre.models import Appointment
from assay.corps.needs import Need
from assay.kernel import clock

DUTY_OF: Mapping[str, str] = {"invigilator": "R2", "examiner": "R3", "leader": "R3", "supervisor": "Q4"}
"""What whoever is in this role signs in to do. Staff of a session do nothing in the house."""


@dataclass
class Lacking:
    """Of a batch, by name: who has no account, whose is disabled, and who holds no post with the duty."""

    account: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    post: list[str] = field(default_factory=list)


def needing() -> Iterator[Need]:
    """Whoever is put to work in a session that is not over and has no account."""
    waiting = (
        Assignment.objects.of_open_batches()
        .filter(role__in=DUTY_OF, member__account=None, session_room__session__ends_at__gt=clock.now())
        .select_related("session_room__session", "session_room__room")
        .order_by("session_room__session__starts_at", "pk")
    )
    for one in waiting:
        room = one.session_room
        yield Need(one.member_id, f"{clock.shown(room.session.starts_at)} {one.get_role_display()}（{room.room}）")


def lacking(batch: Batch) -> Lacking:
    """Of those who work in sessions of the batch that are not over."""
    found = Lacking()
    assigned = list(_assigned(batch))
    held = _duties({one.member.account_id for one in assigned if one.member.account_id is not None})
    for one in assigned:
        account = one.member.account
        if account is None:
            where = found.account
        elif not account.is_active:
            where = found.disabled
        elif DUTY_OF[one.role] not in held.get(account.pk, set()):
            where = found.post
        else:
            continue
        if one.member.name not in where:
            where.append(one.member.name)
    return found


def _assigned(batch: Batch) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(
            session_room__session__batch=batch, session_room__session__ends_at__gt=clock.now(), role__in=DUTY_OF
        )
        .select_related("member__account")
        .order_by("session_room__session__starts_at", "pk")
    )


def _duties(accounts: set[int]) -> dict[int, set[str]]:
    """What each account owes today."""
    day, found = clock.today(), dict[int, set[str]]()
    for one in Appointment.objects.filter(account__in=accounts).select_related("post"):
        if one.in_force(day):
            found.setdefault(one.account_id, set()).update(one.post.duties)
    return found
