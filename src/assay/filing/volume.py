"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.batches.models import Batch
from assay.filing.printing import decisions_form, filing_form
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts


def filed(batch: Batch) -> Iterator[VolumePart]:
    for filing in batch.filings.order_by("version"):
        yield VolumePart(f"认定计划申报表第{filing.version}版.pdf", filing_form(filing))
    yield VolumePart("认定计划审批情况登记表.pdf", decisions_form(batch))


add_volume_parts(VolumeKind.FILING, 10, filed)
