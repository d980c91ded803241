"""The exam, marking, results, certificates, the province, the archive, supervision."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from django.db.models import Count

from assay.applications.models import Application
from assay.archive.models import Volume
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.models import Account, Centre
from assay.certificates.forms import CorrectionForm
from assay.certificates.models import Certificate, Change, Correction, SpoiledSheet
from assay.exam.models import (
    Opening,
    PaperExam,
    PaperExamSignature,
    Publication,
    RecordAddition,
    RoomRecord,
    TheorySheet,
    WrittenAnswer,
)
from assay.exam.queries import READINESS_CHECKS
from assay.kernel import clock
from assay.kernel.models import OutboxMessage
from assay.marking import sheet_book
from assay.marking.models import PanelSheet, SheetTemplate, SkillDraw
from assay.oversight.checklists import CHECKLISTS
from assay.results.models import Objection, Result, ScoreCheck
from tests import factories as f
from tests.played.access.bodies import WITHOUT_AN_ACT, Posting, body, file, filled, plain
from tests.played.access.rows import PDF, exam_batch, officer

WITHOUT_AN_ACT |= {
    "exam:collect_batch": "the hall is asked first; what it hands out is taken down by an act",
    "exam:announce": "the hall says it first; only what was said is noted by an act",
    "gateway:deliver": "what waits is sent by the system's own acts; here nothing waits",
}  # fmt: skip


def _room(part: str) -> SessionRoom:
    rooms = SessionRoom.objects.filter(session__batch=exam_batch(), session__part=part, seatings__isnull=False)
    return rooms.order_by("pk")[0]


@body("exam:collect_batch")
def _collect() -> Posting:
    return Posting(officer("E8"), {}, {"pk": exam_batch().pk})


@body("exam:announce")
def _announce() -> Posting:
    session = Session.objects.filter(batch=exam_batch(), part="theory").order_by("pk")[0]
    return Posting(officer("E8"), {"text": "示例"}, {"pk": session.pk})


def _failing(state: str) -> SessionRoom:
    """A room whose session runs, and no earlier paper exam in it."""
    room = _room("theory")
    Publication.objects.filter(session=room.session).update(state=state)
    return room


@body("exam:paper_exam")
def _paper_exam() -> Posting:
    return Posting(officer("E8"), {"reason": "停电"}, {"pk": _failing("opened").pk})


@body("exam:print_copies")
def _print_copies() -> Posting:
    room = _failing("opened")
    exam, _ = PaperExam.objects.get_or_create(session_room=room, defaults={"reason": "停电"})
    for side, duty in (("keeper", "E7"), ("witness", "E8")):
        who = officer(duty)
        given = {"account": who, "name": who.name, "at": clock.now()}
        PaperExamSignature.objects.get_or_create(paper_exam=exam, side=side, defaults=given)
    return Posting(officer("E7"), {"seat": ""}, {"pk": room.pk})


@body("exam:paper_entry")
def _paper_entry() -> Posting:
    room = _failing("collected")
    Batch.objects.filter(pk=exam_batch().pk).update(stage="exam")
    PaperExam.objects.update_or_create(session_room=room, defaults={"reason": "停电", "printed": 1})
    return Posting(officer("E8"), {}, {"pk": room.seatings.order_by("pk")[0].pk})


@body("exam:session_step")
def _session_steps() -> list[Posting]:
    session = Session.objects.filter(batch=exam_batch(), part="theory").order_by("pk")[0]
    Publication.objects.filter(session=session).update(state="published")
    Opening.objects.filter(publication__session=session).delete()
    steps = (("E7", "publish"), ("E8", "open"))
    return [Posting(officer(duty), {}, {"pk": session.pk, "name": name}) for duty, name in steps]


@body("exam:reschedule")
def _reschedule() -> Posting:
    return Posting(officer("E8"), {"starts_at": "2031-01-06T09:00"}, {"pk": _room("theory").pk})


@body("exam:postpone")
def _postpone() -> Posting:
    """One that no hall has anything of."""
    starts = clock.now() + timedelta(days=1)
    session = Session.objects.create(
        batch=exam_batch(), part="theory", number=99, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    return Posting(officer("E8"), {"starts_at": "2031-01-06T09:00", "reason": "示例"}, {"pk": session.pk})


@body("exam:paper_analysis")
def _difficulties() -> Posting:
    paper = TheorySheet.objects.filter(absent=False).order_by("pk")[0].seating.paper
    assert paper is not None
    Seating.objects.filter(part="theory").update(paper=paper)  # of the few who sat each paper nothing can be said
    return Posting(officer("X4"), {}, {"pk": exam_batch().pk, "paper_pk": paper.pk})


@body("exam:readiness")
def _readiness() -> Posting:
    Batch.objects.filter(pk=exam_batch().pk).update(stage="readiness")
    given = {f"ok-{n}": "on" for n in range(len(READINESS_CHECKS["theory"]))}
    return Posting(officer("E6"), given, {"pk": _room("theory").pk})


@body("exam:check_day")
def _check_day() -> Posting:
    Batch.objects.filter(pk=exam_batch().pk).update(stage="readiness")
    room = _room("theory")
    given = {f"ok-{room.pk}-{n}": "on" for n in range(len(READINESS_CHECKS["theory"]))}
    return Posting(officer("E6"), {**given, "chosen": [str(room.pk)]}, {"pk": exam_batch().pk})


@body("exam:record")
def _record() -> Posting:
    room = _room("skill")
    RoomRecord.objects.filter(session_room=room).delete()
    Batch.objects.filter(pk=exam_batch().pk).update(stage="exam")
    return Posting(officer("E8"), {"present": str(room.seatings.count()), "absent": "0"}, {"pk": room.pk})


@body("exam:record_additions")
def _add_to_record() -> Posting:
    room = RoomRecord.objects.order_by("pk")[0].session_room
    Batch.objects.filter(pk=room.session.batch_id).update(stage="exam")
    return Posting(officer("E8"), {"kind": "added", "text": "示例"}, {"pk": room.pk})


@body("exam:countersign")
def _countersign() -> Posting:
    addition = RecordAddition.objects.filter(agreed=None).order_by("pk")[0]
    Batch.objects.filter(pk=addition.record.session_room.session.batch_id).update(stage="exam")
    return Posting(officer("E8"), {"agreed": "1", "answer": ""}, {"pk": addition.pk})


@cache
def _sheet(pk: int) -> bytes:
    return sheet_book.write(SheetTemplate.objects.get(pk=pk).tasks)


@body("marking:template_new")
def _template() -> Posting:
    known = SheetTemplate.objects.order_by("pk")[0]
    given = {
        "occupation": str(known.occupation_id), "level": str(known.level_id), "part": "skill", "title": "另一评分表",
        "file": file("评分表.xlsx", _sheet(known.pk)), "confirmed": "on",
    }  # fmt: skip
    return Posting(officer("X4"), given)


@body("marking:open_all")
def _open_all() -> Posting:
    """A room whose panel is still to be opened."""
    known = _room("skill")
    new = SessionRoom.objects.exclude(room=known.room).filter(session__part="skill")[0].room
    made = SessionRoom.objects.create(session=known.session, room=new, line=exam_batch().lines.order_by("-pk")[0])
    Seating.objects.create(session_room=made, application=f.application(exam_batch()), part="skill", seat=1)
    return Posting(officer("X3"), {}, {"pk": exam_batch().pk})


@body("marking:open_panel")
def _open_panel() -> Posting:
    return Posting(officer("X3"), {}, {"pk": _room("skill").pk})


@body("marking:draw")
def _draw() -> Posting:
    return Posting(officer("X3"), {"witness": "某"}, {"pk": _room("skill").pk})


def _panel() -> tuple[Account, PanelSheet]:
    """The leader of a panel, and a sheet before it."""
    sheet = PanelSheet.objects.filter(absent=False, part="skill").order_by("pk")[0]
    leader = Assignment.objects.get(session_room=sheet.seating.session_room_id, role="leader").member.account
    assert leader is not None
    return leader, sheet


@body("marking:settle")
def _settle() -> Posting:
    leader, sheet = _panel()
    return Posting(leader, {"chosen": [str(sheet.pk)], "note": "示例"}, {"pk": sheet.seating.session_room_id})


@body("marking:score")
def _score() -> Posting:
    leader, sheet = _panel()
    return Posting(leader, {"remarks": "示例"}, {"pk": sheet.pk})


@body("marking:written")
def _written() -> Posting:
    answer = WrittenAnswer.objects.order_by("-pk")[0]
    return Posting(_panel()[0], {"answer": str(answer.pk), "mark": "4"}, {"pk": exam_batch().pk})


@body("marking:witness")
def _witness() -> Posting:
    room = SkillDraw.objects.order_by("pk")[0].session_room_id
    return Posting(Account.objects.get(username="dudao01"), {}, {"pk": room})


@body("marking:again")
def _again() -> Posting:
    """A sheet of which a check was asked, before an examiner who did not mark it."""
    check = ScoreCheck.objects.filter(state="asked").order_by("pk")[0]
    ScoreCheck.objects.filter(pk=check.pk).update(part="skill")
    Batch.objects.filter(pk=exam_batch().pk).update(stage="check")
    sheet = PanelSheet.objects.get(application=check.result.application_id, part="skill")
    by = f.staff("R3")
    f.member("examiner", account=by, occupations=[check.result.application.line.scope_row.occupation])
    return Posting(by, {"remarks": "示例"}, {"pk": sheet.pk})


@body("results:step")
def _steps() -> list[Posting]:
    steps = (
        ("E9", "compute"), ("E9", "send-up"), ("E3", "release"), ("E3", "open-notice"), ("E3", "close-notice"),
    )  # fmt: skip
    return [Posting(officer(duty), {}, {"pk": exam_batch().pk, "name": name}) for duty, name in steps]


@body("certificates:number", "certificates:report")
def _certificates() -> Posting:
    return Posting(officer("E13"), {}, {"pk": exam_batch().pk})


@body("certificates:on_chosen")
def _on_chosen() -> list[Posting]:
    given = {"all": "1", "first_serial": "90000001", "to": "某班"}
    return [Posting(officer("E13"), given, {"pk": exam_batch().pk, "what": what}) for what in ("print", "hand-out")]


@body("certificates:batch_print")
def _print() -> Posting:
    given = {"layout": "inside", "handed_out": "again", "unregistered": "too", "reason": "示例"}
    return Posting(officer("E13"), given, {"pk": exam_batch().pk})


@body("certificates:numbers")
def _numbers() -> Posting:
    Centre.objects.update(number_source="imported")
    number = f"{Centre.objects.get().body_code}{clock.today().year % 100:02d}4900001"
    return Posting(officer("E13"), {"file": file("编号.csv", f"证书编号\n{number}\n".encode())})


@body("certificates:receive_blanks")
def _receive() -> Posting:
    given = {"first": "ZZ000001", "last": "ZZ000010", "received_on": "2026-01-05", "source": "示例"}
    return Posting(officer("E13"), given)


@body("certificates:spoil_blanks")
def _spoil() -> Posting:
    return Posting(officer("E13"), {"first": "ZY000001", "reason": "示例"})


def _spoiled(**fields: object) -> str:
    sheet = SpoiledSheet.objects.create(serial="ZX000001", reason="示例", at=clock.now(), by="示例", **fields)
    return str(sheet.pk)


@body("certificates:take_back")
def _take_back() -> Posting:
    return Posting(officer("E13"), {"chosen": _spoiled()})


@body("certificates:destroy_sheets")
def _destroy() -> Posting:
    given = {
        "destroyed_on": "2026-01-05",
        "how": "示例",
        "witness": "某某",
        "chosen": _spoiled(returned_at=clock.now()),
    }
    return Posting(officer("E13"), given)


@body("certificates:correct")
def _propose() -> Posting:
    certificate = Certificate.objects.order_by("-pk")[0]
    given = filled(CorrectionForm(certificate, "")) | {"name": "某某", "reason": "示例", "paper": file("证明.pdf", PDF)}
    return Posting(officer("E13"), given, {"pk": certificate.pk})


@body("archive:step")
def _archive() -> list[Posting]:
    batch = Batch.objects.annotate(people=Count("applications")).order_by("people")[0]
    Batch.objects.filter(pk=batch.pk).update(stage="archive")
    Volume.objects.filter(batch=batch).update(sealed_at=None)
    return [Posting(officer("E10"), {}, {"pk": batch.pk, "name": name}) for name in ("build", "seal")]


@body("gateway:deliver")
def _deliver() -> Posting:
    return Posting(officer("E5"))


@body("gateway:send_again")
def _send_again() -> Posting:
    return Posting(officer("E5"), {}, {"pk": OutboxMessage.objects.get(state="refused").pk})


@body("oversight:give")
def _give() -> Posting:
    stage = next(iter(CHECKLISTS))
    given = {f"verdict-{n}": "符合" for n in range(len(CHECKLISTS[stage]))}
    by = Account.objects.get(username="dudao01")
    return Posting(by, {**given, "findings": "示例", "verdict": "fair"}, {"pk": exam_batch().pk, "stage": stage})


plain("marking:written_decide", "X3", WrittenAnswer, mark="4", note="示例")
plain("results:answer_check", "E9", ScoreCheck, finding="维持")
plain("results:confirm_check", "L2", ScoreCheck)
plain("results:lapse_exemption", "E9", Result, part="theory", reason="示例")
plain("certificates:decide_right", "L2", Application, verdict="withhold", reason="示例")
plain("certificates:correction", "L2", Correction, verdict="reject", remark="示例")
plain("certificates:report_change", "E13", Change)
plain("results:answer_objection", "Q6", Objection, answer="已核实")
plain("certificates:reprint", "E13", Certificate, first_serial="90000001", reason="破损")
plain("certificates:withdraw", "L2", Certificate, reason="示例", ground="other")


@body("results:answer_objections")
def _together() -> Posting:
    raised = Objection.objects.order_by("pk")[0]
    return Posting(officer("Q6"), {"chosen": [str(raised.pk)], "reason": "示例"}, {"pk": raised.notice_id})
