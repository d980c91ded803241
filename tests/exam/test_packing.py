"""What the hall is given of a session: the plan of its rooms, the addresses of its computers, the name of its paper."""

from __future__ import annotations

import msgspec
import pytest

from assay.arrangement.models import Seating, Session
from assay.bank.models import Paper
from assay.bridge import contract
from assay.bridge.client import encode_pack
from assay.exam import packing
from tests import factories as f


def packed(session: Session) -> contract.Pack:
    """The pack as it arrives at the hall."""
    Seating.objects.update(paper=Paper.objects.get())
    pack, _ = packing.build(session, list(Seating.objects.all()), "p1")
    return msgspec.msgpack.decode(encode_pack(pack), type=contract.Pack)


@pytest.mark.django_db
def test_a_room_comes_with_its_plan_and_its_addresses(session: Session) -> None:
    room = session.rooms.get().room
    room.workstations, room.columns, room.front, room.door = 42, 8, "left", "bottom"
    room.addresses, room.aisles = "1 10.0.0.31\n2 10.0.0.32", "6，2"
    room.save()
    (given,) = packed(session).rooms
    assert given.plan == contract.Plan(columns=8, rows=6, front="left", door="bottom", aisles=(2, 6))
    assert given.addresses == {1: "10.0.0.31", 2: "10.0.0.32"}


@pytest.mark.django_db
@pytest.mark.parametrize("unsaid", ["workstations", "columns"])
def test_a_room_that_nobody_measured_has_no_plan(session: Session, unsaid: str) -> None:
    room = session.rooms.get().room
    setattr(room, unsaid, 0)
    room.save()
    (given,) = packed(session).rooms
    assert given.plan is None


def test_a_room_of_an_old_pack_is_read_as_before() -> None:
    old = msgspec.msgpack.encode({"id": "1", "name": "示例考场", "seats": 30})
    room = msgspec.msgpack.decode(old, type=contract.Room)
    assert (room.plan, room.addresses) == (None, {})
    plan = msgspec.msgpack.encode({"columns": 8, "rows": 6, "front": "left"})
    assert msgspec.msgpack.decode(plan, type=contract.Plan) == contract.Plan(8, 6, "left")
    assert msgspec.msgpack.decode(plan, type=contract.Plan).aisles == ()


@pytest.mark.django_db
@pytest.mark.parameter(
    "exam.late_minutes", "exam.earliest_leave_minutes", "exam.grace_seconds", "exam.reschedule_minutes"
)
def test_the_hall_is_given_the_limits_that_the_parameters_page_was_told(session: Session) -> None:
    limits = ("late_minutes", "earliest_leave_minutes", "grace_seconds", "reschedule_minutes")

    def given() -> list[int]:
        pack = packed(session)
        return [getattr(pack, limit) for limit in limits]

    assert given() == [30, 30, 60, 45]
    for number, limit in enumerate(limits, start=7):
        f.set_parameter(f"exam.{limit}", str(number))
    assert given() == [7, 8, 9, 10]


@pytest.mark.django_db
def test_candidates_read_the_name_of_their_paper_not_of_its_table(session: Session) -> None:
    (paper,) = packed(session).papers
    assert paper.title == "示例 A 卷"
