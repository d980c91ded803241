"""What each volume of a batch holds (work plan §四(一)9; rules.md §9), drawn from the rooms below."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import Prefetch

from assay.applications.models import Application, Evidence, Exemption
from assay.applications.printing import FOR_SCHOOL, application_form, review_summary
from assay.arrangement.printing import door_lists, for_papers, sign_in_sheets
from assay.batches.models import Batch
from assay.batches.stages import ROUTES
from assay.certificates.printing import issue_list
from assay.exam.answer_sheets import answer_sheets
from assay.exam.answer_sheets import for_printing as theory_sheets
from assay.exam.models import TheorySheet
from assay.exam.printing import for_printing, room_records
from assay.exam.registers import openings_register, readiness_register
from assay.filing.printing import decisions_form, filing_form
from assay.kernel import files
from assay.kernel.contributions import VolumePart, VolumeSource, add_volumes
from assay.kernel.refusals import Refused
from assay.marking.printing import draws_register, score_sheets
from assay.marking.queries import sheets_for_printing
from assay.oversight.printing import feedback_forms
from assay.results.printing import check_list, notice_list, objections_register, reports_register, result_list

CHUNK = 200
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
ALL = tuple(ROUTES)


def _registration(batch: Batch) -> Iterator[VolumePart]:
    """What was decided of everybody; then of those admitted the school's copy of 备案表, in files of two hundred, and evidence."""
    yield VolumePart("资格审核汇总表.pdf", review_summary(batch))
    applications = list(
        Application.objects.filter(batch=batch, state="approved")
        .select_related(
            "applicant__department", "applicant__major", "applicant__photo", "batch", "condition", "result", "certificate",
            "line__scope_row__occupation", "line__level",
        )
        .prefetch_related("decisions", "exemptions__file", Prefetch("evidence", Evidence.objects.select_related("file").order_by("pk")))
        .order_by("line__scope_row__no", "applicant__sort_key", "pk")
    )  # fmt: skip
    for start in range(0, len(applications), CHUNK):
        part = applications[start : start + CHUNK]
        yield VolumePart(f"备案表（{start + 1}-{start + len(part)}）.pdf", application_form(part, [FOR_SCHOOL]))
    for application in applications:
        yield from _evidence(application)


def _evidence(application: Application) -> Iterator[VolumePart]:
    """The papers that an application relies on: what was handed in with it, and what its exemptions name."""
    papers: list[tuple[Evidence | Exemption, str]] = [
        (evidence, evidence.title) for evidence in application.evidence.all()
    ]
    papers += [(exemption, f"{exemption.get_part_display()}免考") for exemption in application.exemptions.all()]
    for n, (evidence, title) in enumerate(papers, start=1):
        whose = f"{application.applicant.name} {application.pk}-{n} {title[:40]}"
        try:
            content = files.read(evidence.file_id)
        except (FileNotFoundError, Refused) as lost:
            raise Refused(
                f"证明材料“{whose}”的文件丢失或已损坏，请先重新上传或恢复备份", "工作方案 四(一)9(1)"
            ) from lost
        kind = evidence.file.content_type
        yield VolumePart(f"证明材料 {whose}{SUFFIXES[kind]}", content, kind)


def _filing(batch: Batch) -> Iterator[VolumePart]:
    for filing in batch.filings.order_by("version"):
        yield VolumePart(f"认定计划申报表第{filing.version}版.pdf", filing_form(filing))
    yield VolumePart("认定计划审批情况登记表.pdf", decisions_form(batch))


def _process(batch: Batch) -> Iterator[VolumePart]:
    rooms = list(for_papers().filter(session__batch=batch))
    if rooms:
        yield VolumePart("考场门贴.pdf", door_lists(rooms))
        yield VolumePart("签到表.pdf", sign_in_sheets(rooms))
    yield VolumePart("考前检查登记表.pdf", readiness_register(batch))
    yield VolumePart("理论试卷启封与收卷登记表.pdf", openings_register(batch))
    yield VolumePart("操作技能试卷抽签登记表.pdf", draws_register(batch))
    records = list(for_printing().filter(session_room__session__batch=batch))
    if records:
        yield VolumePart("考场记录表.pdf", room_records(records))


def _papers(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("认定成绩汇总表.pdf", result_list(batch))
    sheets = list(sheets_for_printing().filter(application__batch=batch))
    for start in range(0, len(sheets), CHUNK):
        part = sheets[start : start + CHUNK]
        yield VolumePart(f"评分记录表（{start + 1}-{start + len(part)}）.pdf", score_sheets(part))
    theory = TheorySheet.objects.filter(application__batch=batch).select_related("application__ticket")
    theory = theory.prefetch_related("written__marks").order_by("application__ticket__number")
    answers = [_answers(sheet) for sheet in theory]
    for start in range(0, len(answers), CHUNK):
        part_sheets = theory_sheets().filter(application__batch=batch)[start : start + CHUNK]
        yield VolumePart(f"理论知识考试答卷（{start + 1}-{start + len(part_sheets)}）.pdf", answer_sheets(part_sheets))
    yield VolumePart("成绩上报与审核登记表.pdf", reports_register(batch))
    yield VolumePart("成绩复核登记表.pdf", check_list(batch))
    if answers:
        content = json.dumps(answers, ensure_ascii=False, indent=1).encode()
        yield VolumePart("理论知识考核电子成绩表及作答.json", content, "application/json")


def _answers(sheet: TheorySheet) -> dict[str, object]:
    return {
        "ticket": sheet.application.ticket.number,
        "absent": sheet.absent,
        "mark": None if sheet.mark is None else str(sheet.mark),
        "digest": sheet.sheet_digest,
        "answers": sheet.answers,
        "written": [
            {
                "item": str(answer.item), "full": str(answer.full), "mark": None if answer.mark is None else str(answer.mark),
                "examiners": [str(m.mark) for m in answer.marks.all()], "note": answer.note,
            }
            for answer in sheet.written.all()
        ],
    }  # fmt: skip


def _certificates(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("公示名单.pdf", notice_list(batch.notice))
    yield VolumePart("公示异议登记表.pdf", objections_register(batch))
    yield VolumePart("证书核发登记表.pdf", issue_list(batch))


def _supervision(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart(
        "督导情况反馈表.pdf", feedback_forms(list(batch.feedback.select_related("batch", "member").order_by("at")))
    )


add_volumes(
    VolumeSource("1-registration", "报名与资格审核卷", "工作方案 四(一)9(1)", ALL, _registration),
    VolumeSource("2-filing", "备案卷", "工作方案 四(一)4", ("exam",), _filing),
    VolumeSource("3-process", "考务实施卷", "工作方案 四(一)9(2)", ("exam",), _process),
    VolumeSource("4-results", "试卷与成绩卷", "工作方案 四(一)9(2)(3)", ("exam",), _papers),
    VolumeSource("5-certificates", "证书卷", "工作方案 四(一)9(3)", ALL, _certificates),
    VolumeSource("6-supervision", "督导卷", "工作方案 四(一)9(5)", ("exam",), _supervision),
)
