"""Wrong tries at the door, and sign-ins of one who is at work already, as the room's record keeps them: of each seat and network address
one line for a burst, with how many there were and between when, never what was typed.

A line is written when the burst has come to its end: quiet for a while, or the candidate has come in from there, or the room ends; a
long one is told in between. One or two wrong tries that the right number follows from the same address are a slip of the hand and stand
nowhere; a sign-in with the right number that was refused stands there were it the only one, and before the deed that follows from it. A
ticket that is nobody's makes no line, and of each seat no more than `MOST_NOTED` (remarks.py) ever stand in the record.
"""

from __future__ import annotations

from assay.hall import remarks
from assay.hall.committer import Committer
from assay.hall.computers import from_computer
from assay.hall.edit import Edit
from assay.hall.facts import Burst
from assay.hall.remarks import MOST_NOTED, REMARKS, Noticed, remark
from assay.hall.state import Hall, LiveSitting
from assay.hall.wording import moment_text, named
from assay.hall.wrong_tries import FREE, MANY_WRONG

QUIET_MS = 60_000
MOST_ADDRESSES = 8
ELSEWHERE = "其他地址"


def place_of(sitting: LiveSitting, address: str) -> str:
    """Under which name an address is counted: so many by their own, the others together."""
    known = {**sitting.facts.wrong_tries, **sitting.facts.bursts}
    return address if address in known or len(known) < MOST_ADDRESSES else ELSEWHERE


def count(edit: Edit, sitting: LiveSitting, address: str) -> None:
    """One more."""
    facts, now, where = sitting.facts, sitting.pack.now(), place_of(sitting, address)
    tries, bursts = facts.wrong_tries, facts.bursts
    burst = bursts.get(where, Burst(0, now, now))
    burst = Burst(burst.tries + 1, burst.first, now)
    edit.sitting(sitting, wrong_tries={**tries, where: tries.get(where, 0) + 1}, bursts={**bursts, where: burst})
    if burst.tries >= FREE:
        tell(edit, sitting, where)


def tell(edit: Edit, sitting: LiveSitting, where: str) -> None:
    """The burst from there is over."""
    bursts = dict(sitting.facts.bursts)
    burst = bursts.pop(where)
    edit.sitting(sitting, bursts=bursts)
    remark(edit, sitting, Noticed.WRONG_NUMBER, f"{burst.tries} 次，{_between(burst)}，{from_computer(sitting, where)}")


def _between(burst: Burst) -> str:
    first, last = moment_text(burst.first), moment_text(burst.last)
    return first if first == last else f"{first} 至 {last}"


def count_refused(edit: Edit, sitting: LiveSitting, address: str) -> None:
    """One more with the right number, who is at work already."""
    refused, now = sitting.facts.refused, sitting.pack.now()
    where = address if address in refused or len(refused) < MOST_ADDRESSES else ELSEWHERE
    burst = refused.get(where, Burst(0, now, now))
    remarks.count(edit, sitting, Noticed.SECOND_SIGN_IN)
    edit.sitting(sitting, refused={**refused, where: Burst(burst.tries + 1, burst.first, now)})


def tell_refused(edit: Edit, sitting: LiveSitting, over: int | None = None) -> None:
    """Those that ended until then: what follows from them, a deed or a sign-in, stands after them in the record."""
    refused = sitting.facts.refused
    if not refused:
        return
    for where, burst in refused.items():
        before = sitting.facts.remarks.get(Noticed.SECOND_SIGN_IN, 0) - burst.tries
        if (over is None or burst.last <= over) and before < MOST_NOTED:
            times = f"{burst.tries} 次，" if burst.tries > 1 else ""
            text = f"{times}{_between(burst)}，{from_computer(sitting, where)}"
            line = f"{named(sitting)}：{REMARKS[Noticed.SECOND_SIGN_IN]}（{text}）"
            edit.said(sitting, Noticed.SECOND_SIGN_IN, line, "考试端")
    edit.sitting(sitting, refused={} if over is None else {w: one for w, one in refused.items() if one.last > over})


def came_in(edit: Edit, sitting: LiveSitting, address: str) -> None:
    """The right number, from this address."""
    tell_refused(edit, sitting)
    burst = sitting.facts.bursts.get(address)
    if burst is not None and burst.tries >= MANY_WRONG:
        tell(edit, sitting, address)
    elif burst is not None:
        edit.sitting(sitting, bursts={where: one for where, one in sitting.facts.bursts.items() if where != address})


def tell_all(edit: Edit, sitting: LiveSitting) -> None:
    """The room ends: nothing is waited for any more."""
    for where in list(sitting.facts.bursts):
        tell(edit, sitting, where)
    tell_refused(edit, sitting)


class DoorRecord:
    """Looks again and again for bursts that are over."""

    def __init__(self, hall: Hall, committer: Committer) -> None:
        self._hall, self._committer = hall, committer

    async def settle(self) -> None:
        """Also those that another process, or this one before it was started anew, has counted."""
        found = [
            s
            for pack in list(self._hall.packs.values())
            for s in pack.sittings.values()
            if (s.facts.bursts or s.facts.refused) and (_over(s) or _refused_over(s))
        ]
        if found:
            await self._committer.change(lambda edit, _: _tell_over(edit, found))


def _over(sitting: LiveSitting) -> list[str]:
    now = sitting.pack.now()
    return [
        where
        for where, burst in sitting.facts.bursts.items()
        if burst.tries >= MANY_WRONG and now - burst.last >= QUIET_MS
    ]


def _refused_over(sitting: LiveSitting) -> bool:
    quiet_since = sitting.pack.now() - QUIET_MS
    return any(burst.last <= quiet_since for burst in sitting.facts.refused.values())


def _tell_over(edit: Edit, found: list[LiveSitting]) -> None:
    for sitting in found:
        for where in _over(sitting):
            tell(edit, sitting, where)
        if _refused_over(sitting):
            tell_refused(edit, sitting, sitting.pack.now() - QUIET_MS)
