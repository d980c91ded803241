"""Theory and skill on one day: nobody is to be at two places at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.arrangement.proposal import Options, propose
from assay.batches.models import Batch
from assay.kernel import clock
from assay.kernel.gates import blockers
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    f.centre()
    row = f.scope_row()
    day = clock.today() + timedelta(days=40)
    made = f.batch("exam", "arrange", [(row, "4", 10)], exam_on=day, exam_to=day)
    for _ in range(5):
        f.application(made)
    f.room("theory", 20)
    f.room("skill", 20)
    for role in ("invigilator", "invigilator", "invigilator", "supervisor", "examiner", "examiner", "examiner"):
        f.member(role, occupations=[row.occupation])
    return made


def test_the_skill_exam_begins_when_its_candidates_are_through_with_theory(batch: Batch) -> None:
    proposal = propose(batch, Options())
    assert proposal.problems == []
    theory, skill = sorted(proposal.sessions, key=lambda s: s.part, reverse=True)
    assert (theory.part, skill.part) == ("theory", "skill")
    assert skill.slot.starts_at >= theory.slot.ends_at
    assert skill.slot.starts_at.date() == theory.slot.starts_at.date()


def test_somebody_at_two_places_at_once_blocks_the_arrangement(batch: Batch) -> None:
    application = batch.applications.first()
    assert application is not None
    starts = clock.now() + timedelta(days=40)
    for number, part in enumerate(("theory", "skill"), start=1):
        session = Session.objects.create(
            batch=batch, part=part, number=number, starts_at=starts, ends_at=starts + timedelta(hours=2)
        )
        room = SessionRoom.objects.create(session=session, room=f.room(part, 20), line=batch.lines.get())
        Seating.objects.create(session_room=room, application=application, part=part, seat=1)
    assert any("同一时间排了两场" in b.text for b in blockers("arrange", batch))
    Session.objects.filter(part="skill").update(
        starts_at=starts + timedelta(hours=3), ends_at=starts + timedelta(hours=5)
    )
    assert not any("同一时间排了两场" in b.text for b in blockers("arrange", batch))
