"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Prefetch

from assay.applications.models import Application, Evidence, Exemption
from assay.applications.printing import FOR_SCHOOL, application_form, review_summary
from assay.batches.models import Batch
from assay.kernel import files
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts, in_files
from assay.kernel.refusals import Refused

SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def registration(batch: Batch) -> Iterator[VolumePart]:
    """What was decided of everybody; then of those admitted the school's copy of 备案表, in files of two hundred, and evidence."""
    yield VolumePart("资格审核汇总表.pdf", review_summary(batch))
    applications = list(
        Application.objects.approved().filter(batch=batch)
        .select_related(
            "applicant__department", "applicant__major", "applicant__photo", "batch", "condition", "result",
            "line__scope_row__occupation", "line__level",
        )
        .prefetch_related("decisions", "exemptions__file")
        .prefetch_related(Prefetch("evidence", Evidence.objects.select_related("file").order_by("pk")))
        .order_by("line__scope_row__no", "applicant__sort_key", "pk")
    )  # fmt: skip
    yield from in_files("备案表", applications, partial(application_form, copies=[FOR_SCHOOL]))
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


add_volume_parts(VolumeKind.REGISTRATION, 10, registration)
