"""Volumes of a batch: built from what the rooms contribute, then sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from assay.archive.models import Volume, VolumeDocument
from assay.archive.printing import COVER, cover
from assay.archive.volumes import unsealed, volumes_of
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre import parameters
from assay.kernel import citing, contributions, files
from assay.kernel.acts import Actor, Context, act, declaration_of, require
from assay.kernel.clock import today
from assay.kernel.models import StoredFile
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)9"


@dataclass(frozen=True)
class Drawn:
    """A volume's documents as drawn up and kept, each with its file name, the cover first; not bound yet. `before` is the
    volume's digest when the drawing began, empty for a first time."""

    source: contributions.VolumeSource
    before: str
    documents: list[tuple[str, StoredFile]]


def assemble(actor: Actor, batch: Batch) -> list[Volume]:
    """Draw up what the rooms contribute, then bind it. Drawing the papers of a thousand people takes the better part of
    a minute: it is done before the act, so that nobody else's writing waits for it."""
    require(actor, declaration_of(build))
    batch = Batch.objects.get(pk=batch.pk)
    require_open(batch)
    there = {volume.kind: volume for volume in Volume.objects.filter(batch=batch)}
    before = {kind: volume.digest for kind, volume in there.items()}
    return build(
        actor,
        batch,
        [_draw(batch, source, before.get(source.kind, "")) for source in map(_by_the_basis, unsealed(batch))],
    )


def _by_the_basis(source: contributions.VolumeSource) -> contributions.VolumeSource:
    """What asks for the volume as people read it today: cover and row keep that, whatever the basis of the rules becomes."""
    return replace(source, clause=citing.cited(source.clause))


def _draw(batch: Batch, source: contributions.VolumeSource, before: str) -> Drawn:
    kept = [(part.name, files.keep(part.content, part.content_type)) for part in source.parts(batch)]
    return Drawn(source, before, [(COVER, files.keep(cover(batch, source, kept))), *kept])


def require_open(batch: Batch) -> None:
    """Raises Refused unless volumes of the batch are to be bound."""
    if batch.stage != Stage.ARCHIVE:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，还不能归档", CLAUSE)
    if not unsealed(batch):
        raise Refused("本批次档案已封卷", CLAUSE)


@act("archive.build", duty="E10", title="组卷归档", clause="四(一)9", guard=require_open)
def build(ctx: Context, batch: Batch, drawn: Iterable[Drawn]) -> list[Volume]:
    """Make (again) the volumes that were drawn up; one that was sealed meanwhile stays as it is."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_open(batch)
    volumes = []
    for one in drawn:
        title, clause = one.source.title, one.source.clause
        volume, _ = Volume.objects.get_or_create(
            batch=batch, kind=one.source.kind, defaults={"title": title, "clause": clause}
        )
        if volume.sealed_at is None:
            if volume.digest != one.before:
                raise Refused(f"“{title}”刚由他人重新组卷，请看过再组", CLAUSE)
            volume.title, volume.clause = title, clause
            _bind(ctx, volume, one.documents)
            volumes.append(volume)
    return volumes


def _bind(ctx: Context, volume: Volume, kept: list[tuple[str, StoredFile]]) -> None:
    for pk in volume.documents.values_list("pk", flat=True):
        ctx.record_removed(VolumeDocument, pk)
    volume.documents.all().delete()
    documents = VolumeDocument.objects.bulk_create(
        [VolumeDocument(volume=volume, position=n, name=name, file=file) for n, (name, file) in enumerate(kept)]
    )
    volume.digest = sha256("\n".join(d.file_id for d in documents).encode()).hexdigest()
    volume.save()
    ctx.record(volume)
    ctx.record_all(documents)


def require_bound(batch: Batch) -> None:
    """Raises Refused unless every volume of the batch is bound and has its cover, and some are not sealed yet."""
    volumes = list(Volume.objects.filter(batch=batch, sealed_at=None).order_by("kind").prefetch_related("documents"))
    there = set(Volume.objects.filter(batch=batch).values_list("kind", flat=True))
    missing = {source.kind for source in volumes_of(batch)} - there
    if missing or not volumes:
        raise Refused("请先组卷" if missing else "本批次档案已封卷", CLAUSE)
    places = {volume.title: {document.position for document in volume.documents.all()} for volume in volumes}
    empty = [title for title, there in places.items() if not there - {0}]
    if empty:
        raise Refused(f"卷内没有文件：{'、'.join(empty)}", CLAUSE)
    bare = [title for title, there in places.items() if 0 not in there]
    if bare:
        raise Refused(f"没有卷封与卷内目录，请重新组卷：{'、'.join(bare)}", CLAUSE)


@act("archive.seal", duty="E10", title="封卷", clause="四(一)9", guard=require_bound)
def seal(ctx: Context, batch: Batch) -> list[Volume]:
    """Seal every volume of the batch; from then on it is only read. Kept for the years set. The batch is locked, so that nobody
    binds anew what is being sealed."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    volumes = list(Volume.objects.select_for_update().filter(batch=batch, sealed_at=None).order_by("kind"))
    require_bound(batch)
    day = today()
    for volume in volumes:
        volume.sealed_at, volume.keep_until = ctx.at, _years_on(day, parameters.number("archive.electronic_years"))
    rewrite(volumes, ["sealed_at", "keep_until"])
    ctx.record_all(volumes)
    return volumes


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
