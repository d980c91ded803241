"""Slowing down whoever guesses or floods, and nobody else.

A try is counted before it is looked at (so that a hundred at once are no way round) and given back when it was right. Tries
are counted by what is tried at what and from where, and by where alone; the numbers are in `limits`. What is counted lies in the
database, under keyed digests: several workers share it, and it says neither whose account nor which address.

The holder of an account is not held up by others: from another address, or in a browser that signed in before (`devices`),
other counts hold. For the rest there is `release`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from assay.kernel import clock, devices
from assay.kernel.limits import Kind, Limit
from assay.kernel.models import Tries
from assay.kernel.refusals import Refused
from assay.kernel.sealing import blind_index

RELEASED_FOR = timedelta(minutes=5)
_SWEPT_AT_ONCE = 100
_SKEW = 0.5
"""Seconds by which the clocks of two workers may differ."""


class Wait(Refused):
    """Not now: `seconds` from now it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"尝试过于频繁，请在 {seconds} 秒后再试。")
        self.seconds = seconds

    def on(self, response: HttpResponse) -> HttpResponse:
        """The page that says so, as HTTP 429."""
        response.status_code = 429
        response["Retry-After"] = str(self.seconds)
        return response


@dataclass(frozen=True)
class Turn:
    """A try that was let through and counted: under its own key and, but for a known browser, under the address's."""

    keys: Sequence[tuple[str, Limit]]

    def right(self) -> None:
        """It was right: forget what was tried at the subject from here, and take this one back from the address's count."""
        own = self.keys[0][0]
        with transaction.atomic():
            for row, limit in _locked(self.keys):
                if row.key == own:
                    row.delete()
                    continue
                row.count = max(row.count - 1, 0)
                row.open_at = min(row.open_at, row.at + timedelta(seconds=limit.wait(row.count)))
                row.save()


def enter(request: HttpRequest, kind: Kind, subject: str) -> Turn:
    """Count one try at `subject`. Raises Wait, and counts nothing, when it is too early for another."""
    keys = _counted(request, kind, subject)
    now = clock.now()
    with transaction.atomic():
        _make(keys, _subject(kind, subject), now)
        rows = _locked(keys)
        new = any(not row.count for row, _ in rows)
        left = max(_left(row, limit, now) for row, limit in rows)
        if left > _SKEW and not _released(kind, subject, now):
            raise Wait(ceil(left))
        for row, limit in rows:
            _count(row, limit, now)
    if new:
        _sweep(now)
    return Turn(keys)


def release(kind: Kind, subject: str) -> None:
    """Forget every wait for this subject, and let nothing be held up there for a few minutes, whoever goes on trying."""
    digest, now = _subject(kind, subject), clock.now()
    Tries.objects.filter(subject=digest).delete()
    Tries.objects.create(
        key=blind_index(f"tries:{kind.name}:release", subject), subject=digest, at=now, open_at=now,
        forgotten_at=now + RELEASED_FOR,
    )  # fmt: skip


def held_up(kind: Kind, subjects: Iterable[str]) -> dict[str, datetime]:
    """Which of `subjects` somebody has to wait for just now, and until when."""
    soon = clock.now() + timedelta(seconds=kind.subject.longest)
    waiting = dict(
        Tries.objects.filter(open_at__gt=clock.now(), open_at__lte=soon)
        .exclude(subject="")
        .order_by("open_at")
        .values_list("subject", "open_at")
    )
    named = ((subject, waiting.get(_subject(kind, subject))) for subject in subjects) if waiting else ()
    return {subject: until for subject, until in named if until is not None}


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind our own proxies (ASSAY_PROXIES) what the outermost of them saw. Of an IPv6 address
    the network: a household or a telephone has 2^64 of them."""
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    seen = [*said, request.META.get("REMOTE_ADDR", "")]
    text = seen[max(-1 - settings.PROXIES, -len(seen))]
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else address.exploded[:19]
    return str(address)


def _counted(request: HttpRequest, kind: Kind, subject: str) -> list[tuple[str, Limit]]:
    """Under which keys a try is counted, the own one first."""
    word = devices.word_of(request, subject)
    if word:
        return [(blind_index(f"tries:{kind.name}:device", f"{subject}\x1f{word}"), kind.subject)]
    address = address_of(request)
    return [
        (blind_index(f"tries:{kind.name}:pair", f"{subject}\x1f{address}"), kind.subject),
        (blind_index(f"tries:{kind.name}:address", address), kind.address),
    ]


def _locked(keys: Sequence[tuple[str, Limit]]) -> list[tuple[Tries, Limit]]:
    """The rows that are there, locked in one order, so that nobody waits in a ring."""
    limits = dict(keys)
    rows = Tries.objects.select_for_update().filter(key__in=limits).order_by("key")
    return [(row, limits[row.key]) for row in rows]


def _make(keys: Sequence[tuple[str, Limit]], subject: str, now: datetime) -> None:
    """Make the rows that are missing and lock those that are there, in the same one order: to look first which are missing would
    let two workers wait in a ring."""
    own = keys[0][0]
    Tries.objects.bulk_create(
        [
            Tries(key=key, subject=subject if key == own else "", at=now, open_at=now, forgotten_at=now)
            for key in sorted(dict(keys))
        ],
        update_conflicts=True, unique_fields=["key"], update_fields=["subject"],
    )  # fmt: skip


def _left(row: Tries, limit: Limit, now: datetime) -> float:
    """Seconds to wait; none for what is free. More than the longest wait was written before the clock was set back, and holds
    up nobody."""
    if not limit.wait(row.count):
        return 0
    left = (row.open_at - now).total_seconds()
    return left if left <= limit.longest + _SKEW else 0


def _count(row: Tries, limit: Limit, now: datetime) -> None:
    passed = max((now - row.at).total_seconds(), 0)
    row.count = min(max(row.count - passed / limit.forgets, 0) + 1, limit.most)
    row.at = now
    row.open_at = now + timedelta(seconds=limit.wait(row.count))
    row.forgotten_at = now + timedelta(seconds=row.count * limit.forgets)
    row.save()


def _sweep(now: datetime) -> None:
    """Whoever made a row takes old ones away: there are never more than the live ones and a few. In a transaction of its own,
    for it locks what others may be waiting for."""
    with transaction.atomic():
        old = Tries.objects.select_for_update(skip_locked=True).filter(forgotten_at__lt=now)
        Tries.objects.filter(key__in=[row.key for row in old[:_SWEPT_AT_ONCE]]).delete()


def _released(kind: Kind, subject: str, now: datetime) -> bool:
    return Tries.objects.filter(key=blind_index(f"tries:{kind.name}:release", subject), forgotten_at__gt=now).exists()


def _subject(kind: Kind, subject: str) -> str:
    return blind_index(f"tries:{kind.name}:subject", subject)
