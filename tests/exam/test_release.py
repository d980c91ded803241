"""When the items of a paper may be looked at again: not before the last who has to sit it has sat it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper, Specification
from assay.batches.models import Batch
from assay.bridge import contract
from assay.exam.acts.collecting import record_collection
from assay.exam.models import Publication
from assay.kernel import clock
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", "exam", [(f.scope_row(), "4", 10)])


@pytest.fixture
def paper(batch: Batch) -> Paper:
    occupation = batch.lines.get().scope_row.occupation
    specification = Specification.objects.create(occupation=occupation, level=f.level("4"), title="示例细目表")
    return Paper.objects.create(
        specification=specification, title="示例 A 卷", minutes=60, content=[], seed=1, digest="0" * 64, state="sealed",
        created_at=clock.now(), sections=[],
    )  # fmt: skip


def session_of(batch: Batch, number: int, paper: Paper) -> Session:
    session = Session.objects.create(
        batch=batch, part="theory", number=number, starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now()
    )
    room = SessionRoom.objects.create(session=session, room=f.room())
    Seating.objects.create(session_room=room, application=f.application(batch), part="theory", seat=1, paper=paper)
    return session


def published(session: Session, paper: Paper) -> Publication:
    return Publication.objects.create(
        session=session, pack_id=f"p{session.pk}", pack_digest="0" * 64, state="opened", paper_digests={str(paper.pk): paper.digest}
    )  # fmt: skip


def collect(publication: Publication) -> None:
    nobody_came = contract.Collection(publication.pack_id, True, [], [], 0, "0" * 64)
    record_collection(f.actor_with("E8"), publication, nobody_came)


def test_a_paper_that_another_session_has_still_to_sit_stays_shut(batch: Batch, paper: Paper) -> None:
    first, second = (published(session_of(batch, n, paper), paper) for n in (1, 2))
    collect(first)
    paper.refresh_from_db()
    assert paper.released_at is None
    collect(second)
    paper.refresh_from_db()
    assert paper.released_at is not None


def test_a_room_that_sits_again_keeps_its_paper_shut_before_its_session_is_published(
    batch: Batch, paper: Paper
) -> None:
    first, again = published(session_of(batch, 1, paper), paper), session_of(batch, 2, paper)
    collect(first)
    paper.refresh_from_db()
    assert paper.released_at is None
    collect(published(again, paper))
    paper.refresh_from_db()
    assert paper.released_at is not None
