"""For a score check a settled sheet is marked again, point by point, by an examiner who had no part in it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import SessionRoom
from assay.batches.models import Batch
from assay.corps.models import Member
from assay.exam.acts.rooms import close_room_record
from assay.kernel import clock, ledger, separation, verification
from assay.kernel.acts import title_of
from assay.kernel.contributions import engagements
from assay.kernel.refusals import Refused
from assay.marking.acts import again, scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import ExaminerScore, PanelSheet, Remarking
from assay.results.acts import checks
from assay.results.acts import outcomes as result_acts
from assay.results.models import Result, ScoreCheck
from tests import factories as f
from tests.marking.conftest import Hall, examiner

pytestmark = pytest.mark.django_db
MARKS, OBSERVED = {"1-3": "25"}, {"1-1": "0", "1-2": "25.00"}


@pytest.fixture
def room(hall: Hall) -> SessionRoom:
    """One candidate, marked 95.0 by a panel of three and settled; the batch is at the score check."""
    room = hall.room(clock.now())
    witness_draw(examiner(hall.panel[1]), draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    for member in hall.panel:
        scoring.save_score(examiner(member), sheets[0], marks=MARKS, observed=OBSERVED)
        scoring.lock_scores(examiner(member), sheets)
    scoring.settle(examiner(hall.panel[0]), sheets)
    Batch.objects.filter(pk=hall.batch.pk).update(stage="check")
    return room


@pytest.fixture
def sheet(room: SessionRoom) -> PanelSheet:
    return PanelSheet.objects.get(seating__session_room=room)


@pytest.fixture
def check(sheet: PanelSheet) -> ScoreCheck:
    result = Result.objects.create(
        application=sheet.application, batch=sheet.application.batch, theory=Decimal(80), skill=Decimal(55), outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    return result_acts.ask_check(f.actor_with("E3"), result, part="skill", reason="请核对")


@pytest.fixture
def other() -> Member:
    return f.member("examiner", account=f.staff("R3"))


def mark(member: Member, sheet: PanelSheet, **given: object) -> Remarking:
    return again.mark_again(examiner(member), sheet, **{"marks": MARKS, "observed": OBSERVED, **given})  # type: ignore[arg-type]


def test_it_is_kept_beside_the_former_marks_and_taken_over_only_when_confirmed(
    check: ScoreCheck, sheet: PanelSheet, other: Member
) -> None:
    officer, director = (f.actor_with(duty, account=f.staff(duty)) for duty in ("E9", "L2"))
    with pytest.raises(Refused, match="还没有重评"):
        checks.answer_check(officer, check, finding="误加", take_over=True)
    made = mark(other, sheet, vetoes=[])
    assert made.total == Decimal("95.0")
    sheet.refresh_from_db()
    assert (sheet.mark, ExaminerScore.objects.count()) == (Decimal("95.0"), 3)
    check = checks.answer_check(officer, check, finding="误加", take_over=True)
    assert (check.after, check.result.skill) == (Decimal("95.0"), Decimal(55))
    checks.confirm_check(director, check)
    assert Result.objects.get().outcome == "pass"
    assert not [x for x in verification.verify().findings if "marking.remarking" in x.where]


def test_only_while_a_check_is_asked_for(sheet: PanelSheet, other: Member) -> None:
    with pytest.raises(Refused, match="没有待重评的复核申请"):
        mark(other, sheet)


def test_nobody_who_marked_teaches_or_is_the_candidate_and_only_with_a_card(
    hall: Hall, check: ScoreCheck, sheet: PanelSheet, other: Member
) -> None:
    person = sheet.application.person
    expired = f.member("examiner", account=f.staff("R3"))
    expired.cards.update(valid_to=clock.today() - timedelta(days=1))
    refused = [
        hall.panel[1],
        f.member("examiner", account=f.staff("R3"), classes=[person.class_name]),
        f.member("examiner", account=f.staff("R3"), id_index=person.id_index),
        f.member("examiner", account=f.staff("R3"), occupations=[f.scope_row().occupation]),
        f.member("invigilator", account=f.staff("R3")),
        expired,
    ]
    for member in refused:
        with pytest.raises(Refused, match="您不能重评"):
            mark(member, sheet)
    mark(other, sheet)
    with pytest.raises(Refused, match="没有待重评"):
        mark(f.member("examiner", account=f.staff("R3")), sheet)


def test_marks_are_checked_like_those_of_the_panel(check: ScoreCheck, sheet: PanelSheet, other: Member) -> None:
    with pytest.raises(Refused, match="“清洁”评分 31，应在 0 至"):
        mark(other, sheet, marks={"1-3": "31"})
    with pytest.raises(Refused, match="没有评分"):
        mark(other, sheet, observed={"1-1": "0"})
    with pytest.raises(Refused, match="处数"):
        mark(other, sheet, observed={"1-1": "-1", "1-2": "25"})
    assert Remarking.objects.count() == 0


def test_who_marked_again_neither_answers_nor_confirms(check: ScoreCheck, sheet: PanelSheet, other: Member) -> None:
    mark(other, sheet)
    assert other.account is not None
    both = f.actor_with("R3", "E9", account=other.account)
    with pytest.raises(Refused, match="评分或重评"):
        checks.answer_check(both, check, finding="误加", take_over=True)
    check = checks.answer_check(f.actor_with("E9", account=f.staff("E9")), check, finding="误加", take_over=True)
    with pytest.raises(Refused, match="评分或重评"):
        checks.confirm_check(both, check)


def test_sent_back_it_is_marked_again_by_yet_another(check: ScoreCheck, sheet: PanelSheet, other: Member) -> None:
    officer, director = (f.actor_with(duty, account=f.staff(duty)) for duty in ("E9", "L2"))
    mark(other, sheet)
    check = checks.answer_check(officer, check, finding="误加", take_over=True)
    check = checks.send_back_check(director, check, reason="重评与记录不符")
    with pytest.raises(Refused, match="还没有重评"):
        checks.answer_check(officer, check, finding="误加", take_over=True)
    with pytest.raises(Refused, match="您不能重评"):
        mark(other, sheet)
    mark(f.member("examiner", account=f.staff("R3")), sheet, observed={"1-1": "1", "1-2": "25"})
    assert checks.answer_check(officer, check, finding="误加", take_over=True).after == Decimal("87.0")


def test_the_examiner_finds_it_on_the_worktable_and_enters_it_on_the_page(
    check: ScoreCheck, sheet: PanelSheet, other: Member, client: Client
) -> None:
    assert other.account is not None
    mine = [e for of_account in engagements for e in of_account(other.account) if "复核重评" in e.title]
    page = reverse("marking:again", args=[sheet.pk])
    assert [e.url for e in mine] == [page]
    client.force_login(other.account)
    shown = client.get(page).content.decode()
    assert "清洁" in shown
    assert sheet.application.person.name not in shown
    wrong = client.post(page, {"mark-1-3": "31", "found-1-1": "0", "found-1-2": "25"})
    assert wrong.status_code == 409
    assert 'value="31"' in wrong.content.decode()
    said = client.post(page, {"mark-1-3": "25", "found-1-1": "0", "found-1-2": "25"}, follow=True).content.decode()
    assert "已重评，合计 95.0" in said
    assert client.get(page).status_code == 404
    assert not [e for of_account in engagements for e in of_account(other.account) if "复核重评" in e.title]


def test_marks_of_the_panel_stand_once_they_are_settled_or_the_exam_is_over(hall: Hall, sheet: PanelSheet) -> None:
    late = f.member("examiner", account=f.staff("R3"))
    sheet.seating.session_room.assignments.create(member=late, role="examiner")
    with pytest.raises(Refused, match="成绩已合成，不能再改"):
        scoring.save_score(examiner(late), sheet, marks=MARKS, observed=OBSERVED)
    with pytest.raises(Refused, match="成绩已合成"):
        scoring.set_absent(examiner(hall.panel[0]), sheet)
    PanelSheet.objects.update(settled_at=None, mark=None)
    for act in (
        lambda: scoring.save_score(examiner(late), sheet, marks=MARKS, observed=OBSERVED),
        lambda: scoring.set_absent(examiner(late), sheet),
        lambda: scoring.settle(examiner(hall.panel[0]), [sheet]),
    ):
        with pytest.raises(Refused, match="不能评分；有异议的走成绩复核"):
            act()


def test_nobody_marks_himself_on_a_panel(hall: Hall) -> None:
    room = hall.room(clock.now())
    witness_draw(examiner(hall.panel[1]), draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    person = sheets[0].application.person
    Member.objects.filter(pk=hall.panel[0].pk).update(id_index=person.id_index)
    with pytest.raises(Refused, match="涉及您本人"):
        scoring.save_score(examiner(hall.panel[0]), sheets[0], marks=MARKS, observed=OBSERVED)


@pytest.mark.parametrize("absent", [True, False])
def test_nobody_says_of_himself_on_a_panel_that_he_was_absent_or_came(hall: Hall, absent: bool) -> None:
    room = hall.room(clock.now() - timedelta(hours=2), candidates=2)
    witness_draw(examiner(hall.panel[1]), draw_paper(hall.keeper, room, witness="甲"))
    own, other = scoring.open_panel(hall.keeper, room)
    PanelSheet.objects.update(absent=not absent)
    Member.objects.filter(pk=hall.panel[0].pk).update(id_index=own.application.person.id_index)
    with pytest.raises(Refused, match="涉及您本人"):
        scoring.set_absent(examiner(hall.panel[0]), own, absent)
    scoring.set_absent(examiner(hall.panel[0]), other, absent)
    assert list(PanelSheet.objects.order_by("pk").values_list("absent", flat=True)) == [not absent, absent]


def test_nobody_writes_the_record_of_the_room_of_the_own_exam(hall: Hall) -> None:
    room = hall.room(clock.now() - timedelta(hours=2), candidates=2)
    officer = f.actor_with("E8", account=f.staff("E8"))
    person = room.seatings.order_by("pk")[0].application.person
    person.account_id = officer.account_id
    person.save()
    with pytest.raises(Refused, match="涉及您本人"):
        close_room_record(officer, room, present=2, absent=0)
    assert close_room_record(f.actor_with("E8"), room, present=2, absent=0).present == 2


def test_who_is_noted_as_absent_has_no_marks_to_lock(hall: Hall) -> None:
    room = hall.room(clock.now() - timedelta(hours=2))
    witness_draw(examiner(hall.panel[1]), draw_paper(hall.keeper, room, witness="甲"))
    sheets = scoring.open_panel(hall.keeper, room)
    scoring.save_score(examiner(hall.panel[0]), sheets[0], marks=MARKS, observed=OBSERVED)
    scoring.set_absent(examiner(hall.panel[1]), sheets[0])
    with pytest.raises(Refused, match="已登记缺考"):
        scoring.lock_scores(examiner(hall.panel[0]), sheets)


def test_that_marking_and_marking_again_exclude_each_other_is_declared_for_rows_of_two_kinds(
    hall: Hall, room: SessionRoom, check: ScoreCheck, sheet: PanelSheet, other: Member
) -> None:
    made = mark(other, sheet)
    line = ledger.Line("marking.remarking", str(made.pk), made.facts())
    for member, excluded in ((hall.panel[1], True), (other, False)):
        account = member.account
        assert account is not None
        said = ("marking.mark_again", [line], title_of)
        if excluded:
            with pytest.raises(Refused, match="考评与复核重评须由不同的人办理"):
                separation.require_apart(account.pk, account.name, *said)
        else:
            separation.require_apart(account.pk, account.name, *said)
