"""What whoever has an account does with it: the password, and the browsers that are signed in."""

from __future__ import annotations

from django.db.models import QuerySet

from assay.centre import open_sessions
from assay.centre.departures import Departure, depart
from assay.centre.models import Account, OpenSession
from assay.kernel.acts import OWN, Context, act
from assay.kernel.refusals import NotAllowed, Refused

CLAUSE = "工作方案 三(一)2(1)⑪"


def own_account(ctx: Context, account: Account) -> Account:
    """The actor's account, locked. Raises NotAllowed for somebody else's."""
    if account.pk != ctx.actor.account_id:
        raise NotAllowed(f"“{ctx.act.title}”只能由账号本人办理", CLAUSE)
    return Account.objects.select_for_update().get(pk=account.pk)


@act("desk.change_own_password", duty=OWN, title="修改本人密码", clause="三(一)2(1)⑪")
def change_password(ctx: Context, account: Account, password: str) -> Account:
    """Set one's own (validated) password. Whoever had come by the former one keeps nothing that it opened."""
    account = own_account(ctx, account)
    account.set_password(password)
    account.must_change_password, account.password_expires_at = False, None
    account.save(update_fields=["password", "must_change_password", "password_expires_at"])
    ctx.record(account)
    depart(ctx, Departure(account.pk))
    return account


@act("desk.end_session", duty=OWN, title="结束本人的登录", clause="三(一)2(1)⑪")
def end_sessions(ctx: Context, account: Account, sessions: QuerySet[OpenSession]) -> int:
    """End some of one's own sessions, at another browser for instance, with the consoles of the hall that were opened from anywhere:
    nobody knows from which."""
    account = own_account(ctx, account)
    sessions = sessions.filter(account=account)
    there = [f"{row.device}（{row.address}）" for row in sessions]
    if not there:
        raise Refused("这些登录已经结束了")
    ended = open_sessions.end(sessions)
    ctx.record(account)
    depart(ctx, Departure(account.pk))
    ctx.note = f"结束 {account.username} 的登录：{'、'.join(there)}"
    return ended
