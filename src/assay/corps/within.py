"""What acts of later rooms do to people of the corps: within their act, in this room's own words."""

from __future__ import annotations

from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel.acts import Context


def tie(ctx: Context, member: Member, account: Account) -> None:
    """The account is this person's."""
    member.account = account
    member.save()
    ctx.record(member)
