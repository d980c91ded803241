"""Seats that the hall has are not moved behind its back; taken back and published again, both know the new ones."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from testbed.programs import Process

from assay.arrangement.acts.seats import move_candidate
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import publishing
from assay.exam.models import Publication
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(session: Session) -> Seating:
    """Before the exam, when seats may still be moved."""
    Batch.objects.filter(pk=session.batch_id).update(stage="readiness")
    session.batch.refresh_from_db()
    return Seating.objects.get(session_room__session=session, seat=1)


def move(seat: Seating, to: SessionRoom, number: int = 9) -> Seating:
    return move_candidate(f.actor_with("E6"), seat, session_room=to, seat=number)


def test_a_seat_stays_while_the_hall_has_it_and_moves_once_the_pack_is_taken_back(
    session: Session, seat: Seating, keeper: Account, officer: Account, hall: Process
) -> None:
    room = seat.session_room
    assert move(seat, room, 8).seat == 8
    publishing.publish(actor_of(keeper), session, hall_url=hall.url)
    with pytest.raises(Refused, match=r"已发布到考试端.*把本场改期（时间可以不变）"):
        move(seat, room)
    publishing.postpone(actor_of(officer), session, starts_at=session.starts_at, reason="调座", hall_url=hall.url)
    assert move(seat, room).seat == 9
    assert publishing.publish(actor_of(keeper), session, hall_url=hall.url).state == "published"


def test_nobody_is_moved_into_a_session_that_the_hall_has_nor_while_it_is_being_given(
    session: Session, seat: Seating, keeper: Account
) -> None:
    other = Session.objects.create(
        batch=session.batch, part="theory", number=2, starts_at=session.starts_at, ends_at=session.ends_at
    )
    elsewhere = SessionRoom.objects.create(session=other, room=f.room())
    Publication.objects.create(session=other, pack_id="p", pack_digest="0" * 64, state="published")
    with pytest.raises(Refused, match="已发布到考试端"):
        move(seat, elsewhere)
    publishing.prepare(actor_of(keeper), session)
    with pytest.raises(Refused, match="正在发布到考试端"):
        move(seat, seat.session_room)


def test_the_page_of_the_room_says_so_instead_of_offering_it(session: Session, seat: Seating) -> None:
    page, client = reverse("arrangement:room", args=[seat.session_room_id]), Client()
    client.force_login(f.staff("E6"))
    assert ">调座</button>" in client.get(page).content.decode()
    Publication.objects.create(session=session, pack_id="p", pack_digest="0" * 64, state="published")
    shown = client.get(page).content.decode()
    assert ">调座</button>" not in shown
    assert "撤回考试包，调整后重新发布" in shown
