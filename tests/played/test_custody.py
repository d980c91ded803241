"""Papers in the office: locked away when sealed, opened by two people of different duties, not before the hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.models import Session
from assay.bank.models import Paper
from assay.catalogue.models import ScopeRow
from assay.exam.acts import opening, rooms
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.models import LedgerLine
from assay.kernel.refusals import NotAllowed, Refused
from assay.rehearsal.cast import Cast
from tests import factories as f
from tests.played.conftest import Played


@pytest.fixture
def publication(played: Played) -> Publication:
    """A session that begins in half an hour, its pack with the hall."""
    session = Session.objects.filter(part="theory").order_by("pk")[0]
    starts = clock.now() + timedelta(minutes=30)
    batch = f.batch("exam", stage="exam", lines=[(ScopeRow.objects.get(no=1), "4", 4)])
    own = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    assert session.publication.state == "collected"
    return Publication.objects.create(session=own, pack_id=f"test-{own.pk}", state="published")


def test_a_sealed_paper_lies_encrypted_and_its_digest_is_in_the_ledger(played: Played) -> None:
    paper = Paper.objects.filter(state="sealed")[0]
    assert paper.content == []
    stem = paper.frozen()[0]["stem"]
    assert stem
    assert stem not in paper.sealed_content
    line = LedgerLine.objects.filter(subject=Paper.subject(), subject_id=str(paper.pk)).order_by("-pk")[0]
    assert line.facts["digest"] == paper.digest


def test_one_person_cannot_open_a_paper_twice(publication: Publication) -> None:
    cast = Cast()
    opening.sign_opening(cast("shijuan"), publication)
    with pytest.raises(Refused, match="须由另一人"):
        opening.sign_opening(cast("shijuan"), publication)
    opening.sign_opening(cast("dudao01"), publication)
    assert sorted(publication.openings.values_list("side", flat=True)) == ["keeper", "witness"]


def test_two_witnesses_are_not_enough(publication: Publication) -> None:
    cast = Cast()
    opening.sign_opening(cast("kaowu"), publication)
    with pytest.raises(Refused, match="另一职责"):
        opening.sign_opening(cast("dudao01"), publication)


def test_nobody_else_opens_papers(publication: Publication) -> None:
    with pytest.raises(NotAllowed):
        opening.sign_opening(Cast()("shenhe"), publication)


def test_papers_are_not_opened_before_the_hour(publication: Publication) -> None:
    publication.session.starts_at = clock.now() + timedelta(hours=3)
    publication.session.ends_at = clock.now() + timedelta(hours=4)
    publication.session.save()
    with pytest.raises(Refused, match="起才能启封"):
        opening.sign_opening(Cast()("shijuan"), publication)


def test_a_room_that_was_given_up_sits_again_with_the_same_seats(played: Played) -> None:
    from assay.exam.gates import who_could_not_finish_sits_again
    from assay.exam.models import TheorySheet

    session = Session.objects.filter(part="theory", publication__state="collected").order_by("pk")[0]
    room = session.rooms.filter(seatings__isnull=False).order_by("pk")[0]
    seats = dict(room.seatings.values_list("application", "seat"))
    TheorySheet.objects.filter(seating__session_room=room).delete()
    assert [b.count for b in who_could_not_finish_sits_again(session.batch)] == [len(seats)]
    again = rooms.reschedule(Cast()("kaowu"), room, starts_at=clock.now() + timedelta(days=2))
    (new_room,) = again.rooms.all()
    assert dict(new_room.seatings.values_list("application", "seat")) == seats
    assert new_room.assignments.filter(role="invigilator").exists()
    assert list(who_could_not_finish_sits_again(session.batch)) == []
    with pytest.raises(Refused, match="没有须另行安排"):
        rooms.reschedule(Cast()("kaowu"), room, starts_at=clock.now() + timedelta(days=2))
