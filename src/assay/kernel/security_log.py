"""The security log: who signed in or failed to, what was refused, and who took personal data away or read full ID numbers.

No act and no ledger entry, for it is also of people who are nobody yet, and of readers who change nothing. One row an event, under
a keyed digest; the database refuses to change or remove one (`append_only`). Once a day the rows since the last time are
counted and their digests bound together in a recorded row, so the ledger remembers them as well (`due`, `bound`, an act of the
desk), and `assay ledger verify` finds what was changed or is missing. The same lines go to the logger `assay.security`. Passwords
and codes are never written, nor names of accounts that there are not: people type passwords there.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.db.models import Max
from django.http import HttpRequest

from assay.kernel import clock, devices, sealing
from assay.kernel.models import SecurityEvent, SecurityLogSeal
from assay.kernel.reading import UNREADABLE, chunks
from assay.kernel.recorded import canonical
from assay.kernel.throttle import address_of

KINDS: dict[str, str] = {
    "sign_in": "登录",
    "second_factor": "两步验证",
    "sign_out": "退出",
    "session": "登录会话",
    "refused": "越权被拒",
    "export": "导出下载",
    "identity": "查阅完整证件号码",
}
SETTLED = timedelta(hours=1)
"""Younger rows are not bound together yet: one with a lower number may still be on its way."""
_FACTS = ("at", "kind", "failed", "account_id", "who", "address", "device", "page", "what")
_log = logging.getLogger("assay.security")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Disclosure:
    """What a page gives away: `kind` is export or identity, `what` its title for people."""

    kind: str
    what: str


def exports(what: str) -> Callable[[View], View]:
    """The page is a list or a file with personal data: every reading by staff is logged."""
    return _disclosing(Disclosure("export", what))


def shows_identity(what: str) -> Callable[[View], View]:
    """The page shows ID numbers unmasked: every reading by staff is logged. Candidates only ever see their own."""
    return _disclosing(Disclosure("identity", what))


def _disclosing(disclosure: Disclosure) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.discloses = disclosure  # type: ignore[attr-defined]
        return view

    return declare


def note(
    request: HttpRequest, kind: str, *, what: str = "", failed: bool = False, account: Any = None, who: str = ""
) -> None:
    """Write one line; `account` is whoever is signed in unless told otherwise, `who` names somebody without an account."""
    account = account or (request.user if hasattr(request, "user") and request.user.is_authenticated else None)
    event = SecurityEvent(
        at=clock.real_now(),
        kind=kind,
        failed=failed,
        account_id=account.pk if account else None,
        who=(account.username if account else who)[:80],
        address=address_of(request)[:64],
        device=devices.named(request),
        page=request.path[:200],
        what=what[:200],
    )
    event.seal = sealing.seal(_said(event))
    event.save(force_insert=True)
    _log.info(json.dumps({name: canonical(getattr(event, name)) for name in _FACTS}, ensure_ascii=False))


def nobody(typed: str) -> str:
    """How a name stands in the log that no account has: to be told from others, not to be read."""
    return f"无此账号 {sealing.blind_index('nobody', typed)[:8]}"


def _said(event: SecurityEvent) -> str:
    return json.dumps([canonical(getattr(event, name)) for name in _FACTS], ensure_ascii=False)


def is_as_written(event: SecurityEvent) -> bool:
    try:
        return sealing.seal(_said(event), like=event.seal) == event.seal
    except UNREADABLE:
        return False


@dataclass(frozen=True)
class Bound:
    """A run of rows: their numbers, how many there are, and the digest over all of theirs."""

    first: int
    last: int
    count: int
    digest: str


def due() -> Bound | None:
    """The rows of past days that are not bound yet; None when there are none."""
    begun = clock.real_now().astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    if clock.real_now() - begun < SETTLED:
        return None
    return bound_before(begun)


def bound_before(moment: datetime) -> Bound | None:
    """The rows of before a moment that are not bound yet."""
    first = (SecurityLogSeal.objects.aggregate(Max("last"))["last__max"] or 0) + 1
    last = SecurityEvent.objects.filter(pk__gte=first, at__lt=moment).aggregate(Max("pk"))["pk__max"]
    return bound(first, last) if last is not None else None


def bound(first: int, last: int) -> Bound:
    digest, count = sha256(), 0
    rows = SecurityEvent.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    for pk, seal in rows.values_list("pk", "seal").iterator(chunk_size=5000):
        digest.update(f"{pk} {seal}\n".encode())
        count += 1
    return Bound(first, last, count, digest.hexdigest())


def bind(rows: Bound, at: datetime) -> SecurityLogSeal:
    """Within an act, which records it: these rows are counted."""
    return SecurityLogSeal.objects.create(first=rows.first, last=rows.last, count=rows.count, digest=rows.digest, at=at)


def _runs() -> Iterator[tuple[SecurityLogSeal, Bound]]:
    """What was bound, and the same lines as they are now. Where the numbers can no longer be read, the ledger says so."""
    for some in chunks(SecurityLogSeal, 2000):
        for kept in some:
            try:
                if isinstance(kept, SecurityLogSeal):
                    yield kept, bound(kept.first, kept.last)
            except UNREADABLE:
                continue


def differences() -> Iterator[tuple[str, str]]:
    """(where, what is wrong) of rows that are not as they were written, and of runs that are not as they were bound."""
    for some in chunks(SecurityEvent, 2000):
        for event in some:
            if not isinstance(event, SecurityEvent) or not is_as_written(event):
                yield f"安全日志第 {event.pk} 行", "内容与校验码不符：被改动，或绕过系统写入"
    for kept, now in _runs():
        if now.count != kept.count:
            yield f"安全日志{kept}", f"行数不符：封存时 {kept.count} 行，现有 {now.count} 行"
        elif now.digest != kept.digest:
            yield f"安全日志{kept}", "与封存时的校验码不符：其中的行被改动"
