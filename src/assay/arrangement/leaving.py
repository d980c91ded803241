"""Seats of whoever takes the application back: they are free again, within the act that does it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from assay.applications.models import Application
from assay.arrangement.models import Seating
from assay.kernel.acts import Context

NAMED = 5


def foretell_seats(application: Application) -> str:
    """Which seats become free."""
    seats = [_said(seating) for seating in _of([application])]
    return f"已编的座位随之空出：{'、'.join(seats)}" if seats else ""


def give_up_seats(ctx: Context, applications: Sequence[Application]) -> str:
    """Remove the seats of these applications, and say which."""
    seatings = list(_of(applications))
    for seating in seatings:
        ctx.record_removed(Seating, seating.pk)
    Seating.objects.filter(pk__in=[seating.pk for seating in seatings]).delete()
    if not seatings:
        return ""
    more = f"等 {len(seatings)} 个座位" if len(seatings) > NAMED else ""
    return f"空出 {'、'.join(_said(seating) for seating in seatings[:NAMED])}{more}"


def _of(applications: Sequence[Application]) -> QuerySet[Seating]:
    rows = Seating.objects.filter(application__in=[application.pk for application in applications])
    return rows.select_related("session_room__session", "session_room__room").order_by("session_room", "seat")


def _said(seating: Seating) -> str:
    return f"{seating.session_room} {seating.seat} 号"
