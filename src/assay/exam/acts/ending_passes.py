"""Passes to the hall's console end with their holder's right, and the halls are told."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Q

from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.centre.actors import SYSTEM
from assay.centre.departures import Departure
from assay.centre.models import Account
from assay.exam.halls import connected, hall_named
from assay.exam.models import EndedPass, Publication
from assay.exam.passes import LONGEST
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused

TOLD_FOR = timedelta(hours=24)
"""After that no pass is left that could be meant."""
QUICK_S = 5.0


def note_departure(ctx: Context, departure: Departure) -> None:
    """Whose right has ended may hold passes."""
    account = Account.objects.get(pk=departure.account)
    if account.kind == "staff":
        room = str(departure.room) if departure.room is not None else ""
        _end(ctx, [account], int(time.time()), room)


def _end(ctx: Context, accounts: list[Account], until: int, room: str = "") -> None:
    halls = _halls_at_work(ctx.at)
    for account in accounts:
        for hall in halls:
            ctx.record(EndedPass.objects.create(account=account, room=room, hall=hall, until=until))


def _halls_at_work(at: datetime) -> list[str]:
    """The halls to whose consoles there may be passes: they run a session, or ran one a little while ago."""
    recent = Q(state__in=[Publication.State.PUBLISHED, Publication.State.OPENED]) | Q(session__ends_at__gt=at - LONGEST)
    halls = Publication.objects.exclude(state=Publication.State.PREPARED).filter(recent).values_list("hall", flat=True)
    return sorted(set(halls))


def end_with_the_day() -> None:
    """Whose last day in a post was yesterday holds no pass of that day any more. Passes are in seconds of the real clock."""
    last = int((clock.day_begins(clock.today()) - clock.offset()).timestamp()) - 1
    noted = EndedPass.objects.filter(room="", until__gte=last).values("account")
    gone = Account.objects.filter(appointments__until=clock.today() - timedelta(days=1)).exclude(pk__in=noted)
    if _halls_at_work(clock.now()) and (accounts := list(gone.distinct())):
        end_passes_of(SYSTEM, accounts, last)


@act("exam.end_passes_of_the_day", duty="SYS", title="任期届满，控制台链接失效", clause="三(一)1")
def end_passes_of(ctx: Context, accounts: list[Account], until: int) -> None:
    """Passes of these accounts that were made until then."""
    _end(ctx, accounts, until)
    ctx.note = "、".join(str(account) for account in accounts)[:200]


def tell_halls() -> list[str]:
    """Tell the halls of passes that have ended and that they have not heard of; what could not be told, in Chinese."""
    end_with_the_day()
    since = int(time.time() - TOLD_FOR.total_seconds())
    by_hall: dict[str, list[EndedPass]] = {}
    for ended in EndedPass.objects.filter(told_at=None, until__gt=since).select_related("account"):
        by_hall.setdefault(ended.hall, []).append(ended)
    return [said for hall, ended in by_hall.items() if (said := _tell(hall, ended))]


def _tell(hall: str, ended: list[EndedPass]) -> str:
    """What to say when the hall could not be told; "" when it was."""
    try:
        with connected(hall_named(hall).url, QUICK_S) as client:
            client.end_passes([contract.EndedPass(str(one.account_id), one.until, one.room) for one in ended])
    except (HallUnreachable, Refused) as down:
        names = "、".join(sorted({one.account.name for one in ended}))
        return (
            f"没有通知到考试端{hall}（{down}）：{names} 若已打开考场控制台，在其到期前还能使用。连上后自动失效；"
            "紧急时请到考场收回其计算机"
        )
    note_told(SYSTEM, ended)
    return ""


@act("exam.note_told", duty="SYS", title="控制台链接失效已送达")
def note_told(ctx: Context, ended: list[EndedPass]) -> None:
    """No official fact: no ledger entry."""
    EndedPass.objects.filter(pk__in=[one.pk for one in ended]).update(told_at=int(time.time()))
