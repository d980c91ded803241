"""Plans and batches, applications, the arrangement, the filing, and what candidates and the public send."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache

import openpyxl

from assay.applications.acts.correcting import correctable_by
from assay.applications.acts.mending import mendable_by
from assay.applications.forms import ApplicantForm, PersonForm
from assay.applications.mend_form import MendForm
from assay.applications.models import Application, Person
from assay.applications.roster_template import template
from assay.arrangement.models import Assignment, Seating, SessionRoom
from assay.batches.forms import BatchForm
from assay.batches.models import AnnualPlan, Batch
from assay.centre.actors import actor_of
from assay.kernel import clock
from assay.portal.models import Claim
from assay.results.models import PublicNotice, Result
from tests import factories as f
from tests.applications.rosters import workbook
from tests.played.access.bodies import WITHOUT_AN_ACT, Posting, body, file, filled, plain
from tests.played.access.bodies.reference import NEW_PASSWORD
from tests.played.access.rows import PDF, candidate, candidates_application, exam_batch, officer


def _lines(batch: Batch) -> dict[str, str]:
    line = batch.lines.order_by("pk")[0]
    return {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-what": f"{line.scope_row_id}:{line.level_id}",
        "lines-0-planned": "30",
    }  # fmt: skip


@body("batches:new")
def _new_batch() -> Posting:
    given = filled(BatchForm(initial=BatchForm.values_of(exam_batch())))
    plan = AnnualPlan.objects.latest("year")
    return Posting(
        officer("E1"), {**given, **_lines(exam_batch()), "plan": str(plan.pk), "code": "another", "route": "exam"}
    )


@body("batches:edit")
def _revise() -> Posting:
    batch = exam_batch()
    given = filled(BatchForm(batch=batch, initial=BatchForm.values_of(batch)))
    return Posting(officer("E1"), {**given, **_lines(batch)}, {"pk": batch.pk})


@body("batches:advance")
def _advance() -> Posting:
    return Posting(officer("E1"), {"stage": exam_batch().stage}, {"pk": exam_batch().pk})


@body("batches:plan_new")
def _plan() -> Posting:
    return Posting(officer("E1"), {"year": "2150", "title": "另一年度计划"})


plain("batches:plan_edit", "E1", AnnualPlan, title="年度计划", text="示例")


@body("batches:plan_step")
def _plan_steps() -> list[Posting]:
    pk = AnnualPlan.objects.latest("year").pk
    return [
        Posting(officer(duty), {"reason": "示例"}, {"pk": pk, "name": name})
        for duty, name in (("E1", "submit"), ("L2", "approve"), ("L2", "return"))
    ]


@body("applications:person")
def _correct() -> Posting:
    application, by = candidates_application(), officer("E5")
    given = filled(PersonForm(application.person, correctable=correctable_by(actor_of(by))))
    return Posting(by, {**given, "class_name": "另一班"}, {"pk": application.pk})


@body("applications:mend")
def _mend() -> Posting:
    application, by = candidates_application(), officer("E5")
    given = filled(MendForm(application, correctable=mendable_by(actor_of(by))))
    return Posting(by, {**given, "class_name": "另一班"}, {"pk": application.pk})


@body("applications:applicant")
def _correct_what_was_reviewed() -> Posting:
    application = candidates_application()
    given = filled(ApplicantForm(application.applicant))
    return Posting(officer("E5"), {**given, "class_name": "另一班", "reason": "示例"}, {"pk": application.pk})


@body("applications:exempt")
def _exempt() -> Posting:
    given = {"part": "theory", "basis": "示例", "number": "2", "file": file("文件.pdf", PDF)}
    return Posting(officer("E5"), given, {"pk": candidates_application().pk})


@body("applications:drop_exemption")
def _drop() -> Posting:
    application = candidates_application()
    return Posting(officer("E5"), {}, {"pk": application.pk, "number": application.exemptions.all()[0].pk})


plain("applications:parts", "E5", Application, theory="first")
plain("applications:admit_again", "E4", Application, reason="示例")


@body("applications:withdraw")
def _withdraw() -> Posting:
    return Posting(officer("E5"), {"reason": "误导入", "chosen": [str(candidates_application().pk)]})


@body("batches:cancel")
def _cancel() -> Posting:
    return Posting(officer("E1"), {"reason": "示例"}, {"pk": exam_batch().pk})


@body("applications:decide")
def _decide() -> list[Posting]:
    given = {"verdict": "pass", "chosen": [str(candidates_application().pk)]}
    return [Posting(officer(duty), given, {"step": step}) for duty, step in (("R1", "first"), ("E4", "centre"))]


@body("applications:roster")
def _roster() -> Posting:
    batch = _open_batch()
    given = {"batch": str(batch.pk), "file": file("名册.xlsx", _example(batch.pk)), "pledged": "on"}
    return Posting(officer("E5"), given)


@cache
def _example(batch: int) -> bytes:
    """The template with the row that it shows as an example."""
    book = openpyxl.load_workbook(io.BytesIO(template(Batch.objects.get(pk=batch))))
    rows = [[cell.value or "" for cell in row] for row in book["说明"].iter_rows()]
    number = next(n for n, row in enumerate(rows) if row[0] == "张示例")
    return workbook(("名册", [rows[number - 1], rows[number]]))


def _open_batch() -> Batch:
    """A batch that takes applications again."""
    batch = exam_batch()
    today = clock.today()
    Batch.objects.filter(pk=batch.pk).update(
        stage="apply", apply_from=today - timedelta(days=1), apply_to=today + timedelta(days=9),
        exam_on=today + timedelta(days=60), exam_to=today + timedelta(days=62),
    )  # fmt: skip
    return Batch.objects.get(pk=batch.pk)


ARRANGED = {"theory_days": "1", "morning": "08:00", "noon": "12:30", "afternoon": "14:00", "evening": "18:30"}


@body("arrangement:arrange")
def _arrange() -> Posting:
    return Posting(officer("E6"), ARRANGED, {"pk": exam_batch().pk})


@body("arrangement:issue")
def _issue() -> Posting:
    return Posting(officer("E5"), {}, {"pk": exam_batch().pk})


@body("arrangement:move")
def _move() -> Posting:
    seating = Seating.objects.order_by("pk")[0]
    return Posting(officer("E6"), {"session_room": str(seating.session_room_id), "seat": "40"}, {"pk": seating.pk})


@body("arrangement:replace")
def _replace() -> Posting:
    assignment = Assignment.objects.order_by("pk")[0]
    given = {"member": str(assignment.member_id), "reason": "示例"}
    return Posting(officer("E6"), given, {"pk": assignment.pk})


@body("arrangement:release")
def _release() -> Posting:
    assignment = Assignment.objects.filter(role="staff").order_by("pk")[0]
    return Posting(officer("E8"), {"reason": "示例"}, {"pk": assignment.pk})


@body("arrangement:lead")
def _lead() -> Posting:
    assignment = Assignment.objects.filter(role="examiner").order_by("pk")[0]
    return Posting(officer("X3"), {"reason": "示例"}, {"pk": assignment.pk})


@body("arrangement:add")
def _add() -> Posting:
    room = SessionRoom.objects.filter(session__part="theory").order_by("pk")[0]
    given = {"role": "staff", "member": str(f.member().pk), "reason": "示例"}
    return Posting(officer("E6"), given, {"pk": room.pk})


@body("filing:file")
def _file() -> Posting:
    return Posting(officer("E5"), {}, {"pk": exam_batch().pk})


@body("portal:sign_up")
def _sign_up() -> Posting:
    department = candidates_application().department
    assert department is not None
    given = {
        "name": "某某", "id_type": "resident", "id_number": f.resident_number(903), "source": "student", "student_no": "S903",
        "department": str(department.pk), "sex": "男", "ethnic": "汉族", "education": "中等专业学校", "phone": "13900000903",
        "password": NEW_PASSWORD,
    }  # fmt: skip
    return Posting(None, given)


@body("portal:public_notice")
def _object() -> Posting:
    notice = PublicNotice.objects.order_by("pk")[0]
    return Posting(None, {"name": "某", "contact": "无", "text": "示例"}, {"pk": notice.pk})


WITHOUT_AN_ACT["portal:verify"] = "it looks a certificate up"


@body("portal:verify")
def _check() -> Posting:
    return Posting(None, {"number": "S000041000123000000001", "name": "某人"})


@body("portal:details")
def _details() -> Posting:
    by = candidate()
    given = filled(PersonForm(candidates_application().person, correctable=correctable_by(actor_of(by))))
    return Posting(by, {**given, "class_name": "另一班"})


@body("portal:activate")
def _activate() -> Posting:
    number = f.resident_number(905)
    return Posting(None, {"id_type": "resident", "id_number": number, "code": "ABCDE23456", "password": NEW_PASSWORD})


@body("portal:decide_claims")
def _claims() -> list[Posting]:
    chosen = [str(Claim.objects.get().pk)]
    verdicts = ({"verdict": "confirm", "despite": "on"}, {"verdict": "refuse", "reason": "示例"})
    return [Posting(officer("E5"), {**given, "chosen": chosen}) for given in verdicts]


@body("portal:make_codes")
def _codes() -> Posting:
    return Posting(officer("E5"), {"chosen": [str(Person.objects.filter(account=None).order_by("pk")[0].pk)]})


@body("portal:apply")
def _apply() -> Posting:
    batch = _open_batch()
    line = batch.lines.order_by("pk")[0]
    levels = line.scope_row.standard.levels.filter(level=line.level)
    condition = levels[0].conditions.all()[0]
    given = {"line": str(line.pk), "condition": str(condition.pk), "work_years": "0", "pledged": "on"}
    # Who has applied already sees that and hands in nothing.
    Application.objects.filter(batch=batch, person__account=candidate()).update(state="withdrawn")
    return Posting(candidate(), given, {"pk": batch.pk})


@body("portal:withdraw")
def _withdraw() -> Posting:
    return Posting(candidate(), {}, {"pk": candidates_application().pk})


@body("portal:score_check")
def _check() -> Posting:
    result = Result.objects.get(application=candidates_application())
    Result.objects.filter(pk=result.pk).update(released_at=clock.now())
    Batch.objects.filter(pk=result.batch_id).update(stage="check")
    return Posting(candidate(), {"part": "skill", "reason": "核对"}, {"pk": result.pk})
