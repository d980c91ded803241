"""Passes to the hall's console end with their holder's right, and the halls are told."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import Q

from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.centre.actors import SYSTEM
from assay.centre.departures import Departure
from assay.centre.models import Account
from assay.exam.halls import connected, hall_named
from assay.exam.models import EndedPass, Publication
from assay.exam.passes import LONGEST
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused

TOLD_FOR = timedelta(hours=24)
"""After that no pass is left that could be meant."""
QUICK_S = 5.0


def note_departure(ctx: Context, departure: Departure) -> None:
    """Whose right has ended may hold passes: to consoles of sessions that the halls run, or ran a little while ago."""
    account = Account.objects.get(pk=departure.account)
    if account.kind != "staff":
        return
    recent = Q(state__in=[Publication.State.PUBLISHED, Publication.State.OPENED]) | Q(
        session__ends_at__gt=ctx.at - LONGEST
    )
    halls = Publication.objects.exclude(state=Publication.State.PREPARED).filter(recent).values_list("hall", flat=True)
    room = str(departure.room) if departure.room is not None else ""
    for hall in sorted(set(halls)):
        ctx.record(EndedPass.objects.create(account=account, room=room, hall=hall, until=int(time.time())))


def tell_halls() -> list[str]:
    """Tell the halls of passes that have ended and that they have not heard of; what could not be told, in Chinese."""
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
