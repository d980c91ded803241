"""Door lists, labels and sign-in sheets name candidates: who works in the room prints them, and the officers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.arrangement.printing import ROOM_PAPERS
from assay.centre.models import Account
from assay.kernel.clock import now
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def rooms() -> list[SessionRoom]:
    """Two rooms of one session with a candidate each."""
    f.centre()
    batch = f.batch("exam", stage="readiness")
    starts = now() + timedelta(days=1)
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(minutes=90)
    )
    made = [SessionRoom.objects.create(session=session, room=f.room()) for _ in range(2)]
    for room in made:
        Seating.objects.create(session_room=room, application=f.application(batch), part="theory", seat=1)
    return made


def opened(who: Account, name: str, *args: object) -> int:
    client = Client()
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(f"arrangement:{name}", args=args)).status_code


@pytest.mark.parametrize("paper", ROOM_PAPERS)
def test_an_invigilator_prints_the_papers_of_the_own_room_only(rooms: list[SessionRoom], paper: str) -> None:
    who, (own, other) = f.staff("R2"), rooms
    Assignment.objects.create(session_room=own, member=f.member(account=who), role="invigilator")
    assert opened(who, "room_paper", own.pk, paper) == 200
    assert opened(who, "room_paper", other.pk, paper) == 409
    assert opened(who, "all_room_papers", own.session.batch_id, paper) == 403


@pytest.mark.parametrize("duty", ["E2", "E5", "E6", "E8", "Q4"])
def test_officers_and_who_supervises_the_whole_open_those_of_every_room(rooms: list[SessionRoom], duty: str) -> None:
    who = f.staff(duty)
    assert [opened(who, "room_paper", room.pk, "door") for room in rooms] == [200, 200]
    assert opened(who, "all_room_papers", rooms[0].session.batch_id, "door") == 200


def test_the_invigilators_own_page_leads_to_the_papers(rooms: list[SessionRoom]) -> None:
    who = f.staff("R2")
    Assignment.objects.create(session_room=rooms[0], member=f.member(account=who), role="invigilator")
    client = Client()
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("exam:my_rooms")).content.decode()
    assert all(reverse("arrangement:room_paper", args=[rooms[0].pk, paper]) in page for paper in ROOM_PAPERS)


@pytest.mark.parametrize("given", [{"session_room": "abc"}, {"session_room": "9" * 30}, {"session_room": "0"}])
def test_a_room_that_is_none_moves_nobody(rooms: list[SessionRoom], given: dict[str, str]) -> None:
    client = Client()
    client.force_login(f.staff("E6"), "django.contrib.auth.backends.ModelBackend")
    seating = Seating.objects.get(session_room=rooms[0])
    answer = client.post(reverse("arrangement:move", args=[seating.pk]), {**given, "seat": "2"})
    assert answer.status_code == 409
    assert "请选择要调去的考场" in answer.content.decode()
    assert Seating.objects.get(pk=seating.pk).seat == 1


def test_a_seat_that_is_no_number_moves_nobody(rooms: list[SessionRoom]) -> None:
    client = Client()
    client.force_login(f.staff("E6"), "django.contrib.auth.backends.ModelBackend")
    seating = Seating.objects.get(session_room=rooms[0])
    answer = client.post(reverse("arrangement:move", args=[seating.pk]), {"seat": "三"})
    assert answer.status_code == 409
    assert "座位号请填数字" in answer.content.decode()
