"""The lot at the exam: when, among which versions, before whom; what was counted and measured becomes marks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assay.bank.models import Paper
from assay.bank.papers.acts import custody as bank
from assay.centre.models import Account
from assay.kernel import clock, gates, verification
from assay.kernel.refusals import Refused
from assay.marking import rules
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw
from tests import factories as f
from tests.marking.conftest import POINTS, Hall, examiner

pytestmark = pytest.mark.django_db


def test_the_lot_is_drawn_shortly_before_the_exam_before_a_witness_and_once(hall: Hall) -> None:
    early = hall.room(clock.now() + timedelta(hours=5))
    with pytest.raises(Refused, match="起才能抽签"):
        draw_paper(hall.keeper, early, witness="考生代表")
    room = hall.room(clock.now())
    with pytest.raises(Refused, match="见证人"):
        draw_paper(hall.keeper, room, witness=" ")
    with pytest.raises(Refused, match="还没有抽签"):
        scoring.open_panel(hall.keeper, room)
    drawn = draw_paper(hall.keeper, room, witness="考生代表甲")
    assert drawn.paper in hall.papers
    assert len(drawn.among) == 3
    with pytest.raises(Refused, match="不能重抽"):
        draw_paper(hall.keeper, room, witness="考生代表甲")
    (sheet,) = scoring.open_panel(hall.keeper, room)
    assert [t["title"] for t in sheet.tasks] == [drawn.content[0]["sheet"]["title"]]


@pytest.mark.parameter("exam.open_minutes")
def test_how_early_the_lot_is_drawn_is_what_the_parameters_page_was_told(hall: Hall) -> None:
    first, second = (hall.room(clock.now() + timedelta(minutes=90)) for _ in range(2))
    with pytest.raises(Refused, match="起才能抽签"):
        draw_paper(hall.keeper, first, witness="甲")
    f.set_parameter("exam.open_minutes", "100")
    assert draw_paper(hall.keeper, second, witness="甲").paper in hall.papers


def test_versions_that_others_came_out_with_are_left_out_while_there_are_others(hall: Hall) -> None:
    now = clock.now()
    for hours in (9, 6):
        draw_paper(hall.keeper, hall.room(now - timedelta(hours=hours)), witness="甲")
    first, second = SkillDraw.objects.order_by("pk")
    assert (len(first.among), len(second.among)) == (3, 2)
    draw_paper(hall.keeper, hall.room(now - timedelta(hours=3)), witness="甲")
    fourth = draw_paper(hall.keeper, hall.room(now), witness="甲")
    assert len(fourth.among) == 3


def test_who_prepares_is_told_that_a_skill_paper_is_missing_or_was_sat_before(hall: Hall) -> None:
    f.application(hall.batch, state="approved")

    def said() -> list[str]:
        return [blocker.text for blocker in gates.todos("readiness", hall.batch) if "操作技能试卷" in blocker.text]

    assert said() == []
    Paper.objects.update(released_at=clock.now())
    assert ["只有已考过的操作技能试卷" in text for text in said()] == [True]
    Paper.objects.update(state="void")
    assert ["没有封存的操作技能试卷" in text for text in said()] == [True]


def test_a_version_that_leaked_is_drawn_anew_while_nobody_was_marked(hall: Hall) -> None:
    room = hall.room(clock.now())
    drawn = draw_paper(hall.keeper, room, witness="甲")
    scoring.open_panel(hall.keeper, room)
    bank.report_leak(hall.keeper, drawn.paper, "有人拍照")
    again = witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="乙"))
    assert again.pk == drawn.pk
    assert again.paper != drawn.paper
    assert PanelSheet.objects.get().tasks == again.tasks
    scoring.save_score(examiner(hall.panel[0]), PanelSheet.objects.get(), marks={"1-3": "20"})
    bank.report_leak(hall.keeper, again.paper, "又有人拍照")
    with pytest.raises(Refused, match="重考"):
        draw_paper(hall.keeper, room, witness="丙")


def test_faults_and_measures_become_marks_and_the_version_is_open_again_afterwards(hall: Hall) -> None:
    room = hall.room(clock.now())
    drawn = witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    (sheet,) = scoring.open_panel(hall.keeper, room)
    for member, faults, measured in zip(hall.panel, ("1", "1", "4"), ("25.02", "25.03", "24.98"), strict=True):
        who = examiner(member)
        scoring.save_score(who, sheet, marks={"1-3": "25"}, observed={"1-1": faults, "1-2": measured})
        scoring.lock_scores(who, [sheet])
    totals = list(ExaminerScore.objects.order_by("pk").values_list("total", flat=True))
    assert totals == [Decimal("87.0"), Decimal("37.0"), Decimal("75.0")]
    scoring.settle(examiner(hall.panel[0]), [sheet], note="第二人测量位置不同，已复议")
    sheet.refresh_from_db()
    assert sheet.mark == Decimal("66.3")
    drawn.paper.refresh_from_db()
    assert drawn.paper.released_at is not None
    known = {f"marking.{name}" for name in ("skilldraw", "examinerscore", "panelsheet")}
    assert not [finding for finding in verification.verify().findings if any(k in finding.where for k in known)]
    ExaminerScore.objects.filter(total=Decimal("37.0")).update(observed={"1-1": "0", "1-2": "25.03"})
    assert any("observed" in finding.what for finding in verification.verify().findings)


def test_what_cannot_be_counted_or_measured_is_refused_by_name(hall: Hall) -> None:
    room = hall.room(clock.now())
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    (sheet,) = scoring.open_panel(hall.keeper, room)
    with pytest.raises(Refused, match=r"“防护”的处数“两处”.*“直径”的测量值“二十五”"):
        scoring.save_score(examiner(hall.panel[0]), sheet, marks={}, observed={"1-1": "两处", "1-2": "二十五"})
    scoring.save_score(examiner(hall.panel[0]), sheet, marks={"1-1": "20", "1-3": "30"})
    with pytest.raises(Refused, match="“防护”没有评分；“直径”没有评分"):
        scoring.lock_scores(examiner(hall.panel[0]), [sheet])


def _before_an_examiner(hall: Hall) -> tuple[PanelSheet, Client]:
    """A sheet that was laid out, and the browser of the panel's second examiner."""
    room = hall.room(clock.now())
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    (sheet,) = scoring.open_panel(hall.keeper, room)
    client = Client()
    assert hall.panel[1].account is not None
    client.force_login(hall.panel[1].account)
    return sheet, client


def test_the_page_of_the_panel_takes_counts_and_measures(hall: Hall) -> None:
    sheet, client = _before_an_examiner(hall)
    page = client.get(f"/marking/sheets/{sheet.pk}/").content.decode()
    assert "24.98~25.02 mm" in page
    client.post(f"/marking/sheets/{sheet.pk}/", {"found-1-1": "2", "found-1-2": "25.00", "mark-1-3": "28", "lock": "1"})
    assert ExaminerScore.objects.get(member=hall.panel[1]).total == Decimal("82.0")
    paper = client.get(f"/marking/panels/{sheet.seating.session_room_id}/tasks.pdf")
    assert paper["Content-Type"] == "application/pdf"
    stranger = Client()
    stranger.force_login(f.staff("R3"))
    assert stranger.get(f"/marking/panels/{sheet.seating.session_room_id}/tasks.pdf").status_code == 404


def test_a_sheet_that_is_refused_comes_back_with_what_was_entered(hall: Hall) -> None:
    sheet, client = _before_an_examiner(hall)
    entered = {"found-1-1": "两处", "mark-1-3": "27.5", "veto": "v1", "remarks": "扳手滑落"}
    refused = client.post(f"/marking/sheets/{sheet.pk}/", entered)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "处数“两处”应为 0 或正整数" in page
    assert 'value="27.5"' in page
    assert "扳手滑落" in page
    assert not ExaminerScore.objects.exists()
    half = client.post(f"/marking/sheets/{sheet.pk}/", {"mark-1-3": "27.5", "lock": "1"})
    page = half.content.decode()
    assert "有 2 处要补正" in page
    for code, said in (("1-1", "“防护”没有评分"), ("1-2", "“直径”没有评分")):
        assert f'<li><a class="alert-link" href="#mark-{code}">{said}</a></li>' in page
        assert f'id="mark-{code}" aria-invalid="true" aria-describedby="fault-{code}"' in page
        assert f'id="fault-{code}">{said}</div>' in page
    assert page.count("is-invalid") == 2
    assert 'value="27.5"' in page
    kept = ExaminerScore.objects.get()
    assert (kept.marks, kept.locked_at) == ({"1-3": "27.5"}, None)


def test_a_measure_on_the_limit_counts_and_faults_stop_at_nothing() -> None:
    deduct, measure, _ = POINTS
    assert rules.earned(deduct, "3") == 0
    assert rules.earned(measure, "24.98") == rules.earned(measure, "25.020") == 50
    assert rules.earned(measure, "25.0201") == 0


def test_no_marks_are_taken_before_somebody_else_who_was_there_has_witnessed_the_lot(hall: Hall) -> None:
    room = hall.room(clock.now())
    drawn = draw_paper(hall.keeper, room, witness="考生代表甲")
    (sheet,) = scoring.open_panel(hall.keeper, room)
    who, stranger = examiner(hall.panel[0]), f.member("examiner", account=f.staff("R3"))
    with pytest.raises(Refused, match="还没有人见证"):
        scoring.save_score(who, sheet, marks={"1-3": "20"})
    with pytest.raises(Refused, match="本考场的考评员或督导员"):
        witness_draw(examiner(stranger), drawn)
    drawer = Account.objects.get(pk=hall.keeper.account_id)
    with pytest.raises(Refused, match="抽签与见证须由不同的人办理"):
        witness_draw(f.actor_with("Q4", account=drawer), drawn)
    drawn.refresh_from_db()
    assert drawn.confirmed_at is None
    witness_draw(who, drawn)
    with pytest.raises(Refused, match="见证"):
        witness_draw(examiner(hall.panel[1]), drawn)
    assert scoring.save_score(who, sheet, marks={"1-3": "20"}).pk


def test_an_examiner_who_is_a_candidate_marks_others_and_never_the_own_performance(hall: Hall) -> None:
    room = hall.room(clock.now(), candidates=2)
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    own, other = scoring.open_panel(hall.keeper, room)
    person = own.application.person
    person.id_number, person.id_index = hall.panel[0].id_number, hall.panel[0].id_index
    person.save()
    with pytest.raises(Refused, match="涉及您本人"):
        scoring.save_scores(
            examiner(hall.panel[0]), [scoring.Marks(own, {"1-3": "30"}), scoring.Marks(other, {"1-3": "20"})]
        )
    assert not ExaminerScore.objects.exists()
    assert scoring.save_score(examiner(hall.panel[0]), other, marks={"1-3": "20"}).sheet == other
