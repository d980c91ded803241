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
    seated = Seating.objects.filter(session_room__in=[room.pk for room in told]).order_by()
    pairs = set(seated.values_list("session_room", "application__line").distinct())
    lines = BatchLine.objects.filter(pk__in={line for _, line in pairs}).select_related(
        "scope_row__occupation", "level"
    )
    in_order = list(lines.order_by("scope_row__no", "level__code", "pk"))
    for room in told:
        names = [str(line) for line in in_order if (room.pk, line.pk) in pairs]
        if not names and room.line is not None:
            names = [str(room.line)]
        room.jobs = "、".join(names) if len(names) <= NAMED else f"混编（{len(names)} 个工种）"
    return told
