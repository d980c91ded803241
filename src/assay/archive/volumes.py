"""The volumes of a batch (work plan §四(一)9; rules.md §9). What lies in them is brought by the rooms."""

from __future__ import annotations

from functools import partial

from assay.archive.models import Volume
from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.kernel import contributions
from assay.kernel.contributions import VolumeKind, VolumeSource, parts_of

ALL = tuple(Route)


def volumes_of(batch: Batch) -> list[VolumeSource]:
    """The volumes that a batch of its route has."""
    return [source for source in contributions.volumes if batch.route in source.routes]


def unsealed(batch: Batch) -> list[VolumeSource]:
    """Those of them that are not sealed, bound or not."""
    sealed = set(Volume.objects.filter(batch=batch).exclude(sealed_at=None).values_list("kind", flat=True))
    return [source for source in volumes_of(batch) if source.kind not in sealed]


def _volume(kind: VolumeKind, title: str, clause: str, routes: tuple[str, ...]) -> VolumeSource:
    return VolumeSource(kind, title, clause, routes, partial(parts_of, kind))


VOLUMES = (
    _volume(VolumeKind.REGISTRATION, "报名与资格审核卷", "工作方案 四(一)9(1)", ALL),
    _volume(VolumeKind.FILING, "备案卷", "工作方案 四(一)4", (Route.EXAM,)),
    _volume(VolumeKind.PROCESS, "考务实施卷", "工作方案 四(一)9(2)", (Route.EXAM,)),
    _volume(VolumeKind.RESULTS, "试卷与成绩卷", "工作方案 四(一)9(2)、四(一)9(3)", (Route.EXAM,)),
    _volume(VolumeKind.CERTIFICATES, "证书卷", "工作方案 四(一)9(3)", ALL),
    _volume(VolumeKind.SUPERVISION, "督导卷", "工作方案 四(一)9(5)", (Route.EXAM,)),
)
