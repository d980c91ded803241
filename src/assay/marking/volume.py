"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.batches.models import Batch
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts, in_files
from assay.marking.printing import draws_register, score_sheets
from assay.marking.queries import sheets_for_printing


def draws(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("操作技能试卷抽签登记表.pdf", draws_register(batch))


def sheets(batch: Batch) -> Iterator[VolumePart]:
    yield from in_files("评分记录表", list(sheets_for_printing().filter(application__batch=batch)), score_sheets)


add_volume_parts(VolumeKind.PROCESS, 30, draws)
add_volume_parts(VolumeKind.RESULTS, 20, sheets)
