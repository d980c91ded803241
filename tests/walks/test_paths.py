"""Ways to a certificate that nothing gives a right to, each tried on purpose and refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from assay.applications.acts import applying, exceptions
from assay.applications.acts import correcting as people
from assay.applications.acts.importing import import_roster
from assay.applications.models import Application, Person
from assay.batches import acts as planning
from assay.batches.models import Batch
from assay.centre.acts import accounts as centre
from assay.centre.models import Account, Appointment
from assay.certificates.acts import correcting
from assay.certificates.models import Certificate
from assay.filing import acts as filing
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.marking.acts import scoring as marking
from assay.marking.models import PanelSheet
from assay.results.acts import checks
from assay.results.acts import outcomes as results
from assay.results.models import ScoreCheck
from tests.walks.deeds import REFUSED, marks
from tests.walks.school import BEGINS, founded, jpeg
from tests.walks.usual import NEW, Usual

pytestmark = pytest.mark.django_db


class House(Usual):
    """The school, walked the usual way to where somebody tries something."""

    def until(self, stage: str) -> Batch:
        """The first batch at a stage of its way; nobody is absent or fails."""
        for n in range(60):
            if self.batch.stage == stage:
                return self.batch
            self.step(self.batch, 4 + n, 0, 0)
        raise AssertionError(f"stopped at {self.batch.stage}")

    @property
    def batch(self) -> Batch:
        return Batch.objects.get(pk=self.school.batches[0].pk)

    def staff(self, name: str) -> Account:
        return next(account for account in self.school.staff if account.name == name)

    def person(self, human: str) -> Person:
        return next(person for person in self.school.people if self.school.whose[person.pk] == human)

    def application(self, human: str) -> Application:
        return Application.objects.get(batch=self.batch, person=self.person(human))

    def refused(self, why: str, act: Callable[..., Any], who: Account | None, *args: Any, **kwargs: Any) -> None:
        self.now += timedelta(minutes=1)
        with clock.moved_to(self.now), pytest.raises(Refused, match=why):
            act(self.actor(who), *args, **kwargs)


@pytest.fixture
def house() -> House:
    with clock.moved_to(BEGINS):
        school = founded()
    return House(school, BEGINS)


def as_it_was(row: Model) -> Model:
    return type(row)._default_manager.get(pk=row.pk)


def test_two_accounts_of_one_person_make_no_two_reviewers(house: House) -> None:
    house.until("apply")
    application = house.hand_in(house.staff("无号丁"), house.batch, house.person("学0"), house.batch.lines.first(), NEW)
    assert house.review(house.staff("全能丙"), "first", [application], "pass")
    house.refused(
        "系部初审与中心审核须由不同的人办理",
        applying.centre_review,
        house.staff("全能丙二"),
        [application],
        verdict="pass",
    )
    assert as_it_was(application).state == "first_passed"


def test_a_candidate_among_the_staff_puts_nothing_right_of_the_own_reviewed_application(house: House) -> None:
    house.until("arrange")
    own = house.application("乙")
    house.refused(
        "涉及您本人",
        people.correct_applicant,
        house.staff("全能乙"),
        own,
        {"name": "全能甲"},
        reason="更名",
        photo=jpeg(105),
    )
    assert own.applicant.name == as_it_was(own).applicant.name
    who_admitted, given = house.staff("全能甲"), {"phone": "13800000000"}
    house.refused("须由不同的人办理", people.correct_applicant, who_admitted, own, given, reason="漏填")
    house.correct_applicant(house.staff("全能丙"), own, given, "漏填", None)
    assert as_it_was(own.applicant).phone == "13800000000"


@pytest.mark.parametrize("act", ["exempt", "set_parts"])
def test_nobody_decides_over_the_exceptions_of_an_own_application(house: House, act: str) -> None:
    house.until("apply")
    line = house.batch.lines.get(level__code="4")
    own = house.hand_in(house.school.candidates[0], house.batch, house.person("乙"), line, NEW)
    given = {
        "exempt": {"part": "skill", "basis": "竞赛", "number": "1号", "content": jpeg(250)},
        "set_parts": {"parts": {"skill": "resit"}},
    }[act]
    house.refused("涉及您本人", getattr(exceptions, act), house.staff("全能乙"), own, **given)
    assert as_it_was(own).skill == "first"


def test_a_photo_is_not_exchanged_for_another_face_once_it_was_reviewed(house: House) -> None:
    house.until("review")
    application = house.application("学0")
    own = next(a for a in house.school.candidates if a.pk == house.person("学0").account_id)
    house.refused("照片不能再换", applying.set_photo, own, application.person, jpeg(105))
    house.until("certificates")
    house.step(house.batch, 4, 0, 0)
    certificate = Certificate.objects.get(application=application)
    assert certificate.photo_id == house.witness.said[application.pk].photo


def test_a_department_says_nothing_of_another_departments_people(house: House) -> None:
    house.until("apply")
    head, other = house.staff("系主任"), house.person("学1")
    assert other.department_id != head.department_id
    line = house.batch.lines.first()
    for changes in ({}, {"name": "改名者"}, {"department": head.department_id}):
        row = house.row(2, other, line, NEW, **changes)
        house.refused("其他系部|本系部", import_roster, head, batch=house.batch, rows=[row])
    assert (as_it_was(other).name, as_it_was(other).department_id) == (other.name, other.department_id)


def test_a_click_that_was_doubled_moves_a_batch_one_stage(house: House) -> None:
    seen = house.until("review")
    while Application.objects.filter(batch=seen).exclude(state="approved").exists():
        house.step(seen, 4, 0, 0)
    assert house.do(planning.advance, house.staff("全能甲"), seen)
    seen.stage = "review"
    house.refused("页面打开后，全能甲于", planning.advance, house.staff("全能丙"), seen)
    assert house.batch.stage == "arrange"


def test_who_drew_up_the_plan_does_not_approve_it_with_the_other_account(house: House) -> None:
    plan = house.batch.plan
    assert house.submit_plan(house.staff("全能丙"), plan)
    house.refused("不同的人", planning.decide_annual_plan, house.staff("全能丙二"), plan, approve=True)
    house.refused("不同的人", planning.decide_annual_plan, house.staff("全能甲"), plan, approve=True)
    assert as_it_was(plan).state == "submitted"


def test_nobody_appoints_oneself_through_the_other_account(house: House) -> None:
    post = house.school.posts[-1]
    first, second = house.staff("全能丙"), house.staff("全能丙二")
    house.refused("涉及您本人", centre.appoint, first, second, post, clock.day_of(house.now))
    assert not Appointment.objects.filter(account=second, post=post).exists()


def test_an_examiner_does_not_mark_the_own_performance_even_when_on_the_panel(house: House) -> None:
    house.until("exam")
    while not PanelSheet.objects.filter(application=house.application("乙")).exists():
        house.step(house.batch, 5, 0, 0)  # an odd hand opens the panel and leaves it at that
    sheet = PanelSheet.objects.filter(application=house.application("乙")).first()
    assert sheet is not None
    room = sheet.seating.session_room
    me = next(m for m in house.school.members if house.school.member_of[m.pk] == "乙")
    place = room.assignments.filter(role="examiner").first()
    assert place is not None
    place.member = me
    place.save()  # behind the back of the arrangement, which does not take him
    entry = marking.Marks(sheet, marks(100))
    house.refused("涉及您本人", marking.save_scores, house.staff("全能乙"), [entry])
    assert not sheet.scores.filter(member=me).exists()


def test_nobody_leaves_out_a_part_without_a_basis_nor_every_part(house: House) -> None:
    house.until("apply")
    line = house.batch.lines.get(level__code="4")
    officer = house.staff("无号丁")

    def apply(human: str, **parts: str) -> dict[str, Any]:
        entry = applying.Entry(line=line, condition=_condition(line), pledged=True, **parts)
        return {"batch": house.batch, "person": house.person(human), "entry": entry}

    house.refused("技能免考没有依据", applying.hand_in, officer, **apply("学2", theory="resit", skill="exempt"))
    house.refused("理论免考没有依据", applying.hand_in, officer, **apply("学0", theory="exempt"))
    house.refused("已过期", applying.hand_in, officer, **apply("学3", skill="exempt"))
    house.refused("至少须参加一科", applying.hand_in, officer, **apply("学2", theory="exempt", skill="exempt"))
    assert not Application.objects.filter(batch=house.batch).exists()
    with clock.moved_to(house.now):
        assert (
            applying.hand_in(house.actor(officer), **apply("学2", theory="exempt", skill="resit")).state == "submitted"
        )


def _condition(line: Any) -> Any:
    return line.scope_row.standard.levels.get(level=line.level).conditions.get()


def test_who_sends_results_up_does_not_answer_for_the_province(house: House) -> None:
    house.until("results")
    officer = house.staff("全能丙")
    assert house.compute(officer, house.batch)
    report = house.send_up(officer, house.batch)
    for same in (officer, house.staff("全能丙二")):
        house.refused(
            "上报与登记省中心的审核须由不同的人",
            results.record_answer,
            same,
            report,
            state="approved",
            reason="",
            at=house.now,
        )
    assert as_it_was(report).state == "sent"
    assert house.record_answer(None, report, "approved")


def test_who_files_a_batch_does_not_answer_for_the_province(house: House) -> None:
    house.until("filing")
    officer = house.staff("全能甲")
    sent = house.do(filing.file, officer, house.batch)
    house.refused(
        "上报与登记省中心的审批须由不同的人",
        filing.record_answer,
        officer,
        sent,
        state="approved",
        reason="",
        by="省中心",
        at=house.now,
    )
    assert as_it_was(sent).state == "sent"


def _asked(house: House, human: str, part: str) -> ScoreCheck:
    house.until("check")
    application = house.application(human)
    own = next(a for a in house.school.candidates if a.pk == application.person.account_id)
    found = house.ask_check(own, application, part)
    assert found
    return ScoreCheck.objects.get(pk=found.pk)


def test_a_score_check_is_not_confirmed_by_the_other_account_of_who_answered_it(house: House) -> None:
    check = _asked(house, "学0", "theory")
    assert house.answer_check(house.staff("全能丙"), check, True)
    house.refused("已由您办理“答复成绩复核”", checks.confirm_check, house.staff("全能丙二"), check)
    assert as_it_was(check).state == "answered"
    assert house.confirm_check(house.staff("无号丁"), check)


def test_nobody_answers_or_confirms_a_score_check_of_the_own_result(house: House) -> None:
    check = _asked(house, "乙", "theory")
    house.refused("涉及您本人", checks.answer_check, house.staff("全能乙"), check, finding="无误", take_over=True)
    assert house.answer_check(house.staff("无号丁"), check, True)
    house.refused("涉及您本人", checks.confirm_check, house.staff("全能乙"), check)
    assert as_it_was(check).state == "answered"


def test_who_was_absent_gets_no_mark_by_a_score_check(house: House) -> None:
    for n in range(60):
        if house.batch.stage == "check":
            break
        house.step(house.batch, 4 + n, 0, 1)
    missing = next(pk for pk, mark in house.witness.theory.items() if mark is None)
    asked = house.ask_check(house.staff("全能甲"), Application.objects.get(pk=missing), "theory")
    if not asked:  # asked for by the candidate only
        own = Application.objects.get(pk=missing).person.account
        assert own is not None
        asked = house.ask_check(own, Application.objects.get(pk=missing), "theory")
    assert asked
    check = ScoreCheck.objects.get(pk=asked.pk)
    house.refused("缺考没有作答", checks.answer_check, house.staff("全能甲"), check, finding="有作答", take_over=True)
    assert Application.objects.get(pk=missing).result.theory is None


def test_a_correction_of_a_certificate_is_not_approved_by_the_other_account_of_who_proposed_it(house: House) -> None:
    house.until("certificates")
    house.step(house.batch, 4, 0, 0)
    certificate = Certificate.objects.get(application=house.application("学0"))
    correction = house.propose_correction(house.staff("全能丙"), certificate, {"name": "改名某"}, None)
    assert correction
    house.refused("不同的人", correcting.decide_correction, house.staff("全能丙二"), correction, approve=True)
    assert as_it_was(certificate).name == certificate.name
    assert house.decide_correction(house.staff("无号丁"), correction, True)


def test_nobody_decides_over_the_correction_of_the_own_certificate(house: House) -> None:
    house.until("certificates")
    house.step(house.batch, 4, 0, 0)
    certificate = Certificate.objects.get(application=house.application("乙"))
    correction = house.propose_correction(house.staff("全能丙"), certificate, {"name": "全能甲"}, None)
    house.refused("涉及您本人", correcting.decide_correction, house.staff("全能乙"), correction, approve=True)
    assert as_it_was(certificate).name == "全能乙"


def test_a_batch_in_which_nobody_passes_goes_on_without_a_notice_and_without_certificates(house: House) -> None:
    while house.batch.stage != "exam":
        house.step(house.batch, 4, 0, 0)
    house.not_before(house.batch.sessions.get(part="theory").starts_at)
    publication = house.batch.sessions.get(part="theory").publication
    for name in ("无号丁", "全能甲"):
        assert house.sign(house.staff(name), publication)
    house.not_before(publication.session.ends_at + timedelta(minutes=1))
    sitting = Application.objects.filter(batch=house.batch, state="approved")
    assert house.collect(None, publication, dict.fromkeys(sitting.values_list("pk", flat=True), 3))
    house.until("notice")
    assert house.open_notice(house.staff("全能甲"), house.batch) is REFUSED
    assert house.advance(house.staff("全能甲"), house.batch)
    assert house.advance(house.staff("全能甲"), house.batch)
    assert house.batch.stage == "archive"
