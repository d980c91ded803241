"""When a computer is not to be heard: how long it was away, what is said of it, and who was away at the end."""

from __future__ import annotations

from typing import NamedTuple

from assay.hall.computers import at_computer, places
from assay.hall.edit import Edit
from assay.hall.remarks import Noticed, noticed
from assay.hall.state import OFFLINE_MS, LiveSitting
from assay.hall.store.contract import Store
from assay.hall.wording import UNKNOWN_SINCE, moment_text, named

UNCERTAIN_MS = 15_000
"""A page speaks at least every fifteen seconds: less than that beside a pause may be no loss at all."""


class Spell(NamedTuple):
    """A time away by the hall's clock, how much of it the clock stood still, and how much of it the hall itself was away: that is
    made up for, or not, to all of the room at once."""

    since: int
    until: int
    paused: int
    hall_away: int = 0

    @property
    def lost_ms(self) -> int:
        """What nothing else made up for."""
        lost = self.until - self.since - self.paused - self.hall_away
        return lost if lost > UNCERTAIN_MS else 0

    def text(self) -> str:
        paused = f"，其中暂停 {self.paused // 1000} 秒" if self.paused >= 1000 else ""
        away = f"，其中考试端中断 {self.hall_away // 1000} 秒" if self.hall_away >= 1000 else ""
        return f"{moment_text(self.since)} 起离线，{moment_text(self.until)} 恢复{paused}{away}"


def spell(sitting: LiveSitting, now: int) -> Spell | None:
    """The time away that would end now; None when the computer was heard a moment ago, or never, or when it was the hall that
    was away."""
    since = sitting.last_seen
    if not since or not sitting.silent(now):
        return None
    return Spell(since, now, sitting.paused_within(since, now), sitting.hall_away_within(since, now))


def count_return(edit: Edit, sitting: LiveSitting, now: int) -> Spell | None:
    """A computer is heard again: its loss is added up. More than was lost is never carried over to the next time."""
    facts, away = sitting.facts, spell(sitting, now)
    if away is None or not facts.started_at or facts.handed_in_at:
        return None
    total = facts.away_ms + away.lost_ms
    edit.sitting(sitting, away_ms=total, made_up_ms=min(facts.made_up_ms, total))
    return away


def notice(edit: Edit, sitting: LiveSitting, now: int, address: str) -> None:
    """What the hall itself sees of a computer: how long it was away, a change of its address."""
    away = count_return(edit, sitting, now)
    if sitting.facts.epoch in sitting.facts.old_computers:  # it might have been left for another, and is back
        edit.sitting(sitting, old_computers=without(sitting.facts.old_computers, sitting.facts.epoch))
    if away is not None:
        edit.said(sitting, "offline", f"{named(sitting)} {away.text()}", "考试端")
    facts = sitting.facts
    if address and address != facts.address:
        if facts.address:
            line = f"{named(sitting)} 的网络地址由 {facts.address} 变为 {address}{_at_seat(sitting, address)}"
            noticed(edit, sitting, Noticed.ADDRESS, line)
        edit.sitting(sitting, address=address)
    sitting.heard(now)


def _at_seat(sitting: LiveSitting, address: str) -> str:
    """Whose computer an address is, where that is known."""
    return f"（{at_computer(sitting, address)}）" if address in places(sitting.room) else ""


def may_hold_answers(edit: Edit, sitting: LiveSitting, epoch: int) -> None:
    """The candidate leaves the computer of a sign-in for another one: what it holds is waited for until it has reported."""
    left = sitting.last_seen or UNKNOWN_SINCE
    edit.sitting(sitting, old_computers={epoch: left, **sitting.facts.old_computers})


def same_browser(sitting: LiveSitting) -> list[int]:
    """Of which earlier sign-ins the computers are waited for that were in the browser of the last one: what it held then, it holds now."""
    facts = sitting.facts
    here = facts.browsers.get(facts.epoch)
    return [
        epoch for epoch in facts.old_computers if epoch != facts.epoch and here and facts.browsers.get(epoch) == here
    ]


def holds_nothing(edit: Edit, sitting: LiveSitting) -> None:
    """The page has nothing left to send: nor has an earlier page of the same browser."""
    for epoch in same_browser(sitting):
        edit.sitting(sitting, old_computers=without(sitting.facts.old_computers, epoch))
        text = f"{named(sitting)} 是在同一台计算机上重新登录的，没有未送达的答案"
        edit.said(sitting, "found", text, "考试端")


def leaves(edit: Edit, sitting: LiveSitting) -> None:
    """The candidate is no longer at the computer of the last sign-in: what is given there from now on is not the candidate's."""
    facts = sitting.facts
    if facts.epoch:
        edit.sitting(sitting, left_at={facts.epoch: sitting.pack.now(), **facts.left_at})


def without(old_computers: dict[int, int], epoch: int) -> dict[int, int]:
    """The computers that may hold answers, but for the one of a sign-in."""
    return {other: since for other, since in old_computers.items() if other != epoch}


def missing_at_the_end(sitting: LiveSitting, *, by_time: bool) -> int:
    """Since when a computer is away whose sitting is being closed by somebody else than the candidate; 0 when it is there.
    A page that is there hands in by itself once its time is over: one not heard since then may hold answers. So may one that has
    not been heard since the hall itself was away: here that time counts."""
    unheard = sitting.pack.now() - sitting.last_seen > OFFLINE_MS
    if unheard or (by_time and sitting.last_seen < sitting.deadline()):
        return sitting.last_seen or UNKNOWN_SINCE
    return 0


async def heard_elsewhere(store: Store, sitting: LiveSitting) -> None:
    """When other processes share the store, one of them may have heard the sitting later than this one."""
    if store.shared:
        for seen, saved in await store.read("present", sitting.sitting.id):
            sitting.last_seen = max(sitting.last_seen, seen)
            sitting.last_save = max(sitting.last_save, saved)
