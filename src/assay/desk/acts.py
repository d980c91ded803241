"""What anybody with an account does for oneself."""

from __future__ import annotations

from dataclasses import replace

from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.departures import Departure, depart
from assay.centre.models import Account
from assay.kernel import throttle
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.limits import CANDIDATE_SIGN_IN, STAFF_SIGN_IN, Kind
from assay.kernel.refusals import Refused

SECRECY = "E11"
SIGN_INS: dict[str, Kind] = {"staff": STAFF_SIGN_IN, "candidate": CANDIDATE_SIGN_IN}
"""What slows down signing in, by kind of account."""
EXAM_STAGES = ("readiness", "exam")


@act("desk.change_own_password", duty=SECRECY, title="修改本人密码", clause="三(一)2(1)⑪")
def _change(ctx: Context, account: Account, password: str) -> Account:
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    ctx.record(account)
    depart(ctx, Departure(account.pk))  # whoever had come by the former password keeps nothing that it opened
    return account


def change_own_password(account: Account, password: str) -> Account:
    """Set one's own (validated) password. Keeping it secret is owed by whoever has an account, whatever the post."""
    owner = actor_of(account)
    return _change(replace(owner, duties=owner.duties | {SECRECY}), account, password)


@act("desk.release_sign_in", duty=("L1", "E8"), title="放行登录", clause="三(一)2(1)⑧")
def release_sign_in(ctx: Context, account: Account, *, reason: str) -> None:
    """Somebody else's wrong passwords hold the holder up: for a few minutes nobody has to wait to sign in to this account."""
    if not reason.strip():
        raise Refused("放行登录须写明原因")
    if not ctx.actor.holds("L1") and not Batch.objects.filter(stage__in=EXAM_STAGES).exists():
        raise Refused("现在没有批次处于考前准备或考试阶段：平时由中心主任放行", "工作方案 三(一)1")
    account = held(account)
    throttle.release(SIGN_INS[account.kind], account.username)
    ctx.record(account)
    ctx.note = f"放行 {account.username}：{reason.strip()}"
