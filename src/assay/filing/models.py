"""What is filed with the province, and its answer."""

from __future__ import annotations

from django.db import models

from assay.batches.models import Batch
from assay.kernel.correspondence import Standing
from assay.kernel.recorded import Recorded


class Filing(Recorded):
    """上报的认定计划: a frozen document of the batch (everything plan §四(一)4 lists); a returned one is followed by a new version."""

    class State(models.TextChoices):
        SENT = Standing.SENT.value, "已上报"
        APPROVED = Standing.APPROVED.value, "已批准"
        RETURNED = Standing.RETURNED.value, "已退回"

    FACTS = ("batch", "version", "state", "digest", "reason", "remote_id", "sent_on", "decided_by", "decided_at")
    SEALED = ("document",)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="filings", verbose_name="批次")
    version = models.PositiveIntegerField("版次")
    document = models.JSONField("申报内容")
    digest = models.CharField("内容摘要", max_length=64)
    sent_on = models.DateField("上报日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SENT)
    reason = models.CharField("退回原因", max_length=300, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    remote_id = models.CharField("省平台编号", max_length=40, blank=True)

    class Meta:
        verbose_name = "备案"
        ordering = ["batch", "-version"]
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="filing_version_once")]

    def __str__(self) -> str:
        return f"{self.batch} 第 {self.version} 版"

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED
