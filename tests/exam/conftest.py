"""A theory session that is ready to be published, and a hall of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from testbed import programs

from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.bank.models import Paper, Specification
from assay.bridge.client import HallClient
from assay.centre.models import Account
from assay.kernel import clock
from tests import factories as f

ITEM = {
    "item": 1, "version": 1, "type": "single", "mark": "100", "stem": "选正确的一项", "options": ["甲", "乙"], "premises": [],
    "image": None, "key": "A",
}  # fmt: skip


@pytest.fixture
def hall(tmp_path: Path, settings: Settings) -> Iterator[programs.Process]:
    """The hall of the office."""
    process = programs.hall(str(tmp_path / "hall.sqlite3"), settings.HALL_SECRET)
    process.start()
    settings.HALL_URL, settings.HALLS = process.url, ""
    yield process
    process.stop()


@pytest.fixture
def client_of_hall(hall: programs.Process, settings: Settings) -> Iterator[HallClient]:
    """What the office asks the hall, past the office."""
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as client:
        yield client


@pytest.fixture
def session() -> Session:
    """Two candidates in one room, their paper sealed; it begins in half an hour."""
    f.centre()
    row = f.scope_row()
    batch = f.batch("exam", "exam", [(row, "4", 10)])
    specification = Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="示例细目表")
    Paper.objects.create(
        specification=specification, title="示例 A 卷", minutes=60, content=[ITEM], seed=1, digest="0" * 64, state="sealed",
        created_at=clock.now(), sections=[{"type": "single", "count": 1, "mark": "100"}],
    )  # fmt: skip
    starts = clock.now() + timedelta(minutes=30)
    made = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    room = SessionRoom.objects.create(session=made, room=f.room())
    for n in (1, 2):
        application = f.application(batch)
        Ticket.objects.create(application=application, number=f"{batch.code}-{n}", issued_at=clock.now())
        Seating.objects.create(session_room=room, application=application, part="theory", seat=n)
    return made


@pytest.fixture
def keeper() -> Account:
    return f.staff("E7", "R2")


@pytest.fixture
def officer() -> Account:
    return f.staff("E8")
