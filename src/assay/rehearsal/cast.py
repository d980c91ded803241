"""Who plays: the accounts of the demo's posts, and the members tied to examiners' accounts."""

from __future__ import annotations

from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel.acts import Actor

SETTING_UP = Actor(None, "建校", frozenset({"L1", "L2", "X4", "E1"}))


class Cast:
    """Actors by user name or by member; each is looked up once for a day of the play."""

    def __init__(self) -> None:
        self._known: dict[str, Actor] = {}
        self._members: dict[int, Actor] = {}

    def __call__(self, username: str) -> Actor:
        if username not in self._known:
            self._known[username] = actor_of(Account.objects.get(username=username))
        return self._known[username]

    def member(self, member: int) -> Actor:
        """The account of a member of the corps."""
        if member not in self._members:
            account = Member.objects.select_related("account").get(pk=member).account
            assert account is not None
            self._members[member] = actor_of(account)
        return self._members[member]
