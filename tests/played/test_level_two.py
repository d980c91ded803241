"""Level 2: a comprehensive review besides theory and skill; without it nothing is passed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assay.arrangement.acts import arranging
from assay.arrangement.models import Assignment, SessionRoom
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import Level, ScopeRow
from assay.demo import sheets
from assay.kernel import clock
from assay.marking.acts import scoring as marking_acts
from assay.marking.models import PanelSheet
from assay.rehearsal.cast import Cast
from assay.results.composition import compose
from tests import factories as f
from tests.played.conftest import Played


@pytest.fixture
def batch(played: Played) -> Batch:
    """Four technicians of vehicle inspection, approved and waiting to be arranged."""
    row, level = ScopeRow.objects.get(no=1), Level.objects.get(code="2")
    made = f.batch("exam", stage="arrange", lines=[(row, "2", 4)])
    line = BatchLine.objects.get(batch=made, level=level)
    for serial in range(4):
        person = f.person(id_number=f.resident_number(500 + serial, "19800101"), class_name="", source="staff")
        f.application(made, line=line, person=person)
    return made


def marked(cast: Cast, room: SessionRoom, mark: str) -> None:
    """A panel marks everybody in the room with the same share of each point."""
    panel = list(Assignment.objects.filter(session_room=room, role__in=["leader", "examiner"]))
    with clock.moved_to(room.session.starts_at):
        opened = marking_acts.open_panel(cast("zhuanjia"), room)
        for assignment in panel:
            actor = cast.member(assignment.member_id)
            for sheet in opened:
                points = {
                    p["code"]: str(Decimal(p["full"]) * Decimal(mark) / 100)
                    for t in sheet.template.tasks
                    for p in t["points"]
                }
                marking_acts.save_score(actor, sheet, marks=points)
            marking_acts.lock_scores(actor, opened)
        leader = next(a.member_id for a in panel if a.role == "leader")
        marking_acts.settle(cast.member(leader), opened)


def test_the_review_is_arranged_scored_and_counts(played: Played, batch: Batch) -> None:
    cast = Cast()
    done = arranging.arrange(cast("kaowu"), batch)
    assert done.problems == []
    rooms = {part: SessionRoom.objects.filter(session__batch=batch, session__part=part) for part in ("skill", "review")}
    assert all(found.exists() for found in rooms.values())
    batch.stage = "exam"
    batch.save()
    sheets.install(cast("zhuanjia"), list(batch.lines.select_related("scope_row__occupation", "level")))
    for room in rooms["skill"].select_related("session__batch", "line__scope_row__occupation", "line__level"):
        marked(cast, room, "80")
    assert {values["outcome"] for _, values in compose(batch)} == {"incomplete"}
    for room in rooms["review"].select_related("session__batch", "line__scope_row__occupation", "line__level"):
        marked(cast, room, "70")
    for _, values in compose(batch):
        assert values["skill"] == Decimal("80.0")
        assert values["review"] == Decimal("70.0")
    assert PanelSheet.objects.filter(application__batch=batch, part="review", settled_at__isnull=False).count() == 4


def test_a_lower_level_has_no_review(played: Played) -> None:
    exam = Batch.objects.get(route="exam", stage="closed")
    assert not SessionRoom.objects.filter(session__batch=exam, session__part="review").exists()
