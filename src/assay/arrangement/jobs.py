"""What the candidates of a room are assessed in: theory rooms may mix jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from assay.arrangement.models import Seating, SessionRoom
from assay.batches.models import BatchLine

Room = TypeVar("Room", bound=SessionRoom)

NAMED = 3
"""Jobs that are named one by one; of more, the number is said."""


def tell_jobs(rooms: Iterable[Room]) -> list[Room]:
    """The rooms, each with its `jobs` said."""
    told = list(rooms)
    seated = Seating.objects.filter(session_room__in=[room.pk for room in told]).order_by("application__line")
    pairs = list(seated.values_list("session_room", "application__line").distinct())
    lines = BatchLine.objects.select_related("scope_row__occupation", "level").in_bulk({line for _, line in pairs})
    for room in told:
        names = [str(lines[line]) for of, line in pairs if of == room.pk] or [str(room.line or "")]
        room.jobs = "、".join(names) if len(names) <= NAMED else f"混编（{len(names)} 个工种）"
    return told
