"""Who is signed in where: each browser's session has a row, which its holder sees and ends, and which ends by itself.

A session without a row is none. What is written at a visit is when it was last seen, once a minute at most. The limits are of the
office's pages; consoles of the hall have passes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from assay.centre import parameters, second_factor
from assay.centre.models import Account, OpenSession, SecondFactor
from assay.kernel import devices
from assay.kernel.clock import real_now
from assay.kernel.security_log import note
from assay.kernel.throttle import address_of

_KEY = "open_session"
_WRITTEN_AFTER = timedelta(minutes=1)
_REMEMBERED = timedelta(days=30)
BY_ITSELF = "X-By-Itself"
"""The header of requests that a live page makes without anybody's hand."""
OUTLIVING = "outliving"
"""Where the session keeps what was opened from it and goes on without it: consoles of the hall. It stays with the browser when time
ends the session, so that whoever signs in again and out still ends them."""
_ENDED = "这次登录已经结束，请重新登录。"
_STAYS_OPEN = "从这里打开的考场控制台不随之关闭：离开这台计算机前，请重新登录并点“退出登录”，控制台一并关闭。"


@dataclass(frozen=True)
class Limits:
    """What the parameters say, read at once: every request asks. `second_factor` says of whom one is needed."""

    idle: timedelta
    longest: timedelta
    second_factor: str

    @classmethod
    def read(cls) -> Limits:
        found = parameters.several("session.idle_minutes", "session.hours", "second_factor.needed")
        return cls(
            timedelta(minutes=int(found["session.idle_minutes"])),
            timedelta(hours=int(found["session.hours"])),
            str(found["second_factor.needed"]),
        )


def begin(sender: Any, request: HttpRequest, user: Account, **_: Any) -> None:
    """Somebody signed in, by whichever door. Rows that nobody will ask for go."""
    now = real_now()
    OpenSession.objects.filter(account=user, seen__lt=now - _REMEMBERED).delete()
    end(own(request))
    made = OpenSession.objects.create(
        account=user, fingerprint=_fingerprint(user), second_factor=second_factor.passed(request), since=now, seen=now,
        address=address_of(request), device=devices.named(request),
    )  # fmt: skip
    request.session[_KEY] = made.pk
    second_factor.ask(user)


def end_own(sender: Any, request: HttpRequest, user: Account | None, **_: Any) -> None:
    """Whoever signs out ends the session for good."""
    end(own(request))


user_logged_in.connect(begin, dispatch_uid="assay.open_sessions.begin")
user_logged_out.connect(end_own, dispatch_uid="assay.open_sessions.end")


def ended(request: HttpRequest, account: Account) -> str:
    """Why the session of this request is over, having ended it, in Chinese; nothing when it goes on. Every request asks; those that
    a page makes by itself keep nobody signed in."""
    has_one = Exists(SecondFactor.objects.filter(account=OuterRef("account")))
    rows = OpenSession.objects.filter(pk=own_number(request), account=account).annotate(has_one=has_one)
    row, limits, now = rows.first(), Limits.read(), real_now()
    said = _ENDED if row is None else _over(row, limits, has_one=row.has_one)
    if said or row is None:
        note(request, "session", what=said, account=account)
        goes_on = request.session.get(OUTLIVING) if row is not None and row.ended_at is None else None
        logout(request)
        if not goes_on:
            return said
        request.session[OUTLIVING] = goes_on
        return said + _STAYS_OPEN
    if now - row.seen >= _WRITTEN_AFTER and BY_ITSELF not in request.headers:
        OpenSession.objects.filter(pk=row.pk).update(seen=now, address=address_of(request))
    # Of whom a second factor is needed, for who has none: `desk.middleware` asks, when it is known who may do what.
    request.second_factor_of = "" if row.second_factor else limits.second_factor  # type: ignore[attr-defined]
    return ""


def _over(row: OpenSession, limits: Limits, *, has_one: bool) -> str:
    now = real_now()
    if row.ended_at is not None:
        return _ENDED
    if now - row.since >= limits.longest:
        return f"登录已满 {limits.longest // timedelta(hours=1)} 小时，请重新登录。"
    if now - row.seen >= limits.idle:
        return f"已有 {limits.idle // timedelta(minutes=1)} 分钟没有操作，为安全起见已退出，请重新登录。"
    if has_one and not row.second_factor:
        return "此账号已启用两步验证，请重新登录。"
    return ""


def going_on(account: Account) -> QuerySet[OpenSession]:
    """The account's sessions that are not over, the last seen first."""
    limits, now = Limits.read(), real_now()
    live = Q(
        ended_at=None, fingerprint=_fingerprint(account), seen__gt=now - limits.idle, since__gt=now - limits.longest
    )
    return account.open_sessions.filter(live).order_by("-seen")


def own_number(request: HttpRequest) -> int:
    """The number of the session that a request belongs to; 0 for none."""
    found: int = request.session.get(_KEY, 0)
    return found


def own(request: HttpRequest) -> QuerySet[OpenSession]:
    """The session that a request belongs to."""
    return OpenSession.objects.filter(pk=own_number(request))


def end(rows: QuerySet[OpenSession]) -> int:
    """End these sessions; their browsers find out at the next click."""
    return rows.filter(ended_at=None).update(ended_at=real_now())


def keep_this_one(request: HttpRequest, account: Account) -> None:
    """The account's password or epoch has changed, which ends all its sessions; whoever changed it goes on working."""
    update_session_auth_hash(request, account)
    own(request).update(fingerprint=_fingerprint(account), second_factor=second_factor.of(account) is not None)


def _fingerprint(account: Account) -> str:
    return account.get_session_auth_hash()[:32]
