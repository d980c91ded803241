"""Setting up the second factor, other codes on paper, and taking it away from somebody else."""

from __future__ import annotations

from assay.centre import parameters
from assay.centre.acts.own import own_account
from assay.centre.departures import Departure, depart
from assay.centre.models import Account, SecondFactor
from assay.centre.second_factor import CLAUSE, allow, code_digest
from assay.kernel import totp
from assay.kernel.acts import OWN, Context, act
from assay.kernel.clock import real_now
from assay.kernel.refusals import Refused


@act("centre.enrol_second_factor", duty=OWN, title="启用两步验证", clause="三(一)2(1)⑪")
def enrol(ctx: Context, account: Account, *, secret: str, code: str, recovery: list[str]) -> Account:
    """Set up one's own telephone, or another one instead, by a code that it shows. Every other session of the account ends."""
    account = own_account(ctx, account)
    step = totp.step_of(secret, code, real_now())
    if step is None:
        raise Refused("验证码不对。请看手机上现在显示的 6 位数字；手机时间须与北京时间一致", CLAUSE)
    factor = SecondFactor.objects.select_for_update().filter(account=account).first() or SecondFactor(account=account)
    factor.secret, factor.last_step, factor.since = secret, step, ctx.at
    _give(factor, recovery)
    account.second_factor_by = None
    account.end_sessions()
    account.save()
    ctx.record(factor, account)
    depart(ctx, Departure(account.pk))
    return account


@act("centre.renew_recovery_codes", duty=OWN, title="更换两步验证恢复码", clause="三(一)2(1)⑪")
def renew_codes(ctx: Context, account: Account, *, recovery: list[str]) -> SecondFactor:
    """Ten others; the former ones open nothing any more."""
    factor = SecondFactor.objects.select_for_update().filter(account=own_account(ctx, account)).first()
    if factor is None:
        raise Refused("还没有启用两步验证，或已由他人重置：请先启用", CLAUSE)
    _give(factor, recovery)
    ctx.record(factor)
    return factor


def _give(factor: SecondFactor, recovery: list[str]) -> None:
    factor.recovery, factor.used = [code_digest(factor.account, code) for code in recovery], []
    factor.save()


def require_enrolled(account: Account) -> None:
    """Raises Refused where there is nothing to reset."""
    if not SecondFactor.objects.filter(account=account).exists():
        raise Refused(f"{account}没有启用两步验证", "工作方案 三(一)1")


@act(
    "centre.reset_second_factor", duty=("L1", "L2"), title="重置两步验证", clause="三(一)1", guard=require_enrolled
)  # fmt: skip
def reset(ctx: Context, account: Account, *, reason: str) -> Account:
    """Somebody else's telephone is lost: the password alone lets the holder in again, for a day at least. Sessions that the
    lost telephone may have are over."""
    if not reason.strip():
        raise Refused("重置两步验证须写明原因", "工作方案 三(一)1")
    account = Account.objects.select_for_update().get(pk=account.pk)
    require_enrolled(account)
    factor = SecondFactor.objects.select_for_update().get(account=account)
    ctx.record_removed(SecondFactor, factor.pk)
    factor.delete()
    allow(account, max(parameters.number("second_factor.grace_days"), 1))
    account.end_sessions()
    account.save()
    ctx.record(account)
    ctx.note = f"{account.username}：{reason.strip()}"
    depart(ctx, Departure(account.pk))
    return account
