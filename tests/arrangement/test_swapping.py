"""Two candidates change seats in one act, until their session is over and as long as nobody works by their seats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.acts.seats import move_candidate, swap_seats
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
OFFICER = f.actor_with("E8")


def seated(room: SessionRoom, number: int, class_name: str = "汽修2301") -> Seating:
    application = f.application(room.session.batch, person=f.person(class_name=class_name))
    return Seating.objects.create(session_room=room, application=application, part=room.session.part, seat=number)


@pytest.fixture
def two(room: SessionRoom) -> tuple[Seating, Seating]:
    """At seats 1 and 2 of a room."""
    Batch.objects.filter(pk=room.session.batch_id).update(stage="exam")
    room.session.batch.refresh_from_db()
    return room.seatings.get(seat=1), seated(room, 2)


def test_two_change_seats_at_once_and_the_ledger_has_both_in_one_entry(two: tuple[Seating, Seating]) -> None:
    swap_seats(OFFICER, *two)
    for seating in two:
        seating.refresh_from_db()
    assert [seating.seat for seating in two] == [2, 1]
    entry = LedgerEntry.objects.get(act="arrangement.swap_seats")
    assert sorted(line.subject_id for line in entry.lines.all()) == sorted(str(s.pk) for s in two)


def test_they_change_rooms_as_well_unless_somebody_there_teaches_them(two: tuple[Seating, Seating]) -> None:
    room = two[0].session_room
    other = SessionRoom.objects.create(session=room.session, room=f.room())
    there = seated(other, 5, "机电2302")
    teacher = Assignment.objects.create(session_room=other, member=f.member(classes=["汽修2301"]), role="invigilator")
    with pytest.raises(Refused, match="任教汽修2301，应当回避；请先改派，再调整座位"):
        swap_seats(OFFICER, two[1], there)
    teacher.delete()
    swap_seats(OFFICER, two[1], there)
    for seating in (two[1], there):
        seating.refresh_from_db()
    assert (two[1].session_room, two[1].seat) == (other, 5)
    assert (there.session_room, there.seat) == (room, 2)


def test_nobody_is_seated_where_the_own_job_is_not_assessed_or_at_two_places_at_once(room: SessionRoom) -> None:
    batch, starts = room.session.batch, room.session.starts_at
    skill = [
        Session.objects.create(
            batch=batch, part="skill", number=n, starts_at=starts + timedelta(hours=hours), ends_at=starts + timedelta(hours=hours + 2)
        )
        for n, hours in ((1, 4), (2, 0))
    ]  # fmt: skip
    other_line = f.batch("exam", "exam", [(f.scope_row("另一工种"), "4", 9)]).lines.get()
    own = SessionRoom.objects.create(session=skill[0], room=f.room("skill", 9), line=batch.lines.get())
    foreign = SessionRoom.objects.create(session=skill[0], room=f.room("skill", 9), line=other_line)
    early = SessionRoom.objects.create(session=skill[1], room=f.room("skill", 9), line=batch.lines.get())
    application = room.seatings.get().application
    seat = Seating.objects.create(session_room=own, application=application, part="skill", seat=1)
    with pytest.raises(Refused, match="不能调到这里"):
        move_candidate(OFFICER, seat, session_room=foreign, seat=2)
    with pytest.raises(Refused, match="同一时间要参加理论知识考试第 1 场"):
        move_candidate(OFFICER, seat, session_room=early, seat=2)


def test_a_seat_that_is_taken_says_how_to_swap_and_the_page_does_it(
    two: tuple[Seating, Seating], client: Client
) -> None:
    with pytest.raises(Refused, match="2 号已有考生；要与该考生互换座位的，请点“对调”"):
        move_candidate(OFFICER, two[0], session_room=two[0].session_room, seat=2)
    client.force_login(f.staff("E8"))
    address = reverse("arrangement:move", args=[two[0].pk])
    page = client.post(address, {"seat": "2", "swap": "1"}, follow=True).content.decode()
    assert f"座位已与 {two[1].application.applicant} 对调" in page
    two[0].refresh_from_db()
    assert two[0].seat == 2
    said = client.post(address, {"seat": "30", "swap": "1"}).content.decode()
    assert "30 号没有考生，不用对调" in said


def test_what_the_hall_has_is_not_swapped_and_it_is_said_what_to_do(two: tuple[Seating, Seating]) -> None:
    session = two[0].session_room.session
    Publication.objects.create(session=session, pack_id="p", pack_digest="0" * 64, state="opened")
    with pytest.raises(Refused, match=r"把本场改期（时间可以不变），撤回考试包，调整后重新发布"):
        swap_seats(OFFICER, *two)
    with clock.moved_to(session.starts_at), pytest.raises(Refused, match="由监考员在考场控制台“准许就坐此机”"):
        swap_seats(OFFICER, *two)


def test_once_the_session_is_over_seats_stay(two: tuple[Seating, Seating]) -> None:
    with (
        clock.moved_to(two[0].session_room.session.ends_at),
        pytest.raises(Refused, match="结束，座位不能再调整"),
    ):
        swap_seats(OFFICER, *two)
