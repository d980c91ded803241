"""The second factor of staff: a code of the telephone, or one of ten codes on paper, besides the password.

Who needs one says the parameter; whoever lacks it is reminded for some days from the day of the first sign-in at which it was
needed, and afterwards signs in to nothing but the page where it is set up. Who has one signs in by it always.

Candidates have none, on purpose. They sign in some three times in their life, often with a borrowed telephone, and see their own
application and nothing else; what decides over them is said in public as well, and nothing that they do there cannot be undone
by their department. A lost telephone on the morning of an exam would cost them more than the factor protects. Guessing is slowed
down for them as for everybody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest

from assay.centre import parameters
from assay.centre.actors import duties_of
from assay.centre.departures import Departure, depart
from assay.centre.duties import SENSITIVE
from assay.centre.models import Account, SecondFactor
from assay.centre.parameters import EVERYBODY, SENSITIVE_DUTIES
from assay.kernel import totp
from assay.kernel.acts import Context, act
from assay.kernel.clock import day_of, real_now
from assay.kernel.drawn import drawn, plain
from assay.kernel.refusals import Refused
from assay.kernel.sealing import blind_index

RECOVERY_CODES = 10
CODE, RECOVERY = "验证码", "恢复码"
"""The two kinds of codes."""
_CODE_LENGTH = 10
_PASSED = "assay_second_factor_passed"
CLAUSE = "工作方案 三(一)2(1)⑪"


def of(account: Account) -> SecondFactor | None:
    return SecondFactor.objects.filter(account=account).first()


def needed(account: Account, held: Collection[str] | None = None, of_whom: str | None = None) -> bool:
    """Whether the account has to have one, for what it may do today (`held`) and by the parameter (`of_whom`): both are looked up
    when not given."""
    if account.kind != "staff":
        return False
    who = parameters.text("second_factor.needed") if of_whom is None else of_whom
    if who == SENSITIVE_DUTIES:
        return not SENSITIVE.isdisjoint(duties_of(account) if held is None else held)
    return who == EVERYBODY


def ask(account: Account) -> None:
    """From the first sign-in at which one is needed and missing, the days are counted."""
    if account.second_factor_by is None and needed(account) and of(account) is None:
        _allow(account, parameters.number("second_factor.grace_days"))
        account.save(update_fields=["second_factor_by"])


def _allow(account: Account, days: int) -> None:
    account.second_factor_by = _in_days(days)


def _in_days(days: int) -> date:
    return day_of(real_now()) + timedelta(days=days)


@dataclass(frozen=True)
class Missing:
    """Somebody needs a second factor and has none; `by` is the last day without."""

    by: date

    @property
    def overdue(self) -> bool:
        return day_of(real_now()) >= self.by

    @property
    def days_left(self) -> int:
        return (self.by - day_of(real_now())).days


def missing(account: Account, held: Collection[str], of_whom: str | None = None) -> Missing | None:
    """What a member of staff who is signed in still owes; nothing for who has a second factor or needs none. Who signed in before
    one was needed is not shut out in the middle of the work: the days are counted from the next sign-in."""
    if not needed(account, held, of_whom) or of(account) is not None:
        return None
    return Missing(account.second_factor_by or _in_days(parameters.number("second_factor.grace_days")))


# ---- the second step ---------------------------------------------------------------------------------------------------


def passed(request: HttpRequest) -> bool:
    return getattr(request, _PASSED, False)


def mark_passed(request: HttpRequest) -> None:
    """The request is about to sign somebody in who gave a right code."""
    setattr(request, _PASSED, True)


def accepts(account: Account, code: str) -> str:
    """What kind of code it was, used up by being taken; nothing when it is wrong or was used before."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(account=account).first()
        if factor is None:
            return ""
        step = totp.step_of(factor.secret, code, real_now(), after=factor.last_step)
        if step is not None:
            factor.last_step = step
            factor.save(update_fields=["last_step"])
            return CODE
        digest = _digest(account, code)
        if digest not in factor.recovery or digest in factor.used:
            return ""
        factor.used = [*factor.used, digest]
        factor.save(update_fields=["used"])
        return RECOVERY


def codes_left(account: Account) -> int:
    """How many recovery codes are still good."""
    factor = of(account)
    return factor.recovery_left if factor else 0


def _digest(account: Account, code: str) -> str:
    return blind_index("recovery", f"{account.pk}\x1f{plain(code)}")


# ---- setting up, renewing, taking away ---------------------------------------------------------------------------------


def new_codes() -> list[str]:
    """Ten codes of 46 bits, to be shown once."""
    return [drawn(_CODE_LENGTH, group=5) for _ in range(RECOVERY_CODES)]


@act("centre.enrol_second_factor", duty="E11", title="启用两步验证", clause="三(一)2(1)⑪")
def enrol(ctx: Context, account: Account, *, secret: str, code: str, recovery: list[str]) -> Account:
    """Set up one's own telephone, or another one instead, by a code that it shows. Every other session of the account ends."""
    account = Account.objects.select_for_update().get(pk=account.pk)
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
    return account


@act("centre.renew_recovery_codes", duty="E11", title="更换两步验证恢复码", clause="三(一)2(1)⑪")
def renew_codes(ctx: Context, account: Account, *, recovery: list[str]) -> SecondFactor:
    """Ten others; the former ones open nothing any more."""
    factor = SecondFactor.objects.select_for_update().filter(account=account).first()
    if factor is None:
        raise Refused("还没有启用两步验证，或已由他人重置：请先启用", CLAUSE)
    _give(factor, recovery)
    ctx.record(factor)
    return factor


def _give(factor: SecondFactor, recovery: list[str]) -> None:
    factor.recovery, factor.used = [_digest(factor.account, code) for code in recovery], []
    factor.save()


@act("centre.reset_second_factor", duty=("L1", "L2"), title="重置两步验证", clause="三(一)1")
def reset(ctx: Context, account: Account, *, reason: str) -> Account:
    """Somebody else's telephone is lost: the password alone lets the holder in again, for a day at least. Sessions that the
    lost telephone may have are over."""
    if not reason.strip():
        raise Refused("重置两步验证须写明原因", "工作方案 三(一)1")
    account = Account.objects.select_for_update().get(pk=account.pk)
    factor = SecondFactor.objects.select_for_update().filter(account=account).first()
    if factor is None:
        raise Refused(f"{account}没有启用两步验证", "工作方案 三(一)1")
    ctx.record_removed(SecondFactor, factor.pk)
    factor.delete()
    _allow(account, max(parameters.number("second_factor.grace_days"), 1))
    account.end_sessions()
    account.save()
    ctx.record(account)
    ctx.note = f"{account.username}：{reason.strip()}"
    depart(ctx, Departure(account.pk))
    return account


def afterwards(account: Account) -> str:
    """What a reset means for the holder, in Chinese."""
    by = account.second_factor_by
    if by is None or not needed(account):
        return "现在凭密码即可登录。"
    return f"现在凭密码即可登录，{by.year}年{by.month}月{by.day}日前须重新启用。"
