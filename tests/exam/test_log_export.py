"""The raw log of a session for a dispute: every save as the hall has it, and a digest that fits what was collected."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from testbed import programs

from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.bridge.client import HallClient
from assay.bridge.contract import Pack
from assay.exam.log_export import HEADINGS, as_csv, as_sheet
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[programs.Process]:
    process = programs.hall(str(tmp_path / "hall.sqlite3"), settings.HALL_SECRET)
    process.start()
    yield process
    process.stop()


def publication() -> Publication:
    f.centre()
    starts = clock.now()
    batch = f.batch("exam", stage="exam", lines=[(f.scope_row(), "4", 4)])
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    return Publication.objects.create(session=session, pack_id="p1", state="opened")


def test_every_save_is_there_in_order_with_the_digest_of_the_collection(hall: programs.Process) -> None:
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as office:
        office.publish(pack())
        browser = Browser(hall.url).start()
        for choice in ("A", "B", ""):
            browser.save("100", choice)
        collected = office.collect("p1")
    table = list(csv.reader(io.StringIO(as_csv(publication(), hall.url).decode("gb18030"))))
    assert tuple(table[0]) == HEADINGS
    assert [row[3:6] for row in table[1:-1]] == [["100", "1", "A"], ["100", "2", "B"], ["100", "3", ""]]
    assert table[-1][1:4] == ["3", "SHA-256", collected.log_digest]


def test_what_was_written_never_runs_as_a_formula(hall: programs.Process) -> None:
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as office:
        office.publish(pack(written=True))
        browser = Browser(hall.url).start()
        for text in ("=1+1", "@SUM(A1)", "先热车"):
            assert browser.save("300", text).status_code == 200
    table = list(csv.reader(io.StringIO(as_csv(publication(), hall.url).decode("gb18030"))))
    assert [row[5] for row in table[1:-1]] == ["'=1+1", "'@SUM(A1)", "先热车"]


def pack_of(made: Publication, name: str, ticket: str) -> Pack:
    """What the hall gets of a session that one person of this name sits."""
    application = f.application(made.session.batch, person=f.person(name=name))
    Ticket.objects.create(application=application, number=ticket, issued_at=clock.now())
    room = SessionRoom.objects.create(session=made.session, room=f.room())
    seating = Seating.objects.create(session_room=room, application=application, part="theory", seat=1)
    published = pack(candidates=1)
    published.sittings[0] = msgspec.structs.replace(published.sittings[0], id=str(seating.pk))
    return published


def test_no_name_runs_as_a_formula_either(hall: programs.Process) -> None:
    made = publication()
    published = pack_of(made, name="=cmd|'/C calc'!A1", ticket="2700054000")
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as office:
        office.publish(published)
        Browser(hall.url).start().save("100", "A")
    table = list(csv.reader(io.StringIO(as_csv(made, hall.url).decode("gb18030"))))
    assert [row[1:4] for row in table[1:-1]] == [["2700054000", "'=cmd|'/C calc'!A1", "100"]]


def test_in_the_sheet_ticket_numbers_stay_whole_and_moments_are_moments(hall: programs.Process) -> None:
    made = publication()
    published = pack_of(made, name="𠮷示例", ticket="270005400001")
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as office:
        office.publish(published)
        Browser(hall.url).start().save("100", "A")
        collected = office.collect("p1")
    head, row, last = openpyxl.load_workbook(io.BytesIO(as_sheet(made, hall.url))).active.iter_rows(values_only=True)
    assert head == HEADINGS
    assert row[:6] == (1, "270005400001", "𠮷示例", "100", 1, "A")
    assert isinstance(row[6], datetime)
    assert last[1:4] == (1, "SHA-256", collected.log_digest)


def test_a_hall_that_is_off_is_said(hall: programs.Process) -> None:
    hall.stop()
    with pytest.raises(Refused, match="考试端连接不上"):
        as_csv(publication(), hall.url)


def test_no_browser_keeps_the_table(hall: programs.Process, settings: Settings) -> None:
    made = publication()
    with HallClient(hall.url, settings.HALL_SECRET.encode()) as office:
        office.publish(pack())
    settings.HALL_URL, settings.HALLS = hall.url, ""
    client = Client()
    client.force_login(f.staff("E8"), "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("exam:answer_log", args=[made.session_id]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=gb18030")
    assert answer["Cache-Control"] == "no-store, private"
