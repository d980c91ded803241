"""A room is called by the jobs of those who sit in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.filing import document
from assay.kernel import clock
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_few_jobs_are_named_many_are_counted_and_a_room_without_any_has_none(django_assert_num_queries) -> None:
    f.centre()
    names = ["甲工", "乙工", "丙工", "丁工"]
    batch = f.batch("exam", "arrange", [(f.scope_row(name), "4", 10) for name in names])
    lines = list(batch.lines.order_by("pk"))
    at = clock.now()
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=at, ends_at=at + timedelta(hours=2)
    )
    rooms = [SessionRoom.objects.create(session=session, room=f.room("theory", 10)) for _ in range(4)]
    for room, count in zip(rooms, (1, 2, 4, 0), strict=True):
        for seat, line in enumerate([*lines[:count], *lines[:1]] if count else [], start=1):
            application = f.application(batch, line=line)
            Seating.objects.create(session_room=room, application=application, part="theory", seat=seat)
    with django_assert_num_queries(2):
        told = [room.jobs for room in tell_jobs(rooms)]
    assert told == [str(lines[0]), f"{lines[0]}、{lines[1]}", "混编（4 个工种）", ""]


def test_a_room_that_everybody_was_moved_out_of_is_not_filed() -> None:
    f.centre()
    batch = f.batch("exam", "filing", [(f.scope_row("甲工"), "4", 10)])
    at = clock.now()
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=at, ends_at=at + timedelta(hours=2)
    )
    used, _ = (SessionRoom.objects.create(session=session, room=f.room("theory", 10)) for _ in range(2))
    Seating.objects.create(session_room=used, application=f.application(batch), part="theory", seat=1)
    rooms = document.build(batch, 1)["rooms"]
    assert [(room["room"], room["line"], room["candidates"]) for room in rooms] == [
        (used.room.name, str(batch.lines.get()), 1)
    ]
