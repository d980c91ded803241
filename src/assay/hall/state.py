"""What the hall knows while it runs: packs, sittings, rooms. All of it is read from the store at the start, and kept in
step with the store when several processes share one."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from assay import typed
from assay.bridge.contract import Item, Pack, Paper, Reason, Room, Sitting, open_items, pictures_of
from assay.hall.attendance import attendance, came_without
from assay.hall.facts import Outage, PackFacts, RoomFacts, SittingFacts

MINUTE = 60_000
IDLE_MS = 180_000
OFFLINE_MS = 45_000
BEAT_MS = 20_000
"""A page speaks at least every fifteen seconds, and then hears that its computer was left."""
REOPEN_MS = 120_000
AFTER_OUTAGE_MS = 60_000


class Ending(StrEnum):
    """How a sitting is closed: by the candidate, by an invigilator, by time."""

    HAND_IN = "hand_in"
    FORCED = "forced"
    TIMED = "timed"


BY_TIME = "到时自动"
"""Who hands in for those whose time is over."""


def real_ms() -> int:
    """The machine's clock, which no rehearsal moves."""
    return int(time.time() * 1000)


@dataclass(slots=True)
class LivePaper:
    """A paper; its items are known once it has been opened. `outline`: (item id, number of options) section by section, `groups`:
    item id → its case, from which each candidate's own order is drawn. `questions`: how many are to be answered; every part of a case is
    one, which is known once the paper has been opened."""

    paper: Paper
    items: dict[str, Item] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    outline: list[list[tuple[str, int]]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    questions: int = 0

    def __post_init__(self) -> None:
        self.questions = sum(section.count for section in self.paper.sections)

    def open(self, key: bytes) -> None:
        """Open the sealed items with the paper's key."""
        self.items = {item.id: item for item in open_items(self.paper, key)}
        self.pictures = {digest for item in self.items.values() for digest in pictures_of(item)}
        self.outline = [
            [
                (one.id, len(one.options))
                for one in self.items.values()
                if ("case" if one.group else one.type) == section.type
            ]
            for section in self.paper.sections
        ]
        self.questions = len(self.items)
        self.groups = {item.id: item.group for item in self.items.values() if item.group}


@dataclass(slots=True, eq=False)
class LiveSitting:
    """A sitting as it runs. `last_seen`, `last_save`, `back_at` (heard again after a time away) and `settled_at` (its page told
    that nothing is left to send) are the hall's clock as this process knows it; `answered` is the number of items answered when
    the room was last counted."""

    sitting: Sitting
    pack: LivePack
    room: LiveRoom
    paper: LivePaper
    facts: SittingFacts
    last_seen: int = 0
    last_save: int = 0
    back_at: int = 0
    settled_at: int = 0
    answered: int = 0

    def heard(self, now: int) -> None:
        """The computer spoke."""
        if self.silent(now):
            self.back_at = now
        self.last_seen = now

    def silent(self, now: int) -> bool:
        """Whether the computer has not been heard for long. Only the time counts in which the hall was there to hear: its own time
        away says nothing of a computer."""
        passed = now - self.last_seen
        return passed > OFFLINE_MS and passed - self.room.unheard_within(self.last_seen, now) > OFFLINE_MS

    def minutes(self) -> int:
        """The minutes of this sitting: the paper's, its own extra ones and the room's."""
        return (
            self.paper.paper.minutes
            + self.sitting.extra_minutes
            + self.facts.extra_minutes
            + self.room.facts.extra_minutes
        )

    def deadline(self, now: int | None = None) -> int:
        """The end of this sitting by the hall's clock, pauses and extra time in it, as it stands at `now` (the present)."""
        now = self.pack.now() if now is None else now
        return self.pack.starts_ms + self.minutes() * MINUTE + self.paused_ms(now)

    def end(self, now: int) -> int:
        """The deadline as it would be if the pause that still lasts had just begun."""
        since = self.paused_since()
        return self.deadline(now) - (now - since) if since else self.deadline(now)

    def paused_since(self) -> int:
        """Since when the clock stands still, for the room's pause or this one's own; 0 when it runs."""
        own, all_of_it = self.facts.paused_at, self.room.facts.paused_at
        return min(own, all_of_it) if own and all_of_it else own or all_of_it

    def paused_ms(self, now: int) -> int:
        """How long the clock has stood still in all. Where the room's pause and an own one overlap, the time counts once."""
        facts, paused = self.facts, self.room.paused_ms(now)
        return paused + self.paused_alone(0, now) if facts.pauses or facts.paused_at else paused

    def paused_within(self, since: int, until: int) -> int:
        """How much of a stretch the clock stood still."""
        return self.room.paused_within(since, until) + self.paused_alone(since, until)

    def hall_away_within(self, since: int, until: int) -> int:
        """How much of a stretch the hall itself was away while the clock ran."""
        away = 0
        for outage in self.room.facts.outages:
            first, last = max(since, outage.began), min(until, outage.ended)
            if first < last:
                away += last - first - self.paused_within(first, last)
        return away

    def paused_alone(self, since: int, until: int) -> int:
        """How much of a stretch was an own pause while the room went on."""
        facts = self.facts
        present = ((facts.paused_at, until),) if facts.paused_at else ()
        alone = 0
        for began, ended in (*facts.pauses, *present):
            first, last = max(since, began), min(until, ended)
            if first < last:
                alone += last - first - self.room.paused_within(first, last)
        return alone

    def taken_until(self, now: int) -> int:
        """Until when answers are taken: a little after the deadline; where the time ran out while the hall itself was away, a
        little after its return, for pages to deliver what they hold."""
        over = self.deadline(now)
        end = over + self.pack.grace_ms
        for outage in self.room.facts.outages:
            if outage.began <= end and over <= outage.ended:
                end = max(end, outage.ended + AFTER_OUTAGE_MS)
        return end

    def taken_ms(self, now: int) -> int:
        """The same as how long after the deadline."""
        return self.taken_until(now) - self.deadline(now) if self.room.facts.outages else self.pack.grace_ms

    def over(self, now: int) -> bool:
        """True once this sitting can take no answers any more, handed in or not. A room that was withdrawn before its start
        was never at work."""
        closed = self.room.facts.closed_at
        return closed >= self.pack.starts_ms if closed else now > self.taken_until(now)

    def status(self, now: int) -> str:
        """One word for the seat map."""
        facts = self.facts
        if facts.handed_in_at:
            return "missing" if facts.missing_since else "handed_in"
        if (not facts.started_at or self.room.facts.closed_at) and self.over(now):
            return "rescheduled" if self.rescheduled() else attendance(facts)
        if not facts.arrived_at:
            return "expected"
        if self.silent(now):
            return "offline"
        if not facts.started_at:
            return "waiting" if facts.admitted_at else "identified"
        if self.paused_since():
            return "paused"
        quiet_since = max(self.last_save, facts.started_at, self.back_at)
        if now - quiet_since <= IDLE_MS:
            return "answering"
        stood_still = self.paused_within(quiet_since, now) + self.hall_away_within(quiet_since, now)
        return "idle" if now - quiet_since - stood_still > IDLE_MS else "answering"

    def rescheduled(self) -> bool:
        """Whether the room was given up before this one, who had come, had handed in."""
        return self.room.facts.rescheduled and bool(self.facts.arrived_at) and not self.facts.handed_in_at

    def came_without(self, now: int, *, at_an_end: bool = False) -> Reason | Literal[""]:
        """Why this one came and did not answer (see `attendance.py`); "" for everybody else. `at_an_end`: as it is if the room ends
        now."""
        if self.facts.started_at:
            return ""
        return came_without(self.facts, over=at_an_end or self.over(now), rescheduled=self.rescheduled())

    def reopen_until(self) -> int:
        """Until when the candidate's own hand-in may be taken back; 0 when it may not."""
        facts = self.facts
        if not facts.handed_in_at or self.room.facts.closed_at or self.pack.facts.collected_at:
            return 0
        if self.closing() != Ending.HAND_IN:
            return 0
        return min(facts.handed_in_at + REOPEN_MS, self.end(self.pack.now()))

    def old_computer_since(self, now: int) -> int:
        """The same as the facts say, as far as it is to be shown: whoever was only signed out has gone to no other computer yet, and the
        page there has its next beat to tell that it holds nothing."""
        facts = self.facts
        if not facts.old_computers:
            return 0
        gone = {epoch for epoch in facts.waited_for if epoch < facts.epoch and facts.address}
        return min(
            (heard for epoch, heard in facts.waited_for.items() if epoch in gone or now - heard > BEAT_MS), default=0
        )

    def waits_for_any_computer(self) -> bool:
        """Its hand-in was taken back, and no page has gone on since."""
        return self.facts.may_move and not self.facts.address

    def minutes_due(self) -> int:
        """Minutes away that no more time was given for yet; a begun one counts."""
        return -(-max(0, self.facts.away_ms - self.facts.made_up_ms) // MINUTE)

    def reported_mismatch(self) -> bool:
        """True while nobody has verified the identity since the candidate said that it is not his."""
        return self.facts.reported_mismatch()

    def verified(self) -> bool:
        """Whether the identity is."""
        return bool(self.facts.admitted_at) and not self.reported_mismatch()

    def unverified(self) -> bool:
        """Let in, and nobody has verified the identity, handed in or not. Who was never let in is no such case."""
        return bool(self.facts.arrived_at) and not self.facts.admitted_at

    def closing(self) -> Ending | Literal[""]:
        """How the sitting was closed; by time the page did it itself unless the sitting is `forced` as well. "" while open."""
        if not self.facts.handed_in_at:
            return ""
        return Ending.TIMED if self.facts.by_time else Ending.FORCED if self.facts.forced else Ending.HAND_IN

    def undecided(self) -> bool:
        """True while late answers wait for the invigilator's decision."""
        return any(late.accepted is None for late in self.facts.late)


@dataclass(slots=True, eq=False)
class LiveRoom:
    """A room; `uncounted` are the sittings that saved since the room was last counted; `places`: network address → seat as it was last
    looked for (see `computers.py`), at `places_at` of the machine's monotonic clock."""

    room: Room
    pack: LivePack
    facts: RoomFacts
    sittings: list[LiveSitting] = field(default_factory=list)
    uncounted: set[LiveSitting] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    places_at: float = -math.inf

    def paused_within(self, since: int, until: int) -> int:
        """How much of a stretch was pause."""
        facts = self.facts
        present = ((facts.paused_at, until),) if facts.paused_at else ()
        return _overlap((*facts.pauses, *present), since, until)

    def exam_ms(self, at: int) -> int:
        """How long the exam had been going on at a moment, the room's pauses left out: by that nobody comes in any more after some
        minutes, nor leaves before some; a pause of one candidate alone moves neither."""
        return at - self.pack.starts_ms - self.paused_within(self.pack.starts_ms, at)

    def unheard_within(self, since: int, until: int) -> int:
        """How much of a stretch the hall was not there to hear anybody, pause or not."""
        return _overlap(((outage.began, outage.ended) for outage in self.facts.outages), since, until)

    def outage(self) -> Outage | None:
        """The first time away of the hall of which it is not decided what comes of it."""
        return next((outage for outage in self.facts.outages if outage.minutes and not outage.settled), None)

    def paused_ms(self, now: int) -> int:
        """How long the room has been paused in all."""
        return self.facts.paused_ms + (now - self.facts.paused_at if self.facts.paused_at else 0)

    def longer_ms(self, now: int) -> int:
        """How much later than planned the room ends: what it was given, the most that anybody of it was, and the pauses."""
        own = max((s.facts.extra_minutes * MINUTE + s.paused_alone(0, now) for s in self.sittings), default=0)
        return self.facts.extra_minutes * MINUTE + own + self.paused_ms(now)


def _overlap(stretches: Iterable[tuple[int, int]], since: int, until: int) -> int:
    """How much of a stretch others cover that do not overlap one another."""
    return sum(max(0, min(until, ended) - max(since, began)) for began, ended in stretches)


@dataclass(slots=True, eq=False)
class LivePack:
    pack: Pack
    digest: str
    facts: PackFacts
    starts_ms: int
    hall: Hall
    rooms: dict[str, LiveRoom] = field(default_factory=dict)
    papers: dict[str, LivePaper] = field(default_factory=dict)
    sittings: dict[str, LiveSitting] = field(default_factory=dict)

    def moved_ms(self) -> int:
        """How far this pack's clock is moved: not at all but in rehearsals, and then as far as this hall was told to move it (a
        rehearsal goes on another day), else as far as the office had when it published."""
        moved = self.pack.clock_offset_ms
        return self.hall.rehearsal_ms if moved and self.hall.rehearsal_ms is not None else moved

    def now(self) -> int:
        """The hall's clock for this pack in milliseconds."""
        return int(time.time() * 1000) + (self.moved_ms() if self.pack.clock_offset_ms else 0)  # asked for each answer

    @property
    def grace_ms(self) -> int:
        return self.pack.grace_seconds * 1000

    def opened(self) -> bool:
        return all(paper in self.facts.paper_keys for paper in self.papers)

    def finished(self) -> bool:
        """True when nobody can answer any more and no late answers wait for a decision."""
        now = self.now()
        return all(
            (s.facts.handed_in_at or s.room.facts.closed_at or now > s.taken_until(now)) and not s.undecided()
            for s in self.sittings.values()
        )


class Hall:
    """All packs; lookups by ticket, in the form in which the door reads what is typed (`typed.number`), and by sitting. `touched`:
    who was heard since presence was last written down. `ended_passes`: (account, room or '') → when the passes made until then
    ended. `rooms_named`: all rooms of a name. `rehearsal_ms`: how far a hall that was started as a rehearsal moves the clock."""

    def __init__(self) -> None:
        self.packs: dict[str, LivePack] = {}
        self.by_ticket: dict[str, LiveSitting] = {}
        self.touched: set[LiveSitting] = set()
        self.ended_passes: dict[tuple[str, str], int] = {}
        self.rooms_named: dict[str, list[LiveRoom]] = {}
        self.rehearsal_ms: int | None = None

    def admit(self, pack: Pack, digest: str) -> LivePack:
        """Take a pack up, papers sealed, everybody expected."""
        live = LivePack(pack, digest, PackFacts(), int(pack.starts_at.timestamp() * 1000), self)
        live.papers = {paper.id: LivePaper(paper) for paper in pack.papers}
        live.rooms = {room.id: LiveRoom(room, live, RoomFacts()) for room in pack.rooms}
        for sitting in pack.sittings:
            room = live.rooms[sitting.room]
            one = LiveSitting(sitting, live, room, live.papers[sitting.paper], SittingFacts())
            live.sittings[sitting.id] = one
            room.sittings.append(one)
            self.by_ticket[typed.number(sitting.ticket)] = one
        for room in live.rooms.values():
            self.rooms_named.setdefault(room.room.name, []).append(room)
        self.packs[pack.id] = live
        return live

    def dismiss(self, pack_id: str) -> None:
        """Forget a pack that could not be stored after all."""
        gone = self.packs.pop(pack_id)
        for room in gone.rooms.values():
            self.rooms_named[room.room.name].remove(room)
        for sitting in gone.sittings.values():
            ticket = typed.number(sitting.sitting.ticket)
            if self.by_ticket.get(ticket) is sitting:
                del self.by_ticket[ticket]

    def find(self, pack: str, sitting: str) -> LiveSitting | None:
        live = self.packs.get(pack)
        return live.sittings.get(sitting) if live else None

    def heard(self, sitting: LiveSitting) -> None:
        """The sitting's page said something."""
        sitting.heard(sitting.pack.now())
        self.touched.add(sitting)


def set_pack_facts(live: LivePack, facts: PackFacts) -> None:
    """Papers whose keys are there are opened for checking. ValueError when a key does not open its paper."""
    for paper_id, key in facts.paper_keys.items():
        paper = live.papers[paper_id]
        if not paper.items:
            paper.open(key)
    live.facts = facts
