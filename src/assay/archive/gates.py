"""What keeps a batch from being closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.archive.models import Volume
from assay.archive.volumes import unsealed
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel.gates import counts, gate
from assay.kernel.refusals import Blocker

CLAUSE = "工作方案 四(一)9"


@gate(Stage.ARCHIVE)
def every_volume_is_sealed(batch: Batch) -> Iterator[Blocker]:
    link = reverse("archive:batch", args=[batch.pk])
    open_ones = [source.title for source in unsealed(batch)]
    if open_ones:
        yield Blocker(f"未封卷：{'、'.join(open_ones)}", CLAUSE, "E10", link, len(open_ones))


@counts(Stage.ARCHIVE, Stage.CLOSED)
def volumes(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "档案卷", Volume.objects.filter(batch=batch).count()
