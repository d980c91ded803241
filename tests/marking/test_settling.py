"""The panel's mark: every examiner has locked; who differ too far talk it over, and only they."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import SessionRoom
from assay.exam.acts.rooms import close_room_record
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.gates import panels
from assay.marking.models import ExaminerScore, PanelSheet
from tests import factories as f
from tests.marking.conftest import Hall, examiner

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(hall: Hall) -> SessionRoom:
    """Three candidates before a panel of three: the first two agreed upon, the third with one examiner far off."""
    room = hall.room(clock.now(), candidates=3)
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    for n, member in enumerate(hall.panel):
        for sheet in sheets:
            faults = "2" if n == 0 and sheet is sheets[2] else "0"
            marks, observed = {"1-3": "25"}, {"1-1": faults, "1-2": "25.00"}
            scoring.save_score(examiner(member), sheet, marks=marks, observed=observed)
        scoring.lock_scores(examiner(member), sheets)
    return room


def sheets_of(room: SessionRoom) -> list[PanelSheet]:
    return list(PanelSheet.objects.filter(seating__session_room=room).order_by("seating__seat"))


def test_everything_that_is_in_the_way_is_said_at_once(hall: Hall, room: SessionRoom) -> None:
    sheets = sheets_of(room)
    leader = examiner(hall.panel[0])
    scoring.settle(leader, sheets[:1])
    with pytest.raises(Refused, match="1 号工位的成绩已合成；3 号工位：考评员评分相差超过 15"):
        scoring.settle(leader, sheets)
    assert [sheet.mark for sheet in sheets_of(room)[1:]] == [None, None]


@pytest.mark.parameter("panel.score_gap")
def test_how_far_examiners_may_differ_is_what_the_parameters_page_was_told(hall: Hall, room: SessionRoom) -> None:
    leader, apart = examiner(hall.panel[0]), sheets_of(room)[2:]  # by sixteen
    with pytest.raises(Refused, match="相差超过 15 分"):
        scoring.settle(leader, apart)
    f.set_parameter("panel.score_gap", "15.5")
    with pytest.raises(Refused, match=r"相差超过 15\.5 分"):
        scoring.settle(leader, apart)
    f.set_parameter("panel.score_gap", "16")
    assert [sheet.mark is not None for sheet in scoring.settle(leader, apart)] == [True]


def test_the_note_stays_with_those_who_were_talked_over(hall: Hall, room: SessionRoom) -> None:
    scoring.settle(examiner(hall.panel[0]), sheets_of(room), note="复核后维持")
    assert [sheet.settle_note for sheet in sheets_of(room)] == ["", "", "复核后维持"]
    assert all(sheet.mark is not None for sheet in sheets_of(room))


def test_a_note_where_nobody_differs_too_far_stays_with_all(hall: Hall, room: SessionRoom) -> None:
    scoring.settle(examiner(hall.panel[0]), sheets_of(room)[:2], note="同意")
    assert [sheet.settle_note for sheet in sheets_of(room)] == ["同意", "同意", ""]


def test_nobody_learns_of_a_difference_before_all_have_locked(hall: Hall, room: SessionRoom) -> None:
    ExaminerScore.objects.filter(member=hall.panel[2]).update(locked_at=None, total=None)
    with pytest.raises(Refused) as refused:
        scoring.settle(examiner(hall.panel[0]), sheets_of(room)[2:])
    assert "3 名考评员中 2 名已锁定" in str(refused.value)
    assert "相差" not in str(refused.value)


def test_one_disagreement_does_not_hold_up_the_others(hall: Hall, room: SessionRoom, client: Client) -> None:
    account = hall.panel[0].account
    assert account is not None
    client.force_login(account)
    page = client.get(reverse("marking:panel", args=[room.pk])).content.decode()
    assert page.count("相差过大，须复议") == 1
    url = reverse("marking:settle", args=[room.pk])
    chosen = [sheet.pk for sheet in sheets_of(room)]
    said = client.post(url, {"chosen": chosen, "note": ""}, follow=True).content.decode()
    assert "已合成 2 名考生的成绩" in said
    assert "3 号工位考评员评分相差超过 15 分，没有合成" in said
    assert [sheet.settled_at is not None for sheet in sheets_of(room)] == [True, True, False]
    client.post(url, {"chosen": chosen[2:], "note": "复核后维持"})
    assert sheets_of(room)[2].settle_note == "复核后维持"


def test_settling_nobody_leaves_the_leader_at_the_panel(hall: Hall, room: SessionRoom, client: Client) -> None:
    account = hall.panel[0].account
    assert account is not None
    client.force_login(account)
    page = "http://testserver" + reverse("marking:panel", args=[room.pk])
    said = client.post(
        reverse("marking:settle", args=[room.pk]), {"note": "同意"}, headers={"referer": page}, follow=True
    )
    assert said.redirect_chain == [(page, 302)]
    assert "请先勾选要合成成绩的考生" in said.content.decode()


def test_nothing_is_marked_or_recorded_before_the_session_begins(hall: Hall, client: Client) -> None:
    starts = clock.now() + timedelta(minutes=20)
    room, leader = hall.room(starts), hall.panel[0]
    witness_draw(examiner(leader), draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    given: dict[str, Any] = {"marks": {"1-3": "25"}, "observed": {"1-1": "0", "1-2": "25.00"}}
    for early in (
        lambda: scoring.save_score(examiner(leader), sheets[0], **given),
        lambda: scoring.set_absent(examiner(leader), sheets[0]),
        lambda: scoring.settle(examiner(leader), sheets),
        lambda: close_room_record(f.actor_with("E8"), room, present=1, absent=0),
    ):
        with pytest.raises(Refused, match=f"{clock.shown(starts)} 开始，开始后才能"):
            early()
    assert leader.account is not None
    client.force_login(leader.account)
    page = reverse("marking:panel", args=[room.pk])
    assert "开始后才能评分、登记缺考" in client.get(page).content.decode()
    with clock.moved_to(starts):
        for member in hall.panel:
            scoring.save_score(examiner(member), sheets[0], **given)
            scoring.lock_scores(examiner(member), sheets)
        scoring.settle(examiner(leader), sheets)
        assert close_room_record(f.actor_with("E8"), room, present=1, absent=0).present == 1
        assert "开始后才能评分" not in client.get(page).content.decode()


def test_who_was_absent_is_not_counted_among_those_who_have_a_mark(hall: Hall) -> None:
    room = hall.room(clock.now() - timedelta(hours=1), candidates=2)
    leader = examiner(hall.panel[0])
    witness_draw(leader, draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    scoring.set_absent(leader, sheets[0])
    scoring.settle(leader, sheets[:1])
    assert dict(panels(hall.batch)) == {"技能已合成": 0, "技能缺考": 1}
