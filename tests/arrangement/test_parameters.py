"""The numbers of the arrangement and of tickets are those that the parameters page was told."""

from __future__ import annotations

import re

import pytest

from assay.arrangement.models import Seating, SessionRoom, Ticket
from assay.arrangement.printing import for_tickets, tickets
from assay.arrangement.proposal import Invigilation, Options, invigilation, propose
from assay.catalogue.models import StandardLevel
from assay.kernel.clock import now
from assay.kernel.gates import blockers
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db
PER, LEAST = "theory.candidates_per_invigilator", "theory.minimum_invigilators"
STAFFING = pytest.mark.parametrize(
    ("key", "value", "needed"),
    [
        pytest.param(PER, "5", 4, marks=pytest.mark.parameter("theory.candidates_per_invigilator")),
        pytest.param(LEAST, "3", 3, marks=pytest.mark.parameter("theory.minimum_invigilators")),
    ],
)
"""Of twenty candidates in a room, who by default have two invigilators."""


@pytest.mark.parameter("exam.arrive_early_minutes", "exam.late_minutes", "exam.earliest_leave_minutes")
def test_a_ticket_says_how_early_how_late_and_when_to_leave(room: SessionRoom) -> None:
    Ticket.objects.create(application=room.seatings.get().application, number="26000001", issued_at=now())

    def minutes() -> list[tuple[str, str, str]]:
        said = text_of(tickets(for_tickets()))
        return re.findall(r"提前(\d+)分钟.*开考(\d+)分钟后不得入场.*开考(\d+)分钟后方可交卷", said)

    assert minutes() == [("15", "30", "30")]
    for key, value in (("arrive_early", "7"), ("late", "8"), ("earliest_leave", "9")):
        f.set_parameter(f"exam.{key}_minutes", value)
    assert minutes() == [("7", "8", "9")]


@STAFFING
def test_a_room_asks_for_as_many_invigilators(room: SessionRoom, key: str, value: str, needed: int) -> None:
    batch = room.session.batch
    for seat in range(2, 21):
        Seating.objects.create(session_room=room, application=f.application(batch), part="theory", seat=seat)

    def said() -> list[str]:
        return [blocker.text[-21:] for blocker in blockers("arrange", batch) if "监考员" in blocker.text]

    assert said() == ["20 名考生，监考员 1 名，应有 2 名"]
    f.set_parameter(key, value)
    assert said() == [f"20 名考生，监考员 1 名，应有 {needed} 名"]


@STAFFING
def test_a_proposal_names_as_many_invigilators(key: str, value: str, needed: int) -> None:
    f.centre()
    batch = f.batch("exam", "arrange")
    f.room("theory", 20)
    for _ in range(20):
        f.application(batch, skill="exempt")
    for _ in range(5):
        f.member("invigilator")
    f.member("supervisor")

    def named() -> list[int]:
        rooms = [room for session in propose(batch, Options()).sessions for room in session.rooms]
        return [sum(role == "invigilator" for role, _ in room.people) for room in rooms]

    assert named() == [2]
    f.set_parameter(key, value)
    assert named() == [needed]


@pytest.mark.parametrize(
    ("strict", "needed"), [({"theory_candidates_per_invigilator": 5}, 4), ({"theory_minimum_invigilators": 3}, 3)]
)
def test_a_standard_that_asks_for_more_is_heard_and_one_that_asks_for_less_is_not(
    room: SessionRoom, strict: dict[str, int], needed: int
) -> None:
    batch = room.session.batch
    for seat in range(2, 21):
        Seating.objects.create(session_room=room, application=f.application(batch), part="theory", seat=seat)
    at_level = StandardLevel.objects.filter(standard__scoperow__batchline__batch=batch)
    at_level.update(theory_candidates_per_invigilator=40, theory_minimum_invigilators=1)
    assert invigilation(at_level) == Invigilation(15, 2)
    at_level.update(**strict)
    [said] = [blocker.text for blocker in blockers("arrange", batch) if "监考员" in blocker.text]
    assert said.endswith(f"监考员 1 名，应有 {needed} 名")


def test_no_invigilator_for_nobody_is_no_number_of_a_rule() -> None:
    with pytest.raises(Refused, match="不对"):
        f.set_parameter(PER, "0")
