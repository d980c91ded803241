"""What anybody with an account does for oneself."""

from __future__ import annotations

from dataclasses import replace

from assay.centre.actors import actor_of
from assay.centre.departures import Departure, depart
from assay.centre.models import Account
from assay.kernel.acts import Context, act

SECRECY = "E11"


@act("desk.change_own_password", duty=SECRECY, title="修改本人口令", clause="三(一)2(1)⑪")
def _change(ctx: Context, account: Account, password: str) -> Account:
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
