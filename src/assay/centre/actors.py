"""From an account to an Actor: the duties that its posts hold today."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from assay.centre.models import Account, Appointment, Post
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.expected import Seen

CANDIDATE_DUTIES = frozenset({"C1"})
NOBODY = Actor(None, "未登录", frozenset())
SYSTEM = Actor(None, "系统", frozenset({"SYS"}))


def posts_of(account: Account) -> list[Post]:
    """The posts that the account holds today; none of a candidate or a disabled account."""
    if not account.is_active or account.kind == "candidate":
        return []
    day = clock.today()
    held = Appointment.objects.filter(account=account).select_related("post").order_by("post__code")
    return [a.post for a in held if a.in_force(day)]


def duties_of(account: Account, held: list[Post] | None = None) -> frozenset[str]:
    """The duty codes that the account's posts hold today; a candidate's own; none for a disabled account. `held`: its posts, where they
    are known already."""
    if account.is_active and account.kind == "candidate":
        return CANDIDATE_DUTIES
    return frozenset(code for post in (posts_of(account) if held is None else held) for code in post.duties)


def actor_of(account: Account, held: list[Post] | None = None) -> Actor:
    return Actor(account.pk, account.name, duties_of(account, held), department=account.department_id)


def posts(request: HttpRequest) -> list[Post]:
    """The posts of who sent the request; looked up once per request."""
    if not hasattr(request, "_held"):
        request._held = posts_of(request.user) if isinstance(request.user, Account) else []  # type: ignore[attr-defined]
    return request._held  # type: ignore[attr-defined]


def actor(request: HttpRequest) -> Actor:
    """Who sent the request; looked up once per request."""
    if not request.user.is_authenticated:
        return NOBODY
    if not hasattr(request, "_actor"):
        assert isinstance(request.user, Account)
        seen = getattr(request, "seen", Seen())  # put there by the Door: a request that cannot be read has none
        request._actor = replace(actor_of(request.user, posts(request)), seen=seen)  # type: ignore[attr-defined]
    return request._actor  # type: ignore[attr-defined]


def account(request: HttpRequest) -> Account:
    """The signed-in account of a request whose page is not public."""
    assert isinstance(request.user, Account)
    return request.user
