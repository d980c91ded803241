"""A panel that loses an examiner on the day goes on: filled up, or with those who are left where the rules allow it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.acts import people
from assay.arrangement.models import Assignment, SessionRoom, StaffChange
from assay.corps.models import Member
from assay.kernel import clock, verification
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import ExaminerScore, PanelSheet
from assay.marking.printing import score_sheets
from assay.marking.queries import sheets_for_printing
from tests import factories as f
from tests.marking.conftest import Hall, examiner
from tests.papers import text_of

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"marks": {"1-3": "25"}, "observed": {"1-1": "0", "1-2": "25.00"}}
ILL = "突发疾病送医"
OFFICER = f.actor_with("E8")


def opened(hall: Hall, candidates: int = 2) -> tuple[SessionRoom, list[PanelSheet]]:
    room = hall.room(clock.now(), candidates=candidates)
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    return room, scoring.open_panel(hall.keeper, room)


def lock(member: Member, *sheets: PanelSheet) -> None:
    for sheet in sheets:
        scoring.save_score(examiner(member), sheet, **GIVEN)
    scoring.lock_scores(examiner(member), sheets)


def place_of(room: SessionRoom, member: Member) -> Assignment:
    return room.assignments.get(member=member)


def another(hall: Hall) -> Member:
    return f.member("examiner", account=f.staff("R3"))


def test_who_falls_ill_is_replaced_and_nothing_that_was_locked_is_lost(hall: Hall) -> None:
    room, (one, two) = opened(hall)
    first, second, ill = hall.panel
    for member in hall.panel:
        lock(member, one)
    lock(first, two)
    lock(second, two)
    scoring.save_score(examiner(ill), two, **GIVEN)
    substitute = another(hall)
    people.replace_member(OFFICER, place_of(room, ill), member=substitute, reason=ILL)
    with pytest.raises(Refused, match="不在该考生的考评组"):
        scoring.lock_scores(examiner(ill), [two])
    with pytest.raises(Refused, match="2 号工位：3 名考评员中 2 名已锁定，须全部锁定"):
        scoring.settle(examiner(first), [one, two])
    with pytest.raises(Refused, match=f"1 号工位已由您接替的{ill}锁定评分"):
        scoring.save_score(examiner(substitute), one, **GIVEN)
    lock(substitute, two)
    scoring.settle(examiner(first), [one, two])
    assert set(PanelSheet.objects.values_list("mark", flat=True)) == {Decimal("95.0")}
    assert ExaminerScore.objects.filter(sheet=two, member=ill, locked_at=None).exists()
    assert ExaminerScore.objects.filter(sheet=one, member=ill, locked_at__isnull=False).exists()
    (change,) = StaffChange.objects.all()
    assert (change.said(), change.reason) == (f"考评员{ill}改派为{substitute}", ILL)
    assert LedgerEntry.objects.filter(act="arrangement.replace_member").count() == 1
    text = text_of(score_sheets(sheets_for_printing().filter(pk=two.pk)))
    assert f"{ill}中途离开考评组，评分未锁定，不计入成绩" in text.replace("\n", "")
    assert not [found for found in verification.verify().findings if "人员变动" in found.where]


def test_a_panel_of_three_cannot_be_left_by_one_without_a_substitute(hall: Hall) -> None:
    room, _ = opened(hall)
    with pytest.raises(Refused, match="2 名考生，考评员应有 3 名，撤出后只剩 2 名，请改派他人接替"):
        people.release_member(OFFICER, place_of(room, hall.panel[2]), reason=ILL)
    with pytest.raises(Refused, match="考评组长不能直接撤出"):
        people.release_member(OFFICER, place_of(room, hall.panel[0]), reason=ILL)


def test_a_larger_panel_drops_to_the_number_that_the_rules_allow_and_marks_of_who_left_count(hall: Hall) -> None:
    room, (one, two) = opened(hall)
    fourth, fifth = (another(hall) for _ in range(2))
    for member in (fourth, fifth):
        people.add_member(OFFICER, room, role="examiner", member=member, reason="组内协调")
    for member in (*hall.panel, fourth, fifth):
        lock(member, one)
    people.release_member(OFFICER, place_of(room, fifth), reason=ILL)
    leader = examiner(hall.panel[0])
    for member in (*hall.panel, fourth):
        lock(member, two)
    with pytest.raises(Refused, match="2 号工位：考评组现有 4 名考评员，应为单数"):
        scoring.settle(leader, [two])
    people.release_member(OFFICER, place_of(room, fourth), reason="临时出差")
    scoring.settle(leader, [one, two])
    assert ExaminerScore.objects.filter(sheet=one, locked_at__isnull=False).count() == 5
    assert list(PanelSheet.objects.filter(mark=Decimal("95.0")).order_by("pk")) == [one, two]


def test_who_comes_for_one_who_left_takes_the_empty_place(hall: Hall) -> None:
    room, (one, _) = opened(hall)
    fourth, fifth, late = (another(hall) for _ in range(3))
    for member in (fourth, fifth):
        people.add_member(OFFICER, room, role="examiner", member=member, reason="组内协调")
    lock(fifth, one)
    people.release_member(OFFICER, place_of(room, fifth), reason=ILL)
    people.add_member(OFFICER, room, role="examiner", member=late, reason="接替")
    change = StaffChange.objects.get(member=late)
    assert change.said() == f"增派考评员{late}（接替已撤出的{fifth}）"
    with pytest.raises(Refused, match=f"已由您接替的{fifth}锁定"):
        scoring.save_score(examiner(late), one, **GIVEN)


def test_another_leads_and_settles_and_the_former_may_leave_for_a_substitute(hall: Hall) -> None:
    room, (one, _) = opened(hall)
    first, second, _ = hall.panel
    people.name_leader(OFFICER, place_of(room, second), reason=ILL)
    substitute = another(hall)
    people.replace_member(OFFICER, place_of(room, first), member=substitute, reason=ILL)
    for member in (second, hall.panel[2], substitute):
        lock(member, one)
    with pytest.raises(Refused, match="只有考评组长可以合成成绩"):
        scoring.settle(examiner(substitute), [one])
    assert scoring.settle(examiner(second), [one])[0].mark == Decimal("95.0")
    assert StaffChange.objects.filter(kind="led").get().said() == f"考评组长由{first}改为{second}"


def test_after_the_end_a_panel_is_still_filled_up_while_somebody_has_no_mark(hall: Hall) -> None:
    room, sheets = opened(hall)
    with clock.moved_to(room.session.ends_at + timedelta(minutes=5)):
        substitute = another(hall)
        people.replace_member(OFFICER, place_of(room, hall.panel[2]), member=substitute, reason=ILL)
        for member in (*hall.panel[:2], substitute):
            lock(member, *sheets)
        scoring.settle(examiner(hall.panel[0]), sheets)
        with pytest.raises(Refused, match="结束，人员不能再变动"):
            people.replace_member(OFFICER, place_of(room, substitute), member=hall.panel[2], reason="改回")


def test_the_page_of_the_panel_says_who_came_for_whom_and_offers_what_is_left(hall: Hall, client: Client) -> None:
    room, (one, two) = opened(hall)
    lock(hall.panel[2], one)
    substitute = another(hall)
    people.replace_member(OFFICER, place_of(room, hall.panel[2]), member=substitute, reason=ILL)
    assert substitute.account is not None
    client.force_login(substitute.account)
    page = client.get(reverse("marking:panel", args=[room.pk])).content.decode()
    assert f"考评员{hall.panel[2]}改派为{substitute}（{ILL}）" in page
    assert f"接替{hall.panel[2]}，已由其锁定" in page
    assert reverse("marking:score", args=[one.pk]) not in page
    assert reverse("marking:score", args=[two.pk]) in page
    assert "1 / 3" in page
