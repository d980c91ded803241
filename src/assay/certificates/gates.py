"""What keeps a batch from leaving the certificates stage."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from assay.batches.models import Batch
from assay.certificates.models import Certificate
from assay.kernel.gates import counts, gate
from assay.kernel.refusals import Blocker
from assay.results.models import Result

CLAUSE = "工作方案 四(一)8"


@gate("certificates")
def all_are_issued_and_reported(batch: Batch) -> Iterator[Blocker]:
    link = reverse("certificates:batch", args=[batch.pk])
    without = Result.objects.filter(batch=batch, outcome="pass", application__certificate=None).count()
    if without:
        yield Blocker(f"{without} 名合格人员没有证书编号", CLAUSE, "E13", link, without)
    figures = Certificate.objects.filter(application__batch=batch).aggregate(
        unprinted=Count("pk", filter=Q(state="numbered", print_serial="")),
        here=Count("pk", filter=Q(state="numbered") & ~Q(print_serial="")),
        unreported=Count("pk", filter=Q(reported=False) & ~Q(state="withdrawn")),
    )
    if figures["unprinted"]:
        yield Blocker(f"{figures['unprinted']} 本证书未打印", CLAUSE, "E13", link, figures["unprinted"])
    if figures["here"]:
        yield Blocker(f"{figures['here']} 本证书未登记发放", CLAUSE, "E13", link, figures["here"])
    if figures["unreported"]:
        text = f"{figures['unreported']} 本证书未报送省平台"
        yield Blocker(text, "工作方案 四(一)8 纳入国家职业技能等级证书查询系统", "E13", link, figures["unreported"])


@counts("certificates", "archive", "closed")
def issued(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "证书", Certificate.objects.filter(application__batch=batch).count()
    yield "已发放", Certificate.objects.filter(application__batch=batch, state="issued").count()
