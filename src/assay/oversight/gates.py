"""Every exam is supervised (逢考必督): no feedback, no end of the exam stage."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel.gates import gate
from assay.kernel.refusals import Blocker
from assay.oversight.models import Feedback


@gate(Stage.EXAM)
def exam_was_supervised(batch: Batch) -> Iterator[Blocker]:
    if not Feedback.objects.filter(batch=batch, stage=Stage.EXAM).exists():
        link = reverse("oversight:batch", args=[batch.pk])
        yield Blocker("没有督导情况反馈表", "工作方案 四(一)6(2)", "Q4", link)
