"""Whom wrong passwords hold up, and what the ledger remembers of the security log."""

from __future__ import annotations

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.models import Account
from assay.kernel import security_log, throttle
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.limits import CANDIDATE_SIGN_IN, OWN_PASSWORD, SECOND_FACTOR, STAFF_SIGN_IN, Kind
from assay.kernel.models import SecurityLogSeal
from assay.kernel.refusals import Refused

SIGN_INS: dict[str, tuple[Kind, ...]] = {
    "staff": (STAFF_SIGN_IN, SECOND_FACTOR, OWN_PASSWORD), "candidate": (CANDIDATE_SIGN_IN, OWN_PASSWORD),
}  # fmt: skip
"""What slows down signing in, by kind of account."""
EXAM_STAGES = (Stage.READINESS, Stage.EXAM)


@act("desk.bind_security_log", duty="SYS", title="封存安全日志", clause="三(一)2(1)⑪")
def bind_security_log(ctx: Context, rows: security_log.Bound) -> SecurityLogSeal:
    """The ledger remembers how many lines the security log of past days has, and their digest."""
    row = security_log.bind(rows, ctx.at)
    ctx.record(row)
    return row


def require_in_charge(actor: Actor, *_: Account) -> None:
    """Raises Refused for who lets people in during exams only, while no batch is near one."""
    if not actor.holds("L1") and not Batch.objects.filter(stage__in=EXAM_STAGES).exists():
        raise Refused("现在没有批次处于考前准备或考试阶段：平时由领导小组放行", "工作方案 三(一)1")


@act(
    "desk.release_sign_in", duty=("L1", "E8"), title="放行登录", clause="三(一)2(1)⑧", for_whom=require_in_charge
)  # fmt: skip
def release_sign_in(ctx: Context, account: Account, *, reason: str) -> None:
    """Somebody else's wrong passwords hold the holder up: for a few minutes nobody has to wait to sign in to this account."""
    if not reason.strip():
        raise Refused("放行登录须写明原因")
    require_in_charge(ctx.actor)
    account = held(account)
    for kind in SIGN_INS[account.kind]:
        throttle.release(kind, account.username)
    ctx.record(account)
    ctx.note = f"放行 {account.username}：{reason.strip()}"
