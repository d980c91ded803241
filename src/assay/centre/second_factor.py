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
from assay.centre.duties import SENSITIVE
from assay.centre.models import Account, SecondFactor
from assay.centre.parameters import EVERYBODY, SENSITIVE_DUTIES
from assay.kernel import totp
from assay.kernel.clock import day_of, real_now
from assay.kernel.drawn import drawn, plain
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
        allow(account, parameters.number("second_factor.grace_days"))
        account.save(update_fields=["second_factor_by"])


def allow(account: Account, days: int) -> None:
    """The password alone is good for so many days from now."""
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
        digest = code_digest(account, code)
        if digest not in factor.recovery or digest in factor.used:
            return ""
        factor.used = [*factor.used, digest]
        factor.save(update_fields=["used"])
        return RECOVERY


def why_refused(account: Account, code: str) -> str:
    """Of a code that was not taken, for the security log: whether it had been good once. Whoever typed it is not told."""
    factor = of(account)
    if factor is not None and totp.step_of(factor.secret, code, real_now()) is not None:
        return "验证码已用过"
    used = factor is not None and code_digest(account, code) in factor.used
    return "恢复码已用过" if used else "验证码不对"


def codes_left(account: Account) -> int:
    """How many recovery codes are still good."""
    factor = of(account)
    return factor.recovery_left if factor else 0


def code_digest(account: Account, code: str) -> str:
    """What is kept of a recovery code."""
    return blind_index("recovery", f"{account.pk}\x1f{plain(code)}")


# ---- setting up, renewing, taking away ---------------------------------------------------------------------------------


def new_codes() -> list[str]:
    """Ten codes of 46 bits, to be shown once."""
    return [drawn(_CODE_LENGTH, group=5) for _ in range(RECOVERY_CODES)]


def afterwards(account: Account) -> str:
    """What a reset means for the holder, in Chinese."""
    by = account.second_factor_by
    if by is None or not needed(account):
        return "现在凭密码即可登录。"
    return f"现在凭密码即可登录，{by.year}年{by.month}月{by.day}日前须重新启用。"
