"""Archive volumes: by batch, made from what the rooms contribute."""

from __future__ import annotations

from django.db import models

from assay.batches.models import Batch
from assay.kernel.basis import DELIVERED
from assay.kernel.clock import day_of, shown_day
from assay.kernel.models import StoredFile
from assay.kernel.recorded import Recorded


class Volume(Recorded):
    """卷: one kind of record of a batch; sealed when the batch is archived. Kept until `keep_until`."""

    FACTS = ("batch", "kind", "title", "sealed_at", "keep_until", "digest", "clause")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="volumes", verbose_name="批次")
    kind = models.CharField("类别", max_length=20)
    title = models.CharField("卷名", max_length=80)
    clause = models.CharField("依据", max_length=200, blank=True)
    """As the basis of the rules had it when the volume was bound; so says its cover."""
    sealed_at = models.DateTimeField("封卷时间", null=True, blank=True)
    keep_until = models.DateField("保存至", null=True, blank=True)
    digest = models.CharField("卷内摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "档案卷"
        ordering = ["batch", "kind"]
        constraints = [models.UniqueConstraint(fields=["batch", "kind"], name="volume_once")]

    def __str__(self) -> str:
        return f"{self.batch} {self.title}"

    @property
    def basis_said(self) -> str:
        """What asks for the volume, and from when and how long it is kept once it is sealed."""
        basis = f"依据 {DELIVERED.in_full(self.clause)}"
        if self.sealed_at is None or self.keep_until is None:
            return basis
        return f"{basis}，{shown_day(day_of(self.sealed_at))} 封卷，保存至 {shown_day(self.keep_until)}"


class VolumeDocument(Recorded):
    """卷内文件, in order; at 0 the cover with the list of the others."""

    FACTS = ("volume", "position", "name", "file")
    volume = models.ForeignKey(Volume, models.PROTECT, related_name="documents", verbose_name="卷")
    position = models.PositiveIntegerField("顺序")
    name = models.CharField("文件", max_length=120)
    file = models.ForeignKey(StoredFile, models.PROTECT)

    class Meta:
        verbose_name = "卷内文件"
        ordering = ["volume", "position"]
        constraints = [models.UniqueConstraint(fields=["volume", "position"], name="volume_position_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def numbered(self) -> str:
        """Its name after its place in the volume; the cover has none."""
        return f"{self.position}. {self.name}" if self.position else self.name
