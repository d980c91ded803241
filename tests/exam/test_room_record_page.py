"""A room's record names its candidates: those see it who were in the room, and the officers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Assignment
from assay.bank.models import Paper
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.exam.models import RoomRecord
from assay.kernel import clock
from tests import factories as f
from tests.exam.test_release import batch, paper, session_of

__all__ = ["batch", "paper"]
pytestmark = pytest.mark.django_db


def answer_to(who: Account, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    return answer.status_code, answer["Content-Type"].partition(";")[0]


def test_an_invigilator_prints_the_record_of_the_own_room_and_of_no_other(batch: Batch, paper: Paper) -> None:
    room = session_of(batch, 1, paper).rooms.get()
    RoomRecord.objects.create(session_room=room, expected=1, present=1, absent=0, closed_by="某", closed_at=clock.now())
    address = reverse("exam:record_pdf", args=[room.pk])
    own, other, officer = f.staff("R2"), f.staff("R2"), f.staff("E8")
    Assignment.objects.create(session_room=room, member=f.member(account=own), role="invigilator")
    f.member(account=other)
    assert [answer_to(who, address) for who in (own, officer)] == [(200, "application/pdf")] * 2
    assert answer_to(other, address) == (409, "text/html")
