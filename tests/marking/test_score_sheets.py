"""The score record on paper: what fails a task is named with its task, marks are read without zeros, faults say what they take off."""

from __future__ import annotations

from typing import Any

import pytest

from assay.kernel import clock
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import PanelSheet
from assay.marking.printing import score_sheets
from assay.marking.queries import sheets_for_printing
from tests.marking.conftest import Hall, examiner
from tests.papers import overprinted, text_of

pytestmark = pytest.mark.django_db

POINT = {"kind": "deduct", "title": "防护", "full": "50.0", "each": "2.0", "rule": "未放三角木"}


def task(number: int) -> dict[str, Any]:
    point = {**POINT, "code": f"{number}-1"}
    veto = {"code": f"V{number}-1", "title": "举升后未锁止即进入车下"}
    return {"code": str(number), "title": f"作业{number}", "minutes": 30, "points": [point], "vetoes": [veto]}


@pytest.fixture
def sheet(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> PanelSheet:
    """A candidate before the panel, with two tasks that the same thing fails."""
    room = hall.room(clock.now())
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    scoring.open_panel(hall.keeper, room)
    monkeypatch.setattr(PanelSheet, "tasks", property(lambda _: [task(1), task(2)]))
    return sheets_for_printing().get(seating__session_room=room)


def test_a_form_to_fill_in_by_hand_names_what_fails_which_task(sheet: PanelSheet) -> None:
    pdf = score_sheets([sheet])
    said = text_of(pdf)
    assert "□作业1：举升后未锁止即进入车下□作业2：举升后未锁止即进入车下" in said
    assert "每处扣2，未放三角木50" in said
    assert overprinted(pdf) == []


def test_the_record_names_what_failed_which_task(hall: Hall, sheet: PanelSheet) -> None:
    for member in hall.panel:
        marks = {"observed": {"1-1": "0", "2-1": "3"}, "marks": {}, "vetoes": ["V2-1"]}
        scoring.save_score(examiner(member), sheet, **marks)
        scoring.lock_scores(examiner(member), [sheet])
    scoring.settle(examiner(hall.panel[0]), [sheet])
    said = text_of(score_sheets(sheets_for_printing().filter(pk=sheet.pk)))
    assert "作业2：举升后未锁止即进入车下" in said
    assert "作业1：举升后未锁止即进入车下" not in said
    assert "考评组成绩50" in said
    assert "50.0" not in said
