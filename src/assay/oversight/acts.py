"""Supervisors' feedback: they may open everything and change nothing but their own records."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from assay.batches.models import Batch
from assay.batches.stages import STAGES, Stage
from assay.corps.models import Member
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.oversight.models import Feedback

CLAUSE = "工作方案 四(一)6(2)"
MANAGEMENT = "质量督导人员管理办法"


class Verdict(StrEnum):
    """Of one thing that is looked at."""

    MET = "符合"
    MOSTLY = "基本符合"
    NOT_MET = "不符合"


def require_to_give(batch: Batch, stage: str, member: Member | None) -> None:
    """Raises Refused unless the batch has come to the stage and a supervisor with a card in force looks at it."""
    if member is None:
        raise Refused("您的账号没有对应的督导员，请在“三支队伍”中关联", MANAGEMENT)
    if not any(card.in_force(clock.today()) for card in member.cards.filter(role="supervisor")):
        raise Refused(f"{member} 没有在有效期内的督导员证卡", "工作方案 三(四)2(2)④")
    if not batch.has_reached(stage):
        raise Refused(f"批次未到“{STAGES[stage]}”阶段", CLAUSE)
    if stage == Stage.EXAM and batch.exam_on is not None and clock.today() < batch.exam_on:
        raise Refused(f"{batch.exam_on:%Y年%m月%d日}才开考，考试的督导情况开考后填写", CLAUSE)


def require_own(actor: Actor, _batch: Batch, _stage: str, member: Member | None) -> None:
    """Nobody writes a feedback in another's name."""
    if member is not None and actor.account_id is not None and member.account_id not in (None, actor.account_id):
        raise Refused("只能填写本人的督导反馈", MANAGEMENT)


@act(
    "oversight.give_feedback", duty="Q4", title="填写督导情况反馈表", clause="四(一)6(2)", guard=require_to_give, for_whom=require_own
)  # fmt: skip
def give_feedback(
    ctx: Context,
    batch: Batch,
    stage: str,
    member: Member | None,
    *,
    checks: Sequence[dict[str, Any]],
    findings: str,
    verdict: str,
    place: str = "",
) -> Feedback:
    """One supervisor's feedback on one stage (and place) of a batch; written once."""
    require_to_give(batch, stage, member)
    require_own(ctx.actor, batch, stage, member)
    wrong = [c["title"] for c in checks if c.get("verdict") not in tuple(Verdict)]
    if wrong or not checks:
        raise Refused(f"督导项目未评价：{'、'.join(wrong) or '全部'}", CLAUSE)
    unexplained = [c["title"] for c in checks if c["verdict"] == Verdict.NOT_MET and not c.get("note")]
    if unexplained:
        raise Refused(f"不符合的项目须写明情况：{'、'.join(unexplained)}", CLAUSE)
    if verdict not in dict(Feedback.OVERALL):
        raise Refused("请选择总体评价", CLAUSE)
    place = uncut(place, 60, "地点")
    if Feedback.objects.filter(batch=batch, stage=stage, member=member, place=place).exists():
        raise Refused("该环节已填写过反馈表", CLAUSE)
    assert member is not None
    feedback = Feedback.objects.create(
        batch=batch, stage=stage, member=member, place=place, checks=list(checks), findings=findings,
        verdict=verdict, at=ctx.at,
    )  # fmt: skip
    ctx.record(feedback)
    return feedback
