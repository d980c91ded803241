"""A skill exam for the marking room's tests: a panel of three, sealed versions, rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.bank.models import Paper, Specification
from assay.bank.papers.acts import papers as bank_papers
from assay.bank.papers.acts import skill as bank_skill
from assay.bank.specifications import acts as bank_acts
from assay.bank.writing.acts import items as bank_items
from assay.batches.models import Batch
from assay.corps.models import Member
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import clock
from assay.kernel.acts import Actor
from tests import factories as f

POINTS = [
    {"kind": "deduct", "title": "防护", "full": "20.0", "each": "8.0", "rule": ""},
    {"kind": "measure", "title": "直径", "full": "50.0", "low": "24.98", "high": "25.02", "unit": "mm", "rule": ""},
    {"kind": "mark", "title": "清洁", "full": "30.0", "rule": "酌情"},
]
KEEPER = ("E7", "E8", "X4", "X3", "R4")


@dataclass
class Hall:
    """A batch at its exam with a skill session, examiners and sealed versions."""

    batch: Batch
    specification: Specification
    papers: list[Paper]
    keeper: Actor
    room: Callable[..., SessionRoom]
    panel: list[Member]


@pytest.fixture
def hall() -> Hall:
    f.centre()
    row = f.scope_row()
    batch = f.batch("exam", "exam", [(row, "4", 10)])
    account = f.staff(*KEEPER)
    keeper = f.actor_with(*KEEPER, account=account)
    bank_items.sign_secrecy(keeper)
    specification = bank_acts.install_specification(
        keeper, occupation=row.occupation, level=f.level("4"), part="skill", title="示例结构表",
        rows=[PointRow("A", "", "range", "操作", Decimal(100)), PointRow("A-001", "A", "point", "操作", None, "X")],
    )  # fmt: skip
    tasks = [
        ItemRow(
            "A-001", "practical", 3, f"加工零件{n}。",
            sheet={"title": f"零件{n}", "minutes": 60, "form": "实操", "points": POINTS, "vetoes": [{"title": "违章"}], "materials": []},
        )
        for n in range(3)
    ]  # fmt: skip
    bank_items.import_items(keeper, specification, tasks, approved=True)
    papers = bank_skill.assemble_skill(keeper, specification, seed=3, forms="ABC")
    for paper in papers:
        bank_papers.seal(keeper, paper)
    panel = [f.member("examiner", account=f.staff("R3")) for _ in range(3)]

    def room(starts: datetime, candidates: int = 1) -> SessionRoom:
        return _room(batch, starts, panel, candidates)

    return Hall(batch, specification, papers, keeper, room, panel)


def _room(batch: Batch, starts: datetime, panel: list[Member], candidates: int) -> SessionRoom:
    number = Session.objects.filter(batch=batch).count() + 1
    session = Session.objects.create(
        batch=batch, part="skill", number=number, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    made = SessionRoom.objects.create(session=session, room=f.room("skill", 10), line=batch.lines.get())
    for seat in range(1, candidates + 1):
        application = f.application(batch)
        Ticket.objects.create(application=application, number=f"26{number:06d}{seat:02d}", issued_at=clock.now())
        Seating.objects.create(session_room=made, application=application, part="skill", seat=seat)
    for n, member in enumerate(panel):
        Assignment.objects.create(session_room=made, member=member, role="leader" if n == 0 else "examiner")
    return made


def examiner(member: Member) -> Actor:
    assert member.account is not None
    return f.actor_with("R3", account=member.account)
