"""Results, the public notice, certificates and the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from assay.applications.acts.correcting import correct_applicant
from assay.applications.models import Application, ReviewDecision
from assay.archive import acts as archive
from assay.archive.models import Volume, VolumeDocument
from assay.archive.printing import COVER
from assay.batches import acts as batches
from assay.batches.models import Batch
from assay.catalogue.models import DirectMapping
from assay.certificates.acts import blanks as sheets
from assay.certificates.acts import correcting, numbering, telling
from assay.certificates.acts import issuing as certificates
from assay.certificates.acts import printing as drawing
from assay.certificates.layouts import Layout
from assay.certificates.models import BlankReceipt, Certificate, Change, Correction, GivenNumber, SpoiledSheet
from assay.kernel import clock, contributions, files
from assay.results.acts import checks, notices
from assay.results.acts import outcomes as results
from assay.results.models import Objection, PublicNotice, Result, ResultReport, ScoreCheck
from tests import factories as f
from tests.races.deeds import SYSTEM, Deed, People, deed, world
from tests.races.worlds.applying import PDF, applied

_numbers = count(1)


def sat(people: People, stage: str, **fields: Any) -> Result:
    """A candidate of the exam route whose results were put together."""
    batch = f.batch(stage=stage, lines=[(people.kept("row", f.scope_row), "4", 10)])
    return Result.objects.create(
        **{
            "application": f.application(batch), "batch": batch, "theory": Decimal(80), "skill": Decimal(50), "outcome": "fail",
            "computed_at": clock.now(), **fields,
        }
    )  # fmt: skip


def reported(batch: Batch, state: str) -> ResultReport:
    return ResultReport.objects.create(
        batch=batch, version=1, digest="0" * 64, count=1, sent_at=clock.now() - timedelta(hours=1), state=state
    )


@world("results.compute", "results.send_up", "results.lapse_exemption")
def results_to_be_sent(people: People) -> Iterator[Deed]:
    result = sat(people, "results", skill=None, outcome="incomplete")
    application = result.application
    application.skill = "exempt"
    application.save()
    done = sat(people, "results")
    yield deed(people("E9"), results.compute, result.batch)
    yield deed(people("E9"), results.lapse_exemption, result, part="skill", reason="没有依据")
    yield deed(people("E9"), results.send_up, result.batch)
    yield deed(people("E9"), results.send_up, done.batch, said="of another batch")


@world("results.compute", "results.send_up", "results.record_answer", "results.release")
def results_before_the_province(people: People) -> Iterator[Deed]:
    batch = sat(people, "results").batch
    report = reported(batch, "sent")
    answer = {"reason": "分数有疑", "at": clock.now()}
    yield deed(people("E9"), results.record_answer, report, state="approved", **answer, said="approved")
    yield deed(people("E9"), results.record_answer, report, state="returned", **answer, said="returned")
    yield deed(people("E9"), results.compute, batch)
    yield deed(people("E9"), results.send_up, batch)
    yield deed(people("E9"), results.release, batch)


@world("results.release", "batches.advance")
def results_approved(people: People) -> Iterator[Deed]:
    batch = sat(people, "results").batch
    reported(batch, "approved")
    yield deed(people("E9"), results.release, batch)
    yield deed(people("E1"), batches.advance, batch)


@world("results.ask_check", "results.answer_check")
def results_released(people: People) -> Iterator[Deed]:
    result = sat(people, "check", released_at=clock.now() - timedelta(days=30))
    reported(result.batch, "approved")
    asked = {"asked_at": clock.now(), "before": Decimal(50), "reason": "少算了"}
    check = ScoreCheck.objects.create(result=result, part="skill", **asked)
    recent = sat(people, "check", released_at=clock.now())
    yield deed(people("E9"), checks.answer_check, check, finding="无误")
    yield deed(people("E3"), results.ask_check, recent, part="theory", reason="少算了")


@world("results.confirm_check", "results.send_back_check", "results.answer_check", "batches.advance")
def check_answered(people: People) -> Iterator[Deed]:
    result = sat(people, "check", released_at=clock.now() - timedelta(days=30))
    reported(result.batch, "approved")
    by = people("E9")[0]
    check = ScoreCheck.objects.create(
        result=result, part="skill", reason="少算了", asked_at=clock.now(), before=Decimal(50), state="answered",
        finding="少算", by=by.name, by_account_id=by.account_id, answered_at=clock.now(),
    )  # fmt: skip
    yield deed(people("L2"), checks.confirm_check, check)
    yield deed(people("L2"), checks.send_back_check, check, reason="未附依据")
    yield deed(people("E9"), checks.answer_check, check, finding="无误")
    yield deed(people("E1"), batches.advance, result.batch)


def admitted(people: People, stage: str) -> Application:
    """Somebody of the direct route, rightly reviewed by two people."""

    def mapped() -> Any:
        row = f.scope_row(levels="4")
        DirectMapping.objects.create(
            scope_row=row, level=f.level(), certificate="示例 1+X 证书", certificate_level="中级", document_no="文〔1〕"
        )
        return row

    batch = f.batch("direct", stage, lines=[(people.kept("direct", mapped), "4", 10)])
    application = applied(people, batch, "approved")
    application.route_facts = {"certificate": "示例 1+X 证书", "certificate_level": "中级", "number": "X1"}
    application.save()
    for step in ("first", "centre"):
        ReviewDecision.objects.create(application=application, step=step, verdict="pass", by=step, at=clock.now())
    return application


def noticed(batch: Batch, *, ends: int, closed: bool = False) -> PublicNotice:
    today = clock.today()
    return PublicNotice.objects.create(
        batch=batch, title="公示", starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=ends),
        rows=notices.notice_rows(batch), digest="0" * 64, closed_at=clock.now() if closed else None,
    )  # fmt: skip


def passed(application: Application) -> Result:
    return Result.objects.create(
        application=application, batch=application.batch, outcome="pass", computed_at=clock.now()
    )


@world("results.compute", "results.open_notice")
def notice_to_be_opened(people: People) -> Iterator[Deed]:
    application = admitted(people, "notice")
    passed(application)
    yield deed(people("E9"), results.compute, application.batch)
    yield deed(people("E3"), notices.open_notice, application.batch)


@world(
    "results.raise_objection", "results.answer_objection", "results.answer_objections", "results.close_notice",
    "batches.advance",
)  # fmt: skip
def notice_that_ends(people: People) -> Iterator[Deed]:
    """Three notices: one is up to its last day, two are over, the last of them without an objection."""
    up, over, quiet = (admitted(people, "notice") for _ in range(3))
    for application in (up, over, quiet):
        passed(application)
    notice, former = noticed(up.batch, ends=0), noticed(over.batch, ends=-1)
    noticed(quiet.batch, ends=-1)
    said = {"name": "某人", "contact": "电话", "text": "名单有误"}
    objection = Objection.objects.create(notice=former, at=clock.now(), **said)
    yield deed(people("E3"), notices.raise_objection, notice, **said)
    yield deed(people("Q6"), notices.answer_objection, objection, answer="查无此事")
    yield deed(people("Q6"), notices.answer_objections, former, [objection.pk], reason="查无此事")
    yield deed(people("E3"), notices.close_notice, over.batch)
    yield deed(people("E3"), notices.close_notice, quiet.batch, said="without an objection")
    yield deed(people("E1"), batches.advance, quiet.batch)


@world("certificates.number", "certificates.decide_right", "batches.advance", "applications.correct_applicant")
def certificates_to_be_numbered(people: People) -> Iterator[Deed]:
    f.centre()
    application = admitted(people, "certificates")
    passed(application)
    noticed(application.batch, ends=-1, closed=True)
    yield deed(people("E13"), certificates.number, application.batch)
    yield deed(people("L2"), certificates.decide_right, application, verdict="withhold", reason="有疑问")
    yield deed(people("E4"), correct_applicant, application, {"name": "改名"}, reason="姓名有误")
    yield deed(people("E1"), batches.advance, application.batch)


@world("certificates.import_numbers", "certificates.number")
def certificates_numbered_by_the_province(people: People) -> Iterator[Deed]:
    f.centre(number_source="imported")
    application = admitted(people, "certificates")
    passed(application)
    noticed(application.batch, ends=-1, closed=True)
    year = clock.today().year
    given = [f"S000041000123{year % 100:02d}4{next(_numbers):06d}" for _ in range(3)]
    fields = {"year": year, "level_code": "4", "source": "示例", "by": "示例", "at": clock.now()}
    GivenNumber.objects.create(number=given[0], **fields)
    yield deed(people("E13"), numbering.import_numbers, given=given[1:], source="示例")
    yield deed(people("E13"), certificates.number, application.batch)


def a_certificate(people: People, application: Application, **fields: Any) -> Certificate:
    n, person = next(_numbers), application.applicant
    return Certificate.objects.create(
        **{
            "application": application, "number": f"S00004100012326{4}{n:06d}", "name": person.name, "id_type": person.id_type,
            "id_number": person.id_number, "id_index": person.id_index, "occupation_code": "4", "occupation": "示例",
            "level_code": "4", "level_title": "四级", "issued_on": clock.today(), **fields,
        }
    )  # fmt: skip


@world(
    "certificates.print_certificates", "certificates.withdraw", "certificates.report", "certificates.propose_correction"
)
def certificate_to_be_printed(people: People) -> Iterator[Deed]:
    application = admitted(people, "certificates")
    passed(application)
    one = a_certificate(people, application)
    other = a_certificate(people, applied(people, application.batch, "approved"))
    serial = f"{next(_numbers):08d}"
    yield deed(people("E13"), certificates.print_certificates, [one], first_serial=serial, said="one")
    yield deed(people("E13"), certificates.print_certificates, [other], first_serial=serial, said="the other")
    yield deed(people("L2"), certificates.withdraw, one, reason="核发有误", ground="mistaken")
    yield deed(people("E13"), certificates.report, application.batch)
    yield deed(people("E13"), correcting.propose_correction, one, printed={"name": "改名"}, reason="误印", paper=PDF)


@world(
    "certificates.hand_out", "certificates.withdraw", "certificates.print_certificates", "certificates.propose_correction",
    "certificates.mark_reported", "certificates.draw",
)  # fmt: skip
def certificate_printed(people: People) -> Iterator[Deed]:
    application = admitted(people, "certificates")
    passed(application)
    one = a_certificate(people, application, print_serial=f"{next(_numbers):07d}", printed_times=1)
    yield deed(people("E13"), certificates.hand_out, [one])
    yield deed(people("L2"), certificates.withdraw, one, reason="核发有误", ground="mistaken")
    yield deed(
        people("E13"), certificates.print_certificates, [one], first_serial=f"{next(_numbers):08d}", reason="污损"
    )
    yield deed(people("E13"), correcting.propose_correction, one, printed={"name": "改名"}, reason="误印", paper=PDF)
    yield deed(SYSTEM, certificates.mark_reported, application.batch, accepted=[one.number], refused={})
    f.centre(is_demo=True)
    drawn = drawing.Drawn(Layout.INSIDE, PDF, ((one.number, 1, one.print_serial),))
    yield deed(people("E13"), drawing.draw, application.batch, drawn, again=True, reason="示例")


@world(
    "certificates.receive_blanks", "certificates.spoil_blanks", "certificates.take_back", "certificates.destroy_sheets",
    "certificates.print_certificates",
)  # fmt: skip
def sheets_in_stock(people: People) -> Iterator[Deed]:
    """Five came in; one was spoiled here, one is with its holder."""
    f.centre()
    application = admitted(people, "certificates")
    one, n = a_certificate(people, application), next(_numbers)
    first, other = f"W{n}000001", f"V{n}000001"
    receipt = {"last": f"W{n}000005", "count": 5, "received_on": clock.today(), "source": "示例", "by": "示例"}
    BlankReceipt.objects.create(first=first, at=clock.now(), **receipt)
    here, outside = (
        SpoiledSheet.objects.create(serial=f"U{n}00000{k}", reason="示例", at=clock.now(), by="示例", returned_at=at)
        for k, at in enumerate((clock.now(), None))
    )
    given = {"received_on": clock.today(), "source": "示例"}
    yield deed(people("E13"), sheets.receive_blanks, first=other, last=f"V{n}000003", **given)
    yield deed(people("E13"), sheets.spoil_blanks, first=first, last="", reason="受潮")
    yield deed(people("E13"), certificates.print_certificates, [one], first_serial=first)
    yield deed(people("E13"), sheets.take_back, [outside])
    destroyed = {"destroyed_on": clock.today(), "how": "碎纸", "witness": "某某"}
    yield deed(people("E13"), sheets.destroy_sheets, [here], **destroyed)


@world("certificates.decide_correction", "certificates.withdraw", "certificates.print_certificates", "batches.advance")
def correction_proposed(people: People) -> Iterator[Deed]:
    application = admitted(people, "certificates")
    passed(application)
    one = a_certificate(
        people, application, print_serial=f"{next(_numbers):07d}", printed_times=1, reported=True, state="issued"
    )
    by = people("E13")[0]
    correction = Correction.objects.create(
        certificate=one, before='{"name": "' + one.name + '"}', after='{"name": "改名"}', reason="误印", paper=files.keep(PDF),
        proposed_by=by.name, proposed_account_id=by.account_id, proposed_at=clock.now(),
    )  # fmt: skip
    yield deed(people("L2"), correcting.decide_correction, correction, approve=True, said="approve")
    yield deed(people("L2"), correcting.decide_correction, correction, approve=False, remark="不必", said="leave")
    yield deed(people("L2"), certificates.withdraw, one, reason="核发有误", ground="mistaken")
    yield deed(
        people("E13"), certificates.print_certificates, [one], first_serial=f"{next(_numbers):08d}", reason="污损"
    )
    yield deed(people("E1"), batches.advance, application.batch)


@world("certificates.decide_right", "certificates.number")
def certificate_withdrawn(people: People) -> Iterator[Deed]:
    f.centre()
    application = admitted(people, "closed")
    passed(application)
    noticed(application.batch, ends=-1, closed=True)
    a_certificate(
        people,
        application,
        state="withdrawn",
        withdrawn_at=clock.now() - timedelta(hours=1),
        withdrawn_ground="mistaken",
    )
    yield deed(people("L2"), certificates.decide_right, application, verdict="again", reason="已更正")
    yield deed(
        people("L2"), certificates.decide_right, application, verdict="withhold", reason="待查", said="keep back"
    )
    yield deed(people("E13"), certificates.number, application.batch)


@world("certificates.report_change", "certificates.mark_changes_reported", "certificates.withdraw")
def change_that_the_province_refused(people: People) -> Iterator[Deed]:
    application = admitted(people, "certificates")
    one = a_certificate(people, application, print_serial=f"{next(_numbers):07d}", printed_times=2, reported=True)
    change = Change.objects.create(
        certificate=one, sequence=1, kind="reprinted", reason="污损", at=clock.now(), sendings=1, refusal="流水码有误"
    )
    yield deed(people("E13"), telling.report_change, change)
    yield deed(SYSTEM, telling.mark_changes_reported, application.batch, accepted={one.number: 1}, refused={})
    yield deed(people("L2"), certificates.withdraw, one, reason="核发有误", ground="mistaken")


@world("archive.build", "archive.seal", "batches.advance")
def archive_of_a_batch(people: People) -> Iterator[Deed]:
    application = admitted(people, "archive")
    batch = application.batch
    sources = [source for source in contributions.volumes if batch.route in source.routes]
    kept = files.keep(PDF)
    for source in sources:
        volume = Volume.objects.create(batch=batch, kind=source.kind, title=source.title, digest="0" * 64)
        for position, name in enumerate((COVER, "甲.pdf")):
            VolumeDocument.objects.create(volume=volume, position=position, name=name, file=kept)
    drawn = [archive.Drawn(sources[0], "0" * 64, [(COVER, kept), ("乙.pdf", kept)])]
    yield deed(people("E10"), archive.build, batch, drawn)
    yield deed(people("E10"), archive.seal, batch)
    yield deed(people("E1"), batches.advance, batch)
