"""What keeps a batch from leaving the filing stage."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.filing.deadline import deadline_of
from assay.filing.models import Filing
from assay.kernel.clock import today
from assay.kernel.gates import counts, gate
from assay.kernel.refusals import Blocker

CLAUSE = "工作方案 四(一)4"


@gate(Stage.FILING)
def province_must_approve(batch: Batch) -> Iterator[Blocker]:
    link = reverse("filing:batch", args=[batch.pk])
    filing = batch.filings.order_by("-version").first()
    if filing is None:
        deadline = deadline_of(batch)
        late = today() > deadline.last_day
        text = "认定计划已过上报期限" if late else f"认定计划未上报，最迟 {deadline.last_day:%Y年%m月%d日}"
        yield Blocker(f"{text}{deadline.reservation}", CLAUSE, "E5", link)
    elif filing.state == Filing.State.SENT:
        yield Blocker(
            f"第 {filing.version} 版已上报，等待省中心审批", "工作方案 四(一)5", "E5", link, waits_for="省中心"
        )
    elif filing.state == Filing.State.RETURNED:
        yield Blocker(f"省中心退回：{filing.reason}", CLAUSE, "E5", link)


@gate("revise", "withdraw", "cancel")
def what_is_filed_stays(batch: Batch) -> Iterator[Blocker]:
    """The plan of a batch, and who is in it, may not change while the province has it or has approved it."""
    if batch.filings.exclude(state=Filing.State.RETURNED).exists():
        yield Blocker("认定计划已上报，待省中心退回后才能改", CLAUSE, "E5", reverse("filing:batch", args=[batch.pk]))


@counts(Stage.FILING)
def filed_figures(batch: Batch) -> Iterator[tuple[str, int]]:
    filing = batch.filings.order_by("-version").first()
    yield "上报版次", filing.version if filing else 0
    if filing:
        yield "上报人数", sum(line["candidates"] for line in filing.document["lines"])
