"""What anybody with an account does for oneself."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from assay.batches.models import Batch
from assay.centre import open_sessions
from assay.centre.actors import actor_of
from assay.centre.departures import Departure, depart
from assay.centre.models import Account, OpenSession
from assay.kernel import security_log, throttle
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.limits import CANDIDATE_SIGN_IN, OWN_PASSWORD, SECOND_FACTOR, STAFF_SIGN_IN, Kind
from assay.kernel.models import SecurityLogSeal
from assay.kernel.refusals import Refused

SECRECY = "E11"
SIGN_INS: dict[str, tuple[Kind, ...]] = {
    "staff": (STAFF_SIGN_IN, SECOND_FACTOR, OWN_PASSWORD), "candidate": (CANDIDATE_SIGN_IN, OWN_PASSWORD),
}  # fmt: skip
"""What slows down signing in, by kind of account."""
EXAM_STAGES = ("readiness", "exam")


@act("desk.change_own_password", duty=SECRECY, title="修改本人密码", clause="三(一)2(1)⑪")
def _change(ctx: Context, account: Account, password: str) -> Account:
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.set_password(password)
    account.must_change_password, account.password_expires_at = False, None
    account.save(update_fields=["password", "must_change_password", "password_expires_at"])
    ctx.record(account)
    depart(ctx, Departure(account.pk))  # whoever had come by the former password keeps nothing that it opened
    return account


def change_own_password(account: Account, password: str) -> Account:
    """Set one's own (validated) password. Keeping it secret is owed by whoever has an account, whatever the post."""
    return _change(holder_of(account), account, password)


def holder_of(account: Account) -> Actor:
    """Whoever has an account, acting to keep it to oneself: owed whatever the post."""
    owner = actor_of(account)
    return replace(owner, duties=owner.duties | {SECRECY})


@act("desk.end_session", duty=SECRECY, title="结束本人的登录", clause="三(一)2(1)⑪")
def _end(ctx: Context, account: Account, sessions: QuerySet[OpenSession]) -> int:
    account = Account.objects.select_for_update().get(pk=account.pk)
    there = [f"{row.device}（{row.address}）" for row in sessions]
    if not there:
        raise Refused("这些登录已经结束了")
    ended = open_sessions.end(sessions)
    ctx.record(account)
    ctx.note = f"结束 {account.username} 的登录：{'、'.join(there)}"
    return ended


def end_own_sessions(account: Account, sessions: QuerySet[OpenSession]) -> int:
    """End some of one's own sessions, at another browser for instance."""
    return _end(holder_of(account), account, sessions)


@act("desk.bind_security_log", duty="SYS", title="封存安全日志", clause="三(一)2(1)⑪")
def bind_security_log(ctx: Context, rows: security_log.Bound) -> SecurityLogSeal:
    """The ledger remembers how many lines the security log of past days has, and their digest."""
    row = SecurityLogSeal.objects.create(
        first=rows.first, last=rows.last, count=rows.count, digest=rows.digest, at=ctx.at
    )
    ctx.record(row)
    return row


@act("desk.release_sign_in", duty=("L1", "E8"), title="放行登录", clause="三(一)2(1)⑧")
def release_sign_in(ctx: Context, account: Account, *, reason: str) -> None:
    """Somebody else's wrong passwords hold the holder up: for a few minutes nobody has to wait to sign in to this account."""
    if not reason.strip():
        raise Refused("放行登录须写明原因")
    if not ctx.actor.holds("L1") and not Batch.objects.filter(stage__in=EXAM_STAGES).exists():
        raise Refused("现在没有批次处于考前准备或考试阶段：平时由领导小组放行", "工作方案 三(一)1")
    account = held(account)
    for kind in SIGN_INS[account.kind]:
        throttle.release(kind, account.username)
    ctx.record(account)
    ctx.note = f"放行 {account.username}：{reason.strip()}"
