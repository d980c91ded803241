"""What keeps a batch from leaving application and review."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.kernel.clock import today
from assay.kernel.gates import counts, gate
from assay.kernel.refusals import Blocker

REVIEW = "工作方案 四(一)3(1)"


def _states(batch: Batch) -> dict[str, int]:
    return dict(Application.objects.filter(batch=batch).values_list("state").annotate(n=Count("pk")).order_by())


def _link(batch: Batch, state: str) -> str:
    return f"{reverse('applications:list')}?batch={batch.pk}&state={state}"


@gate("apply")
def application_time_is_over(batch: Batch) -> Iterator[Blocker]:
    if today() <= batch.apply_to:
        link = reverse("batches:cockpit", args=[batch.pk])
        yield Blocker(f"报名未截止（{batch.apply_to:%Y年%m月%d日} 止）", "工作方案 四(一)2", "E1", link)


@gate("apply")
def somebody_applied(batch: Batch) -> Iterator[Blocker]:
    live = sum(n for state, n in _states(batch).items() if state not in ("withdrawn", "rejected"))
    if not live:
        yield Blocker("还没有人报名", "工作方案 四(一)2", "R1", _link(batch, ""))


@gate("review")
def every_application_is_decided(batch: Batch) -> Iterator[Blocker]:
    states = _states(batch)
    for state, text, clause, duty in (
        ("draft", "份报名还是草稿，未提交", "工作方案 四(一)2", "R1"),
        ("submitted", "份报名待系部初审", "工作方案 五(五)3", "R1"),
        ("first_passed", "份报名待中心审核", REVIEW, "E4"),
        ("returned", "份报名退回补正中", REVIEW, "R1"),
    ):
        if states.get(state):
            yield Blocker(f"{states[state]} {text}", clause, duty, _link(batch, state), states[state])
    if not states.get("approved"):
        yield Blocker("没有审核通过的考生", REVIEW, "E4", _link(batch, "first_passed"))


@counts("apply", "review")
def by_state(batch: Batch) -> Iterator[tuple[str, int]]:
    states = _states(batch)
    for state, title in Application.STATES:
        if states.get(state):
            yield title, states[state]
