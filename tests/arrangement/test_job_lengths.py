"""A skill session is as long as its own jobs need: ticket, filing and room say that, not the longest job's time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.arrangement.acts import arranging
from assay.arrangement.models import Assignment, Seating, Session
from assay.arrangement.planning import Candidate, LineNeeds, Place, Roster, SessionPlan, seat_panels
from assay.arrangement.printing import for_papers, sign_in_sheets
from assay.arrangement.slots import SHANGHAI, Day, slots
from assay.batches.models import Batch
from assay.catalogue.models import StandardLevel
from assay.catalogue.parts import Part
from assay.filing.document import build
from assay.kernel import gates
from tests import factories as f
from tests.arrangement.test_planning import DAYS, helpers
from tests.papers import text_of


@pytest.fixture
def batch() -> Batch:
    """Cooks who need 60 minutes and welders who need 120, in one workshop of ten stations."""
    f.centre()
    cook, welder = f.scope_row("中式烹调"), f.scope_row("焊工")
    StandardLevel.objects.filter(standard=cook.standard).update(skill_minutes=60)
    StandardLevel.objects.filter(standard=welder.standard).update(skill_minutes=120)
    made = f.batch("exam", "arrange", [(cook, "4", 10), (welder, "4", 10)])
    for line in made.lines.all():
        for n in range(6):
            f.application(made, line=line, theory="exempt", person=f.person(class_name=f"班{n}"))
    f.room("skill", 10)
    for role, number in (("invigilator", 1), ("supervisor", 1), ("examiner", 7)):
        for _ in range(number):
            f.member(role, occupations=[cook.occupation, welder.occupation])
    return made


@pytest.mark.django_db
def test_each_job_has_its_own_time_on_every_paper(batch: Batch) -> None:
    assert arranging.arrange(f.actor_with("E6"), batch).problems == []
    minutes = {
        seating.application.line.scope_row.job: (session.ends_at - session.starts_at).seconds // 60
        for seating in Seating.objects.select_related("session_room__session", "application__line__scope_row")
        for session in (seating.session_room.session,)
    }
    assert minutes == {"中式烹调": 60, "焊工": 120}
    filed = build(batch, 1)
    assert len(filed["timetable"]) == Session.objects.count() == len({row["session"] for row in filed["rooms"]})
    assert [s.number for s in Session.objects.order_by("starts_at", "ends_at")] == list(
        range(1, Session.objects.count() + 1)
    )
    for room in for_papers().filter(session__batch=batch):
        begins, ends = (at.astimezone(SHANGHAI) for at in (room.session.starts_at, room.session.ends_at))
        assert f"{begins:%H:%M}-{ends:%H:%M}" in text_of(sign_in_sheets([room]))


@pytest.mark.django_db
def test_one_supervisor_looks_after_sessions_at_the_same_time_and_nobody_stands_at_a_taken_station(
    batch: Batch,
) -> None:
    arranging.arrange(f.actor_with("E6"), batch)
    first, second = Session.objects.order_by("starts_at", "-ends_at")[:2]
    assert first.starts_at < second.ends_at
    assert second.starts_at < first.ends_at, "the workshop has room for both"
    assert Assignment.objects.filter(role="supervisor").values("member").distinct().count() == 1
    assert not [b for b in gates.blockers("arrange", batch) if "督导" in b.text]
    taken = [
        (s.session_room.room_id, s.seat) for s in Seating.objects.filter(session_room__session__in=[first, second])
    ]
    assert len(set(taken)) == len(taken)


NEEDS = {line: LineNeeds(line, line, f"工种{line}") for line in (1, 2)}


@given(st.integers(1, 30), st.integers(1, 30), st.sampled_from([30, 45, 60, 90]), helpers)
def test_two_lengths_share_rooms_and_examiners_without_meeting(long: int, short: int, minutes: int, people) -> None:
    places, roster = [Place(1, tuple(range(1, 9))), Place(2, (2, 3, 5))], Roster(people)
    made: list[SessionPlan] = []
    for line, number, each in ((1, long, 120), (2, short, minutes)):
        candidates = [Candidate(100 * line + n, line, "") for n in range(number)]
        free = slots(DAYS, each, Day())
        more, _ = seat_panels(Part.SKILL, candidates, NEEDS, places, free, roster, before=made)
        made = [*made, *more]
    busy = [
        (session.slot, room.room, station) for session in made for room in session.rooms for station, _ in room.seats
    ]
    for n, (slot, *at) in enumerate(busy):
        assert not any(at == there and slot.overlaps(other) for other, *there in busy[n + 1 :])
    duties = [(member, session.slot) for session in made for room in session.rooms for _, member in room.people]
    for n, (member, slot) in enumerate(duties):
        assert not any(member == other and slot.overlaps(then) for other, then in duties[n + 1 :])
