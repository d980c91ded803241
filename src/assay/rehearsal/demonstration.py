"""What `make run` plays into an empty database: the first batch and the other routes, over; a second batch, open. Or, to try an exam
day with one's own hands: a batch that is prepared up to the evening before."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.applications.acts import applying as application_acts
from assay.applications.models import Application
from assay.applications.reviews import Verdict
from assay.arrangement.models import Session
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import Route, Stage
from assay.catalogue.parts import Part
from assay.centre.actors import SYSTEM
from assay.demo.school import PASSWORD
from assay.kernel import clock
from assay.portal.acts import activate, make_codes
from assay.rehearsal.applying import DEPARTMENT_HEADS, annual_plan, hand_in_rosters, lines_of, open_batch
from assay.rehearsal.calendar import SATURDAY, coming_days, on
from assay.rehearsal.cast import Cast
from assay.rehearsal.exam_route import ExamBatch
from assay.rehearsal.play import FULL, play, running, set_up, shares
from assay.rehearsal.report import Played, Report
from assay.rehearsal.rosters import Students
from assay.results.rules import Outcome

SECOND_BATCH = [(1, 40), (7, 20), (15, 30), (21, 20)]
TO_THE_EXAM = timedelta(days=45)
APPLIED_SERIAL = 500_000


def play_demo(report: Report, *, candidates: int = FULL) -> None:
    """Everything of a rehearsal but the ledger's check, then today: a batch that takes applications, a candidate.
    Without candidates: the school and its bank alone, ready for a first plan."""
    if not candidates:
        return set_up(report, Cast())
    play(report, candidates=candidates, check_ledger=False)
    open_today(report)


def play_to_the_exam(report: Report, *, candidates: int) -> datetime:
    """A batch that sits tomorrow: tickets issued, papers sealed, rooms looked through, nothing published. Returns when the first theory
    session begins."""
    days, cast = coming_days(clock.today()), Cast()
    report.candidates = candidates
    with on(days.before(60)):
        set_up(report, cast)
        plan = annual_plan(cast, days.exam_on.year)
    with running() as beside:
        batch = ExamBatch(cast, report, days, hall=beside.hall, province=beside.province)
        played = batch.prepare(plan, shares(candidates), Students(days.exam_on))
    with report.stage(Stage.READINESS, "考前检查") as stage:
        stage.counts["检查考场"] = batch.look_through(played)
    return Session.objects.filter(batch=played, part=Part.THEORY).earliest("starts_at").starts_at


def open_today(report: Report) -> None:
    """After a first year was played: the second batch, which takes applications, and a candidate's account."""
    with report.stage("second", "第二批：组织报名") as stage:
        cast = Cast()
        batch = _second_batch(cast)
        _applications(cast, batch, stage)
        _candidate(cast)


def _second_batch(cast: Cast) -> Batch:
    today = clock.today()
    exam_on = today + TO_THE_EXAM
    exam_on += timedelta(days=(SATURDAY - exam_on.weekday()) % 7)
    lines = [*lines_of(SECOND_BATCH), *lines_of([(7, 10), (15, 10)], "3"), *lines_of([(1, 5)], "2")]
    return open_batch(
        cast, AnnualPlan.objects.latest("year"), code=f"{exam_on.year}-11", name=f"{exam_on.year} 年第二批职业技能等级认定",
        route=Route.EXAM, lines=lines, apply_from=today - timedelta(days=3), apply_to=today + timedelta(days=14),
        exam_on=exam_on, exam_to=exam_on + timedelta(days=3),
    )  # fmt: skip


def _applications(cast: Cast, batch: Batch, stage: Played) -> None:
    """Rosters of three departments: one reviewed by the centre, one by the department, one as handed in."""
    assert batch.exam_on is not None
    students = Students(batch.exam_on, APPLIED_SERIAL)
    for line in batch.lines.filter(level__code="4").select_related("scope_row__occupation", "level"):
        students.add(line, line.planned // 2)
    hand_in_rosters(cast, batch, students, stage)
    departments = sorted(students.rows)
    for code in departments[:2]:
        own = list(Application.objects.filter(batch=batch, state=Application.State.SUBMITTED, department__code=code))
        application_acts.first_review(cast(DEPARTMENT_HEADS[code]), own[1:], verdict=Verdict.PASS)
    passed = list(
        Application.objects.filter(batch=batch, state=Application.State.FIRST_PASSED, department__code=departments[0])
    )
    application_acts.centre_review(cast("shenhe"), passed, verdict=Verdict.PASS)


def _candidate(cast: Cast) -> None:
    """The first who passed gets an account with a code of the department, to show what candidates see."""
    person = Application.objects.filter(result__outcome=Outcome.PASS, batch__route=Route.EXAM).order_by("pk")[0].person
    assert person.department is not None
    [(_, code)] = make_codes(cast(DEPARTMENT_HEADS[person.department.code]), [person])
    activate(SYSTEM, id_type=person.id_type, id_number=person.id_number, code=code, password=PASSWORD)
