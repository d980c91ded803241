"""Whether late answers were given in time: what the page counted, and what the hall itself knows of the end of the sitting.

The page's own count is what the candidate's computer says. It is believed only as far as nothing that the hall knows speaks
against it; the invigilator, who decides, is shown both.
"""

from __future__ import annotations

import msgspec

from assay.hall.facts import SittingFacts
from assay.hall.sittings import CLOSINGS
from assay.hall.state import LiveSitting
from assay.hall.wording import UNKNOWN_SINCE, lasting, moment_text, since_text

SLACK_MS = 30_000
"""How far the page's count may be from the hall's, and a request on its way."""


class Judgement(msgspec.Struct, frozen=True):
    """Between which moments (hall's ms) an answer was given in time; none is when the candidate had handed in."""

    since: int
    until: int
    handed_in: bool

    def in_time(self, at: int) -> bool:
        return not self.handed_in and self.since <= at <= self.until


def judgement(sitting: LiveSitting, settled_at: int, *, old: bool = False, left_at: int = 0) -> Judgement:
    """What is asked of an answer's time. After a hand-in by the candidate's page nothing is in time: it had sent all before. That
    is not said of an old computer, which the candidate had left: the hand-in was at another. Of what was given where the candidate
    had been before, nothing counts that was given after the leaving (`left_at`; 0: there was none, or it is not known).
    Nor is anything before the sitting began, after the end or the closing by somebody else, or before the moment at which the
    computer itself had told the hall that nothing was left to send (`settled_at`; 0: it is not known)."""
    facts, pack = sitting.facts, sitting.pack
    since = max(facts.started_at, settled_at) - SLACK_MS
    ends = [sitting.deadline(), pack.now() + SLACK_MS]
    if facts.handed_in_at:
        ends.append(facts.handed_in_at)
    if left_at:
        ends.append(left_at + SLACK_MS)
    return Judgement(since, min(ends), bool(facts.handed_in_at) and not facts.forced and not old)


def settled_before(sitting: LiveSitting, source: str) -> int:
    """When the computer that brings late answers had last told that it held none. A file does not say which computer it is
    from: that is known only where there was no other."""
    same = source == "network" or sitting.facts.epoch == 1
    return sitting.settled_at if same else 0


def what_is_known(sitting: LiveSitting, old_epoch: int = 0) -> str:
    """In the words of the record and of the console: the last contact before the end, how long the computer was away around it,
    and how and when the sitting was closed. `old_epoch`: of which sign-in the computer is, when the candidate had left it."""
    facts, now = sitting.facts, sitting.pack.now()
    contact = facts.missing_since or sitting.last_seen
    said = ["考试端重新启动后没有与该机联系过"]
    if contact > UNKNOWN_SINCE:
        said = [f"考试端最后与该机联系 {moment_text(contact)}"]
        away, unheard = now - contact, sitting.room.unheard_within(contact, now)
        if facts.missing_since or (not facts.handed_in_at and sitting.silent(now)):
            own = f"，其中考试端中断 {unheard // 1000} 秒" if unheard >= 1000 else ""
            said.append(f"此后离线 {lasting(away)}{own}")
        elif facts.handed_in_at:
            said.append("收卷时没有离线")
    if old_epoch:
        said = _known_of_old(facts, old_epoch)
    closed = f"{moment_text(facts.handed_in_at)} {CLOSINGS[sitting.closing()]}" if facts.handed_in_at else "尚未交卷"
    return "，".join([*said, closed])


def _known_of_old(facts: SittingFacts, old_epoch: int) -> list[str]:
    """Of an earlier sign-in: since when its computer was not heard, and when the candidate was no longer there. Whether he has
    signed in anew is said, not that he answers there: he may not have begun, or have been signed out by the invigilator."""
    place, said = "该页面", f"来自第 {old_epoch} 次登录的页面，没有等候其中的答案"
    if old_epoch in facts.old_computers:
        place = "旧机"
        said = f"第 {old_epoch} 次登录的旧机 {since_text(facts.old_computers[old_epoch])}没有联系"
    anew = f"已第 {facts.epoch} 次登录" if facts.address else "尚未再次登录"
    if old_epoch not in facts.left_at:
        return [said, f"考生{anew}"]
    left = moment_text(facts.left_at[old_epoch])
    return [said, f"考生 {left} 起不用{place}（{anew}）", f"{place}上此后的作答不计时限内"]
