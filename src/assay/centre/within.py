"""What acts of the rooms above do to accounts: within their act, in this room's own words."""

from __future__ import annotations

from assay.centre.models import Account
from assay.kernel.acts import Context


def candidates_account(
    ctx: Context, known: int | None, *, username: str, name: str, department: int | None, password: str
) -> Account:
    """The account of a person whom somebody vouched for, with this (hashed) password: the one that the person has (`known`), the one
    of that name, or a new one. Sessions with the old password are over; one that was taken from the person is given back."""
    own = {"pk": known} if known else {"username": username}
    there = Account.objects.select_for_update().filter(**own).first()
    account = there or Account(username=username, kind="candidate")
    account.name, account.department_id = name, department
    account.password, account.must_change_password, account.password_expires_at = password, False, None
    account.is_active = account.vouched = True
    account.end_sessions()
    account.save()
    ctx.record(account)
    return account


def end_unvouched(ctx: Context, pk: int) -> bool:
    """Put an account out of use that nobody vouched for; False when somebody did."""
    account = Account.objects.select_for_update().get(pk=pk)
    if account.vouched:
        return False
    account.is_active = False
    account.end_sessions()
    account.save()
    ctx.record(account)
    return True
