"""A room's record that was written is never edited: it is put right by an addition that a second person signs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import additions
from assay.exam.models import RecordAddition, RoomRecord
from assay.exam.printing import for_printing, room_records
from assay.kernel import clock, gates
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db
SAID = "原记缺考零人，实为一人"


@pytest.fixture
def room(session: Session) -> SessionRoom:
    return session.rooms.get()


@pytest.fixture
def record(room: SessionRoom) -> RoomRecord:
    return RoomRecord.objects.create(
        session_room=room, expected=2, present=2, absent=0, closed_by="某", closed_at=clock.now()
    )


@pytest.fixture
def invigilator(room: SessionRoom) -> Account:
    account = f.staff("R2")
    Assignment.objects.create(session_room=room, member=f.member(account=account), role="invigilator")
    return account


def proposed(record: RoomRecord, by: Account) -> RecordAddition:
    return additions.add_to_record(actor_of(by), record, kind="corrected", text=SAID)


def printed(record: RoomRecord) -> str:
    return text_of(room_records(list(for_printing().filter(pk=record.pk)))).replace("\n", "")


def test_an_addition_counts_once_a_second_person_has_signed_and_the_record_stays_as_it_is(
    record: RoomRecord, invigilator: Account, officer: Account
) -> None:
    before = record.facts()
    addition = proposed(record, invigilator)
    assert SAID not in printed(record)
    assert "1 条考场记录的更正补充待另一人会签" in [
        todo.text for todo in gates.todos("exam", record.session_room.session.batch)
    ]
    with pytest.raises(Refused, match="考场记录的更正与会签"):
        additions.countersign(actor_of(invigilator), addition, agreed=True)
    additions.countersign(actor_of(officer), addition, agreed=True)
    paper = printed(record)
    assert SAID in paper
    assert officer.name in paper
    record.refresh_from_db()
    assert record.facts() == before
    with pytest.raises(Refused, match=f"已由{officer.name}会签"):
        additions.countersign(actor_of(f.staff("Q4")), addition, agreed=False, answer="不属实")


def test_who_does_not_agree_says_why_and_nothing_is_printed(
    record: RoomRecord, invigilator: Account, officer: Account
) -> None:
    addition = proposed(record, invigilator)
    with pytest.raises(Refused, match="不同意的，请写明理由"):
        additions.countersign(actor_of(officer), addition, agreed=False)
    additions.countersign(actor_of(officer), addition, agreed=False, answer="签到表与原记录一致")
    assert SAID not in printed(record)
    assert RecordAddition.objects.get().standing() == f"{officer.name}不同意（签到表与原记录一致）"


def test_it_is_for_people_of_the_room_and_ends_with_the_archive(record: RoomRecord, invigilator: Account) -> None:
    with pytest.raises(Refused, match="您没有被安排在这个考场"):
        proposed(record, f.staff("R2"))
    with pytest.raises(Refused, match="请写明更正或补充的内容"):
        additions.add_to_record(actor_of(invigilator), record, kind="added", text=" ")
    addition = proposed(record, invigilator)
    Batch.objects.update(stage="archive")
    for late in (
        lambda: proposed(record, invigilator),
        lambda: additions.countersign(actor_of(f.staff("E8")), addition, agreed=True),
    ):
        with pytest.raises(Refused, match="考场记录已归档"):
            late()


def test_it_is_proposed_and_signed_on_the_page_of_the_record(
    record: RoomRecord, invigilator: Account, officer: Account, client: Client
) -> None:
    address = reverse("exam:record_additions", args=[record.session_room_id])
    client.force_login(invigilator)
    assert address in client.get(reverse("exam:my_rooms")).content.decode()
    page = client.post(address, {"kind": "corrected", "text": SAID}, follow=True).content.decode()
    sign = reverse("exam:countersign", args=[RecordAddition.objects.get().pk])
    assert "待另一人会签" in page
    assert sign not in page
    other = Client()
    other.force_login(officer)
    assert address in other.get(reverse("exam:batch", args=[record.session_room.session.batch_id])).content.decode()
    assert sign in other.get(address).content.decode()
    page = other.post(sign, {"agreed": "1", "answer": ""}, follow=True).content.decode()
    assert f"{officer.name}会签同意" in page
    stranger = Client()
    stranger.force_login(f.staff("R2"))
    assert stranger.get(address).status_code == 409
