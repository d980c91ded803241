"""Who came and did not answer is told apart from who was absent, wherever the office speaks of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Seating, Session
from assay.bridge import contract
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import collecting
from assay.exam.answer_sheets import answer_sheets, for_printing
from assay.exam.gates import theory_figures
from assay.exam.models import Publication, RoomRecord, TheorySheet
from assay.exam.printing import for_printing as records_for_printing
from assay.exam.printing import room_records
from assay.exam.views import _collected
from assay.kernel import clock
from assay.results.models import Result
from tests.played.test_official_papers import squeezed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(session: Session, officer: Account) -> list[TheorySheet]:
    """Of two candidates the first said that the identity was not his and went, the second never came."""
    publication = Publication.objects.create(session=session, pack_id="p1", pack_digest="0" * 64, state="opened")
    room, first, second = session.rooms.get(), *Seating.objects.order_by("seat")
    nothing: tuple[bool, dict[str, str], dict[str, int], str, str] = (False, {}, {}, "", "")
    sittings = [
        contract.CollectedSitting(str(first.pk), clock.now(), None, None, *nothing, came_without="mismatch"),
        contract.CollectedSitting(str(second.pk), None, None, None, *nothing),
    ]
    record = contract.RoomRecord(str(room.pk), 2, 0, 2, 0, [], "监考员甲", clock.now(), came=1)
    collection = contract.Collection("p1", True, sittings, [record], 0, "0" * 64)
    return collecting.record_collection(actor_of(officer), publication, collection)


def test_the_sheet_says_why_somebody_came_and_did_not_answer(sheets: list[TheorySheet]) -> None:
    assert [(sheet.absent, sheet.mark, sheet.absence()) for sheet in sheets] == [
        (True, None, "到场未作答（信息不符）"),
        (True, None, "缺考"),
    ]
    assert _collected(sheets) == "已收卷 0 份并判分，到场未作答 1 人，缺考 1 人"


def test_a_result_does_not_call_somebody_absent_who_was_there(sheets: list[TheorySheet]) -> None:
    said = [
        Result(application=sheet.application, batch=sheet.application.batch, theory_absent=True, outcome="absent").said(
            "theory"
        )
        for sheet in sheets
    ]
    assert said == ["到场未作答", "缺考"]


def test_figures_and_pages_count_them_apart(session: Session, sheets: list[TheorySheet], officer: Account) -> None:
    figures = dict(theory_figures(session.batch))
    assert (figures["理论缺考"], figures["理论到场未作答"]) == (1, 1)
    page = Client()
    page.force_login(officer)
    said = "应考 2，实考 0，到场未作答 1，缺考 1"
    assert said in page.get(reverse("exam:batch", args=[session.batch_id])).content.decode()
    assert RoomRecord.objects.get().attendance() == said


def test_the_papers_name_them_apart(sheets: list[TheorySheet], tmp_path: Path) -> None:
    first, second = (f"{n}号{s.application.applicant.name}" for n, s in enumerate(sheets, start=1))
    record = squeezed(text_of(room_records(list(records_for_printing())), tmp_path))
    assert f"{first}（信息不符）" in record
    assert second in record
    assert f"{second}（" not in record
    answers = squeezed(text_of(answer_sheets(for_printing()), tmp_path))
    assert "到场未作答（信息不符），没有答卷" in answers
    assert "缺考，没有答卷" in answers
