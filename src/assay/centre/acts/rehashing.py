"""Passwords that were hashed more weakly than is done today: hashed anew when their holder types them, which is the only moment at
which that can be done."""

from __future__ import annotations

from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password

from assay.centre.actors import SYSTEM
from assay.centre.models import Account
from assay.kernel.acts import Context, act


def rehash_if_weak(account: Account, password: str) -> None:
    """`password` was just found to be the account's."""
    hasher = get_hasher()
    of_old = identify_hasher(account.password).algorithm != hasher.algorithm
    if of_old or hasher.must_update(account.password):
        account.password = _rehash(SYSTEM, account, account.password, make_password(password))


@act("centre.rehash_password", duty="SYS", title="更新密码的存储强度", clause="三(一)2(1)⑪")
def _rehash(ctx: Context, account: Account, former: str, hashed: str) -> str:
    """The hash that holds; one that was set meanwhile stays."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.password == former:
        account.password = hashed
        account.save(update_fields=["password"])
        ctx.record(account)
    return account.password
