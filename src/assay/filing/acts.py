"""Filing a batch with the province, and taking its answer down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.filing import document
from assay.filing.deadline import Deadline, deadline_of
from assay.filing.models import Filing
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.correspondence import DECIDED
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)4"
_PARTS = {
    "scheme": "实施方案",
    "timetable": "时间安排",
    "rooms": "考场安排",
    "lines": "工种、等级、人数",
    "invigilators": "监考人员",
    "examiners": "考评员",
    "supervisors": "内部督导员",
    "staff": "工作人员",
}


def as_it_would_be_filed(batch: Batch) -> dict[str, Any]:
    """The document. Raises Refused where it cannot be filed: too early or late, filed already, or not whole."""
    if batch.route != Route.EXAM or batch.stage != Stage.FILING:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，只有到“上报备案”阶段才能上报", CLAUSE)
    last = batch.filings.order_by("-version").first()
    if last is not None and last.state != Filing.State.RETURNED:
        raise Refused(f"第 {last.version} 版{last.get_state_display()}，不能重复上报", CLAUSE)
    _require_in_time(deadline_of(batch))
    made = document.build(batch, (last.version if last else 0) + 1)
    missing = [title for key, title in _PARTS.items() if not made[key]]
    if missing:
        raise Refused(f"申报内容不全，缺：{'、'.join(missing)}", CLAUSE)
    return made


@act("filing.file", duty="E5", title="上报认定计划", clause="四(一)4", guard=as_it_would_be_filed)
def file(ctx: Context, batch: Batch) -> Filing:
    """Freeze the batch's document and put it out to the province; at least the set working days ahead."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    made = as_it_would_be_filed(batch)
    filing = Filing.objects.create(
        batch=batch, version=made["version"], document=made, digest=document.digest(made), sent_on=today()
    )
    outbox.enqueue(ctx, "filing", filing, made, key=f"filing-{batch.code}-{filing.version}-{filing.digest[:16]}")
    ctx.record(filing)
    return filing


def _require_in_time(deadline: Deadline) -> None:
    if today() > deadline.last_day:
        raise Refused(
            f"距考核首日不足 {deadline.working_days} 个工作日：最迟应于 {deadline.last_day:%Y年%m月%d日} 上报"
            f"{deadline.reservation}。"
            "请推迟考核日期后重新编排",
            CLAUSE,
        )


@act("filing.record_answer", duty=("SYS", "E5"), title="登记省中心审批结果", clause="四(一)5")
def record_answer(
    ctx: Context, filing: Filing, *, state: str, reason: str, by: str, at: datetime, remote_id: str = ""
) -> Filing:
    """Take down the province's answer: approved, or returned with a reason. Answers come once."""
    filing = Filing.objects.select_for_update().get(pk=filing.pk)
    if state not in DECIDED:
        raise Refused(f"审批结果“{state}”不认识")
    if filing.state != Filing.State.SENT:
        raise Refused(f"第 {filing.version} 版已经{filing.get_state_display()}")
    if state == Filing.State.RETURNED and not reason.strip():
        raise Refused("退回须写明原因", CLAUSE)
    filing.state, filing.reason, filing.decided_by, filing.decided_at = state, reason, by, at
    filing.remote_id = remote_id or filing.remote_id
    filing.save()
    ctx.record(filing)
    return filing
