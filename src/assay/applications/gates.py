"""What keeps a batch from leaving application and review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse

from assay.applications.models import ENDED, Application
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel.clock import today
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker, Work

REVIEW = "工作方案 四(一)3(1)"
OF_DEPARTMENTS = (
    (Application.State.DRAFT, "份报名还是草稿，未提交", "工作方案 四(一)2"),
    (Application.State.SUBMITTED, "份报名待系部初审", "工作方案 五(五)3"),
    (Application.State.RETURNED, "份报名退回补正中", REVIEW),
)


def _states(batch: Batch) -> dict[str, int]:
    return dict(Application.objects.filter(batch=batch).values_list("state").annotate(n=Count("pk")).order_by())


def _link(batch: Batch, state: str, department: int | None = None) -> str:
    """The list with just these rows in it."""
    own = f"&department={department}" if department else ""
    return f"{reverse('applications:list')}?batch={batch.pk}&state={state}{own}"


@gate(Stage.APPLY)
def application_time_is_over(batch: Batch) -> Iterator[Blocker]:
    if today() <= batch.apply_to:
        text = f"报名未截止（{batch.apply_to:%Y年%m月%d日} 止）"
        after = batch.apply_to + timedelta(days=1)
        yield Blocker(text, "工作方案 四(一)2", "E1", waits_for=f"{after:%Y年%m月%d日}")


@gate(Stage.APPLY)
def somebody_applied(batch: Batch) -> Iterator[Blocker]:
    live = sum(n for state, n in _states(batch).items() if state not in ENDED)
    if not live:
        yield Blocker("还没有人报名", "工作方案 四(一)2", "R1", _link(batch, ""))


@gate(Stage.REVIEW)
@todo(Stage.APPLY)
def every_application_is_decided(batch: Batch) -> Iterator[Blocker]:
    """Each department's own, then the centre's: reviewing begins while others still apply."""
    waiting = Application.objects.filter(batch=batch, state__in=[state for state, _, _ in OF_DEPARTMENTS])
    counted = waiting.values_list("state", "department", "department__name").annotate(n=Count("pk"))
    found = list(counted.order_by("department__code"))
    for state, text, clause in OF_DEPARTMENTS:
        for found_state, department, name, n in found:
            if found_state == state:
                # Without a department nobody but the centre may review it first.
                duty, whose = ("R1", name) if department else ("E2", "未填院系")
                link = _link(batch, state, department)
                work = _first_review(waiting, department) if state == Application.State.SUBMITTED else None
                yield Blocker(f"{n} {text}（{whose}）", clause, duty, link, n, department=department, work=work)
    passed = _states(batch).get(Application.State.FIRST_PASSED, 0)
    if passed:
        work = Work(
            "applications.centre_review", Application.objects.filter(batch=batch, state=Application.State.FIRST_PASSED)
        )
        link = _link(batch, Application.State.FIRST_PASSED)
        yield Blocker(f"{passed} 份报名待中心审核", REVIEW, "E4", link, passed, work=work)


def _first_review(waiting: QuerySet[Application], department: int | None) -> Work:
    return Work("applications.first_review", waiting.filter(state=Application.State.SUBMITTED, department=department))


@gate(Stage.REVIEW)
def somebody_is_admitted(batch: Batch) -> Iterator[Blocker]:
    if not _states(batch).get(Application.State.APPROVED):
        yield Blocker("没有审核通过的考生", REVIEW, "E4", _link(batch, Application.State.FIRST_PASSED))


@gate("cancel")
def nobody_is_in_it(batch: Batch) -> Iterator[Blocker]:
    """A batch is called off once nobody counts on it."""
    live = sum(n for state, n in _states(batch).items() if state not in ENDED)
    if live:
        text = f"还有 {live} 份报名：没有人报名的批次才能取消，误报的请先撤回"
        yield Blocker(text, "工作方案 四(一)2", "E5", _link(batch, ""), live)


@counts(Stage.APPLY, Stage.REVIEW)
def by_state(batch: Batch) -> Iterator[tuple[str, int]]:
    states = _states(batch)
    for state, title in Application.State.choices:
        if states.get(state):
            yield title, states[state]
