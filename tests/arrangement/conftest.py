"""What tests of the arrangement begin with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.kernel.clock import now
from tests import factories as f


@pytest.fixture
def room() -> SessionRoom:
    """With one candidate and one invigilator."""
    f.centre()
    starts = now() + timedelta(days=40)
    session = Session.objects.create(
        batch=f.batch("exam", stage="arrange"), part="theory", number=1, starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
    )  # fmt: skip
    made = SessionRoom.objects.create(session=session, room=f.room())
    Seating.objects.create(
        session_room=made, application=f.application(session.batch, state="approved"), part="theory", seat=1
    )
    Assignment.objects.create(session_room=made, member=f.member(), role="invigilator")
    return made
