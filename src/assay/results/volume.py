"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.batches.models import Batch
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts
from assay.results.printing import check_list, notice_list, objections_register, reports_register, result_list


def results(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("认定成绩汇总表.pdf", result_list(batch))


def reports_and_checks(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("成绩上报与审核登记表.pdf", reports_register(batch))
    yield VolumePart("成绩复核登记表.pdf", check_list(batch))


def notice(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("公示名单.pdf", notice_list(batch.notice))
    yield VolumePart("公示异议登记表.pdf", objections_register(batch))


add_volume_parts(VolumeKind.RESULTS, 10, results)
add_volume_parts(VolumeKind.RESULTS, 40, reports_and_checks)
add_volume_parts(VolumeKind.CERTIFICATES, 10, notice)
