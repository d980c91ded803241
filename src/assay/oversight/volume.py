"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.batches.models import Batch
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts
from assay.oversight.printing import feedback_forms


def feedback(batch: Batch) -> Iterator[VolumePart]:
    found = batch.feedback.select_related("batch", "member").order_by("at")
    yield VolumePart("督导情况反馈表.pdf", feedback_forms(list(found)))


add_volume_parts(VolumeKind.SUPERVISION, 10, feedback)
