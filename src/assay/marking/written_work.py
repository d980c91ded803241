"""What of written answers waits for an examiner, for the worktable."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.models import Account
from assay.corps.models import Member
from assay.exam.models import WrittenAnswer
from assay.kernel.contributions import Engagement
from assay.marking.acts.written import for_examiner
from assay.marking.queries import CARDS


def written_work_of(account: Account) -> Iterator[Engagement]:
    """Batches with written answers that somebody of the examiners may mark."""
    member = Member.objects.filter(account=account, cards__role__in=CARDS).first()
    if member is None:
        return
    unmarked = WrittenAnswer.objects.filter(mark=None).values("sheet__application__batch")
    for batch in Batch.objects.filter(stage=Stage.EXAM, pk__in=unmarked):
        left = for_examiner(member, batch).count()
        if left:
            link = reverse("marking:written", args=[batch.pk])
            yield Engagement(None, f"主观题阅卷：{batch}", f"{left} 份答案可以评阅", link)
