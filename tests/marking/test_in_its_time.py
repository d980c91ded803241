"""A skill session is opened, its absent noted and its record written in its own time, not hours before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import SessionRoom
from assay.bank.models import Paper
from assay.centre.models import Account
from assay.exam.acts.rooms import close_room_record
from assay.exam.batch_rows import room_rows
from assay.kernel import clock, gates
from assay.kernel.refusals import Refused
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import PanelSheet, SheetTemplate
from tests import factories as f
from tests.marking.conftest import Hall, examiner

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"marks": {"1-3": "25"}, "observed": {"1-1": "0", "1-2": "25.00"}}


@pytest.fixture
def by_sheet(hall: Hall) -> Hall:
    """No sealed versions: the job's score sheet is used, and nothing is drawn."""
    Paper.objects.update(state="void")
    row = hall.batch.lines.get().scope_row
    tasks = [{"code": "1", "title": "操作", "minutes": 60, "points": [], "vetoes": []}]
    SheetTemplate.objects.create(
        occupation=row.occupation, job="", level=f.level("4"), part="skill", title="示例评分表", tasks=tasks
    )
    return hall


def to_open(hall: Hall) -> list[str]:
    return [b.text for b in gates.blockers("exam", hall.batch) if "考评组没有开" in b.text]


@pytest.mark.parameter("exam.open_minutes")
def test_a_panel_is_opened_from_its_hour_on_and_the_gate_asks_for_it_then(by_sheet: Hall) -> None:
    starts = clock.now() + timedelta(hours=8)
    room = by_sheet.room(starts)
    with pytest.raises(Refused, match=f"{clock.shown(starts - timedelta(hours=1))} 起才能开考评组"):
        scoring.open_panel(by_sheet.keeper, room)
    assert to_open(by_sheet) == []
    with clock.moved_to(starts - timedelta(hours=1)):
        assert to_open(by_sheet) == ["1 个考评组没有开，考评员还看不到考生名单"]
        f.set_parameter("exam.open_minutes", "30")
        assert to_open(by_sheet) == []
        with pytest.raises(Refused, match="起才能开考评组"):
            scoring.open_panel(by_sheet.keeper, room)
    with clock.moved_to(starts - timedelta(minutes=30)):
        assert len(scoring.open_panel(by_sheet.keeper, room)) == 1


def test_all_panels_are_those_that_are_due(by_sheet: Hall, client: Client) -> None:
    later = by_sheet.room(clock.now() + timedelta(hours=8))
    address = reverse("marking:open_all", args=[by_sheet.batch.pk])
    client.force_login(Account.objects.get(pk=by_sheet.keeper.account_id or 0))
    page = reverse("marking:batch", args=[by_sheet.batch.pk])
    assert "开全部考评组" not in client.get(page).content.decode()
    assert "起才能开考评组" in client.post(address).content.decode()
    due = by_sheet.room(clock.now() + timedelta(minutes=20))
    assert "开全部考评组" in client.get(page).content.decode()
    said = client.post(address, follow=True).content.decode()
    assert "已开 1 个考评组" in said
    assert set(PanelSheet.objects.values_list("seating__session_room", flat=True)) == {due.pk}
    assert later.pk != due.pk


@pytest.mark.parameter("exam.late_minutes")
def test_who_may_still_come_is_not_absent_and_the_note_is_taken_back_at_any_time(hall: Hall) -> None:
    starts = clock.now()
    room = hall.room(starts)
    leader = examiner(hall.panel[0])
    witness_draw(leader, draw_paper(hall.keeper, room, witness="甲"))
    (sheet,) = scoring.open_panel(hall.keeper, room)
    for minutes in (30, 15):
        f.set_parameter("exam.late_minutes", str(minutes))
        with clock.moved_to(starts + timedelta(minutes=minutes - 1)), pytest.raises(Refused, match="前考生还可以入场"):
            scoring.set_absent(leader, sheet)
    with clock.moved_to(starts + timedelta(minutes=15)):
        assert scoring.set_absent(leader, sheet).absent
        assert not scoring.set_absent(leader, sheet, False).absent


def written(room: SessionRoom) -> bool:
    """Whether its page offers to write the record."""
    (row,) = [row for row in room_rows(f.actor_with("E8"), room.session.batch) if row.room.pk == room.pk]
    return row.fill_in.open


def test_the_record_is_written_once_all_are_settled_or_the_session_is_over(hall: Hall) -> None:
    early, late = hall.room(clock.now()), hall.room(clock.now())
    for room in (early, late):
        witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
        scoring.open_panel(hall.keeper, room)
    assert not written(early)
    with pytest.raises(Refused, match="结束，结束后或全部考生的成绩合成后才能填写考场记录"):
        close_room_record(f.actor_with("E8"), early, present=1, absent=0)
    sheet = PanelSheet.objects.get(seating__session_room=early)
    for member in hall.panel:
        scoring.save_score(examiner(member), sheet, **GIVEN)
        scoring.lock_scores(examiner(member), [sheet])
    scoring.settle(examiner(hall.panel[0]), [sheet])
    assert written(early)
    assert close_room_record(f.actor_with("E8"), early, present=1, absent=0).pk
    with clock.moved_to(late.session.ends_at):
        assert written(late)
        assert close_room_record(f.actor_with("E8"), late, present=1, absent=0).pk
