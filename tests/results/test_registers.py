"""Registers for the file bear whole ID numbers, and who reads them stands in the log; public lists and doors show them masked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.models import Application
from assay.applications.printing import review_summary
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.arrangement.printing import door_lists, for_papers, sign_in_sheets
from assay.batches.models import Batch
from assay.kernel.clock import now
from assay.kernel.models import SecurityEvent
from assay.results.models import Result
from assay.results.printing import result_list
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    f.centre()
    made = f.application(f.batch("exam", stage="results"))
    Result.objects.create(
        batch=made.batch, application=made, theory="95.0", skill="86.5", outcome="pass", computed_at=now()
    )
    return made


def room_of(application: Application) -> list[SessionRoom]:
    starts = now() + timedelta(days=1)
    session = Session.objects.create(
        batch=application.batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(minutes=90)
    )
    room = SessionRoom.objects.create(session=session, room=f.room())
    Seating.objects.create(session_room=room, application=application, part="theory", seat=1)
    return list(for_papers())


def test_registers_for_the_file_bear_whole_numbers(application: Application) -> None:
    whole, rooms = application.applicant.id_number, room_of(application)
    for paper in (result_list(application.batch), review_summary(application.batch), sign_in_sheets(rooms)):
        assert whole in text_of(paper)
    assert whole not in text_of(door_lists(rooms))


def test_marks_are_read_without_zeros_and_what_was_not_taken_is_a_dash(application: Application) -> None:
    said = text_of(result_list(application.batch))
    assert "9586.5—合格" in said


def test_who_reads_the_result_list_stands_in_the_log(application: Application) -> None:
    client, who = Client(), f.staff("E9")
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    batch: Batch = application.batch
    assert client.get(reverse("results:list_pdf", args=[batch.pk])).status_code == 200
    line = SecurityEvent.objects.get(kind="identity")
    assert (line.account_id, line.what) == (who.pk, "成绩汇总表")
