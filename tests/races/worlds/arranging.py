"""Sessions, seats and people of a batch, its filing, its tickets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from assay.applications.models import Application
from assay.arrangement.acts import arranging, seats, tickets
from assay.arrangement.acts import people as staff
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches import acts as batches
from assay.batches.models import Batch
from assay.corps.models import Member
from assay.filing import acts as filing
from assay.filing.models import Filing
from assay.kernel import clock
from assay.sites.models import Room
from tests import factories as f
from tests.races.deeds import Deed, People, deed, world
from tests.races.worlds.planning import as_planned

_days = count(60, 5)


@dataclass
class Arranged:
    """A theory session of two rooms: two candidates in the first, each room with two invigilators."""

    batch: Batch
    applications: list[Application]
    session: Session
    rooms: list[SessionRoom]
    seats: list[Seating]
    watch: Assignment
    spare: list[Member]


def arranged(people: People, stage: str, **fields: Any) -> Arranged:
    f.centre()
    row = people.kept("row", f.scope_row)
    rooms: list[Room] = people.kept("rooms", lambda: [f.room(workstations=10), f.room(workstations=10)])
    venue: Room = people.kept("venue", lambda: f.room("skill", 10))
    members: list[Member] = people.kept("members", lambda: [f.member() for _ in range(7)])
    panel: list[Member] = people.kept("panel", lambda: [f.member("examiner") for _ in range(3)])
    watching: Member = people.kept("supervisor", lambda: f.member("supervisor"))
    days = fields.pop("days", None) or next(_days)
    day = clock.today() + timedelta(days=days)
    batch = f.batch(stage=stage, lines=[(row, "4", 30)], exam_on=day, exam_to=day + timedelta(days=1), **fields)
    applications = [f.application(batch) for _ in range(2)]
    starts = clock.now() + timedelta(days=days)
    theory, skill = (
        Session.objects.create(
            batch=batch, part=part, number=1, starts_at=starts + timedelta(hours=hours), ends_at=starts + timedelta(hours=hours + 2)
        )
        for part, hours in (("theory", 0), ("skill", 4))
    )  # fmt: skip
    first, second = (SessionRoom.objects.create(session=theory, room=room) for room in rooms)
    before = SessionRoom.objects.create(session=skill, room=venue, line=batch.lines.get())
    seats = [
        Seating.objects.create(session_room=first, application=one, part="theory", seat=n) for n, one in enumerate(applications, 1)
    ]  # fmt: skip
    for n, one in enumerate(applications, 1):
        Seating.objects.create(session_room=before, application=one, part="skill", seat=n)
    watch = Assignment.objects.create(session_room=first, member=members[0], role="invigilator")
    for room, member, role in (
        (first, members[1], "invigilator"), (second, members[2], "invigilator"), (first, watching, "supervisor"),
        (before, watching, "supervisor"), (first, members[3], "staff"),
        *((before, member, "leader" if n == 0 else "examiner") for n, member in enumerate(panel)),
    ):  # fmt: skip
        Assignment.objects.create(session_room=room, member=member, role=role)
    return Arranged(batch, applications, theory, [first, second], seats, watch, members[4:])


def _by_hand(people: People, at: Arranged) -> Iterator[Deed]:
    move = {"session_room": at.rooms[0], "seat": 5}
    yield deed(people("E6"), seats.move_candidate, at.seats[0], **move, said="one to 5")
    yield deed(people("E6"), seats.move_candidate, at.seats[1], **move, said="the other to 5")
    second = Assignment.objects.get(session_room=at.rooms[1])
    yield deed(people("E6"), staff.replace_member, at.watch, member=at.spare[0], reason="突发疾病", said="here")
    yield deed(
        people("E6"),
        staff.replace_member,
        second,
        member=at.spare[0],
        reason="突发疾病",
        said="there by the same person",
    )


@world("arrangement.arrange", "arrangement.move_candidate", "arrangement.replace_member", "batches.advance")
def arranged_batch(people: People) -> Iterator[Deed]:
    at = arranged(people, "arrange")
    yield from _by_hand(people, at)
    yield deed(people("E6"), arranging.arrange, at.batch)
    yield deed(people("E1"), batches.advance, at.batch)


@world(
    "arrangement.arrange", "arrangement.move_candidate", "filing.file", "batches.revise_batch",
)  # fmt: skip
def batch_to_be_filed(people: People) -> Iterator[Deed]:
    at = arranged(people, "filing")
    yield deed(people("E6"), seats.move_candidate, at.seats[0], session_room=at.rooms[0], seat=5)
    yield deed(people("E6"), arranging.arrange, at.batch)
    yield deed(people("E5"), filing.file, at.batch)
    yield deed(people("E1"), batches.revise_batch, at.batch, **{**as_planned(at.batch), "scheme": "另一方案"})


@world("filing.record_answer", "filing.file", "batches.revise_batch", "arrangement.arrange", "batches.advance")
def batch_before_the_province(people: People) -> Iterator[Deed]:
    at = arranged(people, "filing")
    sent = Filing.objects.create(batch=at.batch, version=1, document={}, digest="0" * 64, sent_on=clock.today())
    answer = {"reason": "时间冲突", "by": "省中心", "at": clock.now()}
    yield deed(people("E5"), filing.record_answer, sent, state="approved", **answer, said="approved")
    yield deed(people("E5"), filing.record_answer, sent, state="returned", **answer, said="returned")
    yield deed(people("E5"), filing.file, at.batch)
    yield deed(people("E1"), batches.revise_batch, at.batch, **{**as_planned(at.batch), "scheme": "另一方案"})
    yield deed(people("E6"), arranging.arrange, at.batch)
    yield deed(people("E1"), batches.advance, at.batch)


@world(
    "arrangement.replace_member", "arrangement.add_member", "arrangement.release_member", "arrangement.name_leader",
    "arrangement.swap_seats", "arrangement.move_candidate",
)  # fmt: skip
def on_the_day(people: People) -> Iterator[Deed]:
    """Two who each send somebody, take somebody out, or seat two candidates otherwise."""
    at = arranged(people, "exam")
    theory, skill = at.rooms[0], SessionRoom.objects.get(session__batch=at.batch, session__part="skill")
    accounts = people.kept("accounts", lambda: [f.staff("R2") for _ in at.spare])
    for member, account in zip(at.spare, accounts, strict=True):
        if member.account_id is None:
            member.account = account
            member.save()
    third = Assignment.objects.create(session_room=theory, member=people.kept("third", f.member), role="invigilator")
    why = {"reason": "突发疾病"}
    yield deed(people("E6"), staff.replace_member, at.watch, member=at.spare[0], **why)
    yield deed(people("E8"), staff.add_member, theory, role="invigilator", member=at.spare[0], **why, said="the same")
    yield deed(people("E8"), staff.release_member, at.watch, **why, said="one of three")
    yield deed(people("E8"), staff.release_member, third, **why, said="the third")
    examiner = Assignment.objects.filter(session_room=skill, role="examiner").order_by("pk")[0]
    yield deed(people("X3"), staff.name_leader, examiner, **why)
    yield deed(people("E6"), seats.swap_seats, *at.seats)
    yield deed(people("E6"), seats.move_candidate, at.seats[0], session_room=theory, seat=5)


@world("arrangement.issue_tickets", "arrangement.move_candidate", "arrangement.replace_member", "batches.advance")
def batch_with_tickets_to_give(people: People) -> Iterator[Deed]:
    at = arranged(people, "tickets")
    Filing.objects.create(
        batch=at.batch, version=1, document={}, digest="0" * 64, sent_on=clock.today(), state="approved"
    )
    yield deed(people("E5"), tickets.issue_tickets, at.batch)
    yield deed(people("E6"), seats.move_candidate, at.seats[0], session_room=at.rooms[1], seat=5)
    yield deed(people("X3"), staff.replace_member, at.watch, member=at.spare[0], reason="突发疾病")
    yield deed(people("E1"), batches.advance, at.batch)


@world("arrangement.arrange", "arrangement.replace_member")
def two_batches_on_the_same_days(people: People) -> Iterator[Deed]:
    """Neither may take the rooms or the people that the other has taken."""
    days = next(_days)
    one, other = arranged(people, "arrange", days=days), arranged(people, "arrange", days=days)
    for session in other.batch.sessions.all():
        for room in session.rooms.all():
            room.seatings.all().delete()
            room.assignments.exclude(role="invigilator").delete()
    other_place = Assignment.objects.filter(session_room__session=other.session, role="invigilator").first()
    assert other_place is not None
    yield deed(people("E6"), arranging.arrange, one.batch, said="one")
    yield deed(people("E6"), arranging.arrange, other.batch, said="the other")
    yield deed(people("E6"), staff.replace_member, one.watch, member=one.spare[0], reason="突发疾病", said="one")
    yield deed(
        people("E6"), staff.replace_member, other_place, member=one.spare[0], reason="突发疾病", said="the other"
    )
