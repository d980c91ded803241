"""Supervision: feedback of the internal supervisors on a batch's stages (督导情况反馈表)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assay.batches.models import Batch
from assay.batches.stages import STAGE_CHOICES
from assay.corps.models import Member
from assay.kernel.recorded import Recorded


class Feedback(Recorded):
    """《督导情况反馈表》 of one supervisor on one stage of a batch."""

    OVERALL: ClassVar = [("good", "规范"), ("fair", "基本规范"), ("poor", "不规范")]
    FACTS = ("batch", "stage", "member", "checks", "findings", "verdict", "at", "place")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="feedback", verbose_name="批次")
    stage = models.CharField("环节", max_length=16, choices=STAGE_CHOICES)
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="督导员")
    place = models.CharField("考场", max_length=60, blank=True)
    checks = models.JSONField("督导项目", default=list)
    """[{"title", "verdict": "符合"|"基本符合"|"不符合", "note"}]"""
    findings = models.TextField("发现的问题及建议", blank=True)
    verdict = models.CharField("总体评价", max_length=10, choices=OVERALL)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "督导反馈"
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["batch", "stage", "member", "place"], name="feedback_once")]

    def __str__(self) -> str:
        return f"{self.batch} {self.get_stage_display()} {self.member}"

    @property
    def heading(self) -> str:
        return f"{self.get_stage_display()} · {self.member}"
