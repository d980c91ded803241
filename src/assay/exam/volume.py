"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from assay.batches.models import Batch
from assay.exam.answer_sheets import answer_sheets, for_printing
from assay.exam.models import TheorySheet
from assay.exam.printing import for_printing as records_for_printing
from assay.exam.printing import room_records
from assay.exam.registers import openings_register, readiness_register
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts, in_files


def before_the_exam(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("考前检查登记表.pdf", readiness_register(batch))
    yield VolumePart("理论试卷启封与收卷登记表.pdf", openings_register(batch))


def records(batch: Batch) -> Iterator[VolumePart]:
    found = list(records_for_printing().filter(session_room__session__batch=batch))
    if found:
        yield VolumePart("考场记录表.pdf", room_records(found))


def sheets(batch: Batch) -> Iterator[VolumePart]:
    yield from in_files("理论知识考试答卷", list(for_printing().filter(application__batch=batch)), answer_sheets)


def answers(batch: Batch) -> Iterator[VolumePart]:
    theory = TheorySheet.objects.filter(application__batch=batch).select_related("application__ticket")
    theory = theory.prefetch_related("written__marks").order_by("application__ticket__number")
    found = [_answers(sheet) for sheet in theory]
    if found:
        content = json.dumps(found, ensure_ascii=False, indent=1).encode()
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


add_volume_parts(VolumeKind.PROCESS, 20, before_the_exam)
add_volume_parts(VolumeKind.PROCESS, 40, records)
add_volume_parts(VolumeKind.RESULTS, 30, sheets)
add_volume_parts(VolumeKind.RESULTS, 50, answers)
