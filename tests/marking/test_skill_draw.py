"""The lot at the exam: when, among which versions, before whom; what was counted and measured becomes marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assay.applications.models import Application
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.bank import acts as bank
from assay.bank.models import Paper, Specification
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel import clock, gates, verification
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused
from assay.marking import acts, rules
from assay.marking.drawing import draw_paper
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw
from tests import factories as f

pytestmark = pytest.mark.django_db
POINTS = [
    {"kind": "deduct", "title": "防护", "full": "20.0", "each": "8.0", "rule": ""},
    {"kind": "measure", "title": "直径", "full": "50.0", "low": "24.98", "high": "25.02", "unit": "mm", "rule": ""},
    {"kind": "mark", "title": "清洁", "full": "30.0", "rule": "酌情"},
]
KEEPER = ("E7", "E8", "X4", "X3", "R4")


@dataclass
class Hall:
    """A batch at its exam with a skill session, examiners and sealed versions."""

    batch: Batch
    specification: Specification
    papers: list[Paper]
    keeper: Actor
    room: Callable[[datetime], SessionRoom]
    panel: list[Member]


@pytest.fixture
def hall() -> Hall:
    f.centre()
    row = f.scope_row()
    batch = f.batch("exam", "exam", [(row, "4", 10)])
    account = f.staff(*KEEPER)
    keeper = f.actor_with(*KEEPER, account=account)
    bank.sign_secrecy(keeper)
    specification = bank.install_specification(
        keeper, occupation=row.occupation, level=f.level("4"), part="skill", title="示例结构表",
        rows=[bank.PointRow("A", "", "range", "操作", Decimal(100)), bank.PointRow("A-001", "A", "point", "操作", None, "X")],
    )  # fmt: skip
    tasks = [
        bank.ItemRow(
            "A-001", "practical", 3, f"加工零件{n}。",
            sheet={"title": f"零件{n}", "minutes": 60, "form": "实操", "points": POINTS, "vetoes": [{"title": "违章"}], "materials": []},
        )
        for n in range(3)
    ]  # fmt: skip
    bank.import_items(keeper, specification, tasks, approved=True)
    papers = bank.assemble_skill(keeper, specification, seed=3, forms="ABC")
    for paper in papers:
        bank.seal(keeper, paper)
    panel = [f.member("examiner", account=f.staff("R3")) for _ in range(3)]

    def room(starts: datetime) -> SessionRoom:
        return _room(batch, starts, panel)

    return Hall(batch, specification, papers, keeper, room, panel)


def _room(batch: Batch, starts: datetime, panel: list[Member]) -> SessionRoom:
    number = Session.objects.filter(batch=batch).count() + 1
    session = Session.objects.create(
        batch=batch, part="skill", number=number, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    made = SessionRoom.objects.create(session=session, room=f.room("skill", 10), line=batch.lines.get())
    application: Application = f.application(batch)
    Ticket.objects.create(application=application, number=f"26{number:08d}", issued_at=clock.now())
    Seating.objects.create(session_room=made, application=application, part="skill", seat=1)
    for n, member in enumerate(panel):
        Assignment.objects.create(session_room=made, member=member, role="leader" if n == 0 else "examiner")
    return made


def _actor(member: Member) -> Actor:
    account: Account | None = member.account
    assert account is not None
    return f.actor_with("R3", account=account)


def test_the_lot_is_drawn_shortly_before_the_exam_before_a_witness_and_once(hall: Hall) -> None:
    early = hall.room(clock.now() + timedelta(hours=5))
    with pytest.raises(Refused, match="起才能抽签"):
        draw_paper(hall.keeper, early, witness="考生代表")
    room = hall.room(clock.now())
    with pytest.raises(Refused, match="见证人"):
        draw_paper(hall.keeper, room, witness=" ")
    with pytest.raises(Refused, match="还没有抽签"):
        acts.open_panel(hall.keeper, room)
    drawn = draw_paper(hall.keeper, room, witness="考生代表甲")
    assert drawn.paper in hall.papers
    assert len(drawn.among) == 3
    with pytest.raises(Refused, match="不能重抽"):
        draw_paper(hall.keeper, room, witness="考生代表甲")
    (sheet,) = acts.open_panel(hall.keeper, room)
    assert [t["title"] for t in sheet.tasks] == [drawn.content[0]["sheet"]["title"]]


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
    acts.open_panel(hall.keeper, room)
    bank.report_leak(hall.keeper, drawn.paper, "有人拍照")
    again = draw_paper(hall.keeper, room, witness="乙")
    assert again.pk == drawn.pk
    assert again.paper != drawn.paper
    assert PanelSheet.objects.get().tasks == again.tasks
    acts.save_score(_actor(hall.panel[0]), PanelSheet.objects.get(), marks={"1-3": "20"})
    bank.report_leak(hall.keeper, again.paper, "又有人拍照")
    with pytest.raises(Refused, match="重考"):
        draw_paper(hall.keeper, room, witness="丙")


def test_faults_and_measures_become_marks_and_the_version_is_open_again_afterwards(hall: Hall) -> None:
    room = hall.room(clock.now())
    drawn = draw_paper(hall.keeper, room, witness="甲")
    (sheet,) = acts.open_panel(hall.keeper, room)
    for member, faults, measured in zip(hall.panel, ("1", "1", "4"), ("25.02", "25.03", "24.98"), strict=True):
        who = _actor(member)
        acts.save_score(who, sheet, marks={"1-3": "25"}, observed={"1-1": faults, "1-2": measured})
        acts.lock_scores(who, [sheet])
    totals = list(ExaminerScore.objects.order_by("pk").values_list("total", flat=True))
    assert totals == [Decimal("87.0"), Decimal("37.0"), Decimal("75.0")]
    acts.settle(_actor(hall.panel[0]), [sheet], note="第二人测量位置不同，已复议")
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
    draw_paper(hall.keeper, room, witness="甲")
    (sheet,) = acts.open_panel(hall.keeper, room)
    with pytest.raises(Refused, match=r"“防护”的处数“两处”.*“直径”的测量值“二十五”"):
        acts.save_score(_actor(hall.panel[0]), sheet, marks={}, observed={"1-1": "两处", "1-2": "二十五"})
    acts.save_score(_actor(hall.panel[0]), sheet, marks={"1-1": "20", "1-3": "30"})
    with pytest.raises(Refused, match="“防护”没有评分；“直径”没有评分"):
        acts.lock_scores(_actor(hall.panel[0]), [sheet])


def _before_an_examiner(hall: Hall) -> tuple[PanelSheet, Client]:
    """A sheet that was laid out, and the browser of the panel's second examiner."""
    room = hall.room(clock.now())
    draw_paper(hall.keeper, room, witness="甲")
    (sheet,) = acts.open_panel(hall.keeper, room)
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
    assert "“防护”没有评分；“直径”没有评分" in half.content.decode()
    kept = ExaminerScore.objects.get()
    assert (kept.marks, kept.locked_at) == ({"1-3": "27.5"}, None)


def test_a_measure_on_the_limit_counts_and_faults_stop_at_nothing() -> None:
    deduct, measure, _ = POINTS
    assert rules.earned(deduct, "3") == 0
    assert rules.earned(measure, "24.98") == rules.earned(measure, "25.020") == 50
    assert rules.earned(measure, "25.0201") == 0
