"""Volumes of a batch: built from what the rooms contribute, then sealed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from assay.archive.models import Volume, VolumeDocument
from assay.batches.models import Batch
from assay.centre import parameters
from assay.kernel import contributions, files
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)9"


@act("archive.build", duty="E10", title="组卷归档", clause="四(一)9")
def build(ctx: Context, batch: Batch) -> list[Volume]:
    """Make (again) every volume of the batch from what the rooms contribute for its route; sealed ones stay."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.stage != "archive":
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，还不能归档", CLAUSE)
    volumes = []
    for source in contributions.volumes:
        if batch.route not in source.routes:
            continue
        volume, _ = Volume.objects.get_or_create(
            batch=batch, kind=source.kind, defaults={"title": source.title, "clause": source.clause}
        )
        if volume.sealed_at is None:
            _fill(ctx, volume, source)
        volumes.append(volume)
    return volumes


def _fill(ctx: Context, volume: Volume, source: contributions.VolumeSource) -> None:
    for pk in volume.documents.values_list("pk", flat=True):
        ctx.record_removed(VolumeDocument, pk)
    volume.documents.all().delete()
    documents = VolumeDocument.objects.bulk_create(
        [
            VolumeDocument(volume=volume, position=n, name=part.name, file=files.keep(part.content, part.content_type))
            for n, part in enumerate(source.parts(volume.batch), start=1)
        ]
    )
    volume.title, volume.clause = source.title, source.clause
    volume.digest = sha256("\n".join(d.file_id for d in documents).encode()).hexdigest()
    volume.save()
    ctx.record(volume)
    ctx.record_all(documents)


@act("archive.seal", duty="E10", title="封卷", clause="四(一)9")
def seal(ctx: Context, batch: Batch) -> list[Volume]:
    """Seal every volume of the batch; from then on it is only read. Kept for the years set."""
    volumes = list(Volume.objects.select_for_update().filter(batch=batch, sealed_at=None).order_by("kind"))
    expected = {s.kind for s in contributions.volumes if batch.route in s.routes}
    missing = expected - set(Volume.objects.filter(batch=batch).values_list("kind", flat=True))
    if missing or not volumes:
        raise Refused("请先组卷" if missing else "本批次档案已封卷", CLAUSE)
    empty = [v.title for v in volumes if not v.documents.exists()]
    if empty:
        raise Refused(f"卷内没有文件：{'、'.join(empty)}", CLAUSE)
    day = today()
    for volume in volumes:
        volume.sealed_at, volume.keep_until = ctx.at, _years_on(day, parameters.number("archive.electronic_years"))
    Volume.objects.bulk_update(volumes, ["sealed_at", "keep_until"])
    ctx.record_all(volumes)
    return volumes


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
