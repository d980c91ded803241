"""The one clock of the office.

Everything asks here for the time, so that a rehearsal or a demonstration can play weeks of work in a minute.
While the clock is moved, the ledger marks each entry as simulated: it can never pass for an official one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_offset: ContextVar[timedelta | None] = ContextVar("assay_clock_offset", default=None)
_begun: timedelta | None = None


def begin_at(moment: datetime | None) -> None:
    """Let the whole process live from `moment` (aware) on: for rehearsals of a site, told by ASSAY_REHEARSAL_CLOCK.
    Every page then says so. None: real time again."""
    global _begun
    _begun = moment - timezone.now() if moment is not None else None


def now() -> datetime:
    """Aware UTC time of the office."""
    return timezone.now() + offset()


def real_now() -> datetime:
    """Aware UTC time that no rehearsal moves: when somebody really came, how long a session really lasted, what a telephone's
    clock shows."""
    return timezone.now()


def today() -> date:
    """The calendar day in Shanghai."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in Shanghai at an aware moment: the day's first eight hours are another one in UTC."""
    return moment.astimezone(SHANGHAI).date()


def day_begins(day: date) -> datetime:
    """Its first moment, in the centre's time zone."""
    return datetime.combine(day, time(), SHANGHAI)


def shown(moment: datetime) -> str:
    """As people read it: 2022年11月19日 09:00, in Shanghai."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def shown_day(day: date) -> str:
    """A day as people read it: 2022年11月19日."""
    return f"{day.year}年{day.month}月{day.day}日"


def simulated() -> bool:
    return _offset.get() is not None or _begun is not None


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment` (aware); time goes on from there."""
    token = _offset.set(moment - timezone.now())
    try:
        yield
    finally:
        _offset.reset(token)


def offset() -> timedelta:
    """How far the clock is moved; nothing in real life."""
    return _offset.get() or _begun or timedelta()
