"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.batches.models import Batch
from assay.certificates.printing import issue_list, pass_list
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts


def issued(batch: Batch) -> Iterator[VolumePart]:
    yield VolumePart("合格人员成绩及证书编号名册.pdf", pass_list(batch))
    yield VolumePart("证书核发登记表.pdf", issue_list(batch))


add_volume_parts(VolumeKind.CERTIFICATES, 20, issued)
