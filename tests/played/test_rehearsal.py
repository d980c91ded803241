"""Every workflow of the plan, once, end to end: nothing lost, every gate passed, the ledger whole."""

from __future__ import annotations

from assay.applications.models import Application
from assay.archive.models import Volume
from assay.batches.models import Batch
from assay.batches.stages import ROUTES, STAGES
from assay.centre.models import Account
from assay.certificates.models import Certificate
from assay.demo.school import PASSWORD
from assay.exam.models import TheorySheet
from assay.kernel.models import LedgerEntry, OutboxMessage
from assay.marking.models import PanelSheet
from assay.rehearsal.demonstration import open_today
from assay.results.models import Result
from tests.played.conftest import CANDIDATES, Played


def test_the_summary_tells_of_every_stage_and_of_every_answer(played: Played) -> None:
    said = played.report.as_json()
    assert said["good"], said
    assert said["candidates"] == CANDIDATES
    stages = [s["stage"] for s in said["stages"]]
    assert [s for s in STAGES if s not in ("exam", "closed", "cancelled")] == [s for s in STAGES if s in stages]
    assert {"theory", "skill", "direct", "process", "contest"} <= set(stages)
    assert all(s["seconds"] >= 0 for s in said["stages"])
    assert said["answers_acknowledged"] > CANDIDATES * 20
    assert said["answers_lost"] == 0
    assert said["certificates_issued"] == said["certificates_verified"] == Certificate.objects.count() > 100
    assert said["ledger_problems"] == []


def test_all_four_routes_are_closed_and_archived(played: Played) -> None:
    batches = Batch.objects.all()
    assert {b.route for b in batches} == set(ROUTES)
    assert {b.stage for b in batches} == {"closed"}
    for batch in batches:
        volumes = Volume.objects.filter(batch=batch)
        assert volumes.count() == (6 if batch.route == "exam" else 2)
        assert all(v.sealed_at and v.documents.exists() for v in volumes)


def test_each_outcome_follows_from_the_marks_and_absent_is_not_zero(played: Played) -> None:
    for result in Result.objects.filter(batch__route="exam"):
        parts = [(result.theory, result.theory_absent), (result.skill, result.skill_absent)]
        assert all((mark is None) == absent for mark, absent in parts)
        passed = all(mark is not None and mark >= 60 for mark, _ in parts)
        assert (result.outcome == "pass") == passed
        assert (result.outcome == "absent") == all(absent for _, absent in parts)


def test_only_who_passed_has_a_certificate_and_numbers_are_never_repeated(played: Played) -> None:
    assert Result.objects.filter(outcome="pass").count() == Certificate.objects.count()
    assert not Certificate.objects.exclude(application__result__outcome="pass").exists()
    numbers = list(Certificate.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers)


def test_everything_reached_the_province_once(played: Played) -> None:
    sent = list(OutboxMessage.objects.values_list("kind", "state", "attempts"))
    assert sorted(kind for kind, _, _ in sent) == ["certificates"] * 4 + ["filing", "results"]
    assert {state for _, state, _ in sent} == {"sent"}


def test_two_people_reviewed_each_application(played: Played) -> None:
    for application in Application.objects.filter(batch__route="exam").prefetch_related("decisions"):
        by = {d.step: d.by_account_id for d in application.decisions.all()}
        assert set(by) == {"first", "centre"}
        assert by["first"] != by["centre"]


def test_the_theory_mark_is_what_the_answers_are_worth(played: Played) -> None:
    from assay.exam.marks import key_of, mark_sheet

    sheets = TheorySheet.objects.filter(absent=False).select_related("seating__paper")
    assert sheets
    for sheet in sheets:
        assert sheet.seating.paper is not None
        assert sheet.mark == mark_sheet(key_of(sheet.seating.paper.frozen()), sheet.answers)


def test_every_examiner_of_a_panel_locked_before_it_was_settled(played: Played) -> None:
    for sheet in PanelSheet.objects.filter(absent=False).prefetch_related(
        "scores", "seating__session_room__assignments"
    ):
        examiners = [a for a in sheet.seating.session_room.assignments.all() if a.role in ("leader", "examiner")]
        assert len(examiners) % 2 == 1
        assert {s.member_id for s in sheet.scores.all()} == {a.member_id for a in examiners}
        assert all(s.locked_at and s.locked_at <= sheet.settled_at for s in sheet.scores.all())


def test_a_played_history_can_never_pass_for_an_official_one(played: Played) -> None:
    assert not LedgerEntry.objects.filter(simulated=False).exists()


def test_the_demo_goes_on_with_a_batch_that_takes_applications_and_a_candidate_who_can_sign_in(played: Played) -> None:
    open_today(played.report)
    batch = Batch.objects.get(stage="apply")
    states = set(batch.applications.values_list("state", flat=True))
    assert {"submitted", "first_passed", "approved"} <= states
    account = Account.objects.get(kind="candidate")
    assert account.check_password(PASSWORD)
    assert account.person.applications.filter(certificates__isnull=False).exists()
