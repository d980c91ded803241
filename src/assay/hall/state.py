"""What the hall knows while it runs: packs, sittings, rooms. All of it is read from the store at the start, and kept in
step with the store when several processes share one."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.hall.contract import Item, Pack, Paper, Room, Sitting, open_items, pictures_of

MINUTE = 60_000
IDLE_MS = 180_000
OFFLINE_MS = 45_000
BY_TIME = "到时自动"
"""Who hands in for those whose time is over."""


def _moved_ms() -> int | None:
    moment = os.environ.get("ASSAY_REHEARSAL_CLOCK")
    return int((datetime.fromisoformat(moment).timestamp() - time.time()) * 1000) if moment else None


MOVED_MS = _moved_ms()


class Late(msgspec.Struct, frozen=True):
    """Answers that came after the end: how many count as given in time and how many do not (see `judging.py`), when the page
    says they were given (hall's ms), how they came (`network`, `file`, `old`: from a computer that the candidate had left for
    another), and what the invigilator decided (None: not yet).
    `page_in_time`: how many are in time by the page's own count alone; `known`: what the hall knew of the end when they came;
    `settled_at`: when their computer had last told that it held none (0: not known)."""

    number: int
    at: int
    source: str
    in_time: int
    after: int
    first_said: int
    last_said: int
    accepted: bool | None = None
    decided_by: str = ""
    page_in_time: int = 0
    known: str = ""
    settled_at: int = 0


class SittingFacts(msgspec.Struct, frozen=True):
    """What is stored of a sitting besides its answers; times are the hall's milliseconds. `remarks` counts what was
    noticed (kind → how often), `away_ms` how long the computer was not to be heard while no pause made up for it, and
    `made_up_ms` how much of that more time was given for. `missing_since`: the computer was away when somebody else than
    the candidate closed the sitting, and has not been heard since. `mismatch_at`: the candidate said that the identity
    on the screen is not his. `wrong_tries` counts wrong tries to sign in with the ticket since it was last released (network
    address → how many), `releases` how often it was. `other_browser_from`: the network address from which the candidate last came
    without the locked browser that the room asks for; `other_browser_at`: where the invigilator allows it. `old_computers`: of which
    sign-ins the computers may still hold answers (epoch → last heard), until each has reported; `late_taken`: how often late
    answers were taken into the sheet, which its page has to hear of."""

    epoch: int = 0
    arrived_at: int = 0
    admitted_at: int = 0
    started_at: int = 0
    handed_in_at: int = 0
    forced: bool = False
    extra_minutes: int = 0
    may_move: bool = False
    receipt: str = ""
    sheet_digest: str = ""
    address: str = ""
    away_ms: int = 0
    made_up_ms: int = 0
    missing_since: int = 0
    mismatch_at: int = 0
    by_time: bool = False
    remarks: dict[str, int] = {}
    wrong_tries: dict[str, int] = {}
    releases: int = 0
    other_browser_from: str = ""
    other_browser_at: str = ""
    late: tuple[Late, ...] = ()
    old_computers: dict[int, int] = {}
    late_taken: int = 0

    @property
    def old_computer_since(self) -> int:
        """Since when a computer that the candidate left may hold answers; 0 when none does."""
        return min(self.old_computers.values(), default=0)


class RoomFacts(msgspec.Struct, frozen=True):
    """What is stored of a room: extra minutes for all, pauses (`pauses`: when those that are over began and ended),
    messages, its closing, and which builds of the locked browser are let in (`exam_keys`; none: any with the session's
    settings)."""

    extra_minutes: int = 0
    paused_at: int = 0
    paused_ms: int = 0
    pauses: tuple[tuple[int, int], ...] = ()
    message: str = ""
    message_number: int = 0
    closed_at: int = 0
    closed_by: str = ""
    rescheduled: bool = False
    exam_keys: tuple[str, ...] = ()


class PackFacts(msgspec.Struct, frozen=True):
    """The papers' keys once two people have opened them."""

    paper_keys: dict[str, bytes] = {}
    opened_by: tuple[str, ...] = ()


@dataclass(slots=True)
class LivePaper:
    """A paper; its items are known once it has been opened. `outline`: (item id, number of options) section by section, `groups`:
    item id → its case, from which each candidate's own order is drawn."""

    paper: Paper
    items: dict[str, Item] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    outline: list[list[tuple[str, int]]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

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
        self.groups = {item.id: item.group for item in self.items.values() if item.group}


@dataclass(slots=True, eq=False)
class LiveSitting:
    """A sitting as it runs. `last_seen`, `last_save`, `back_at` (heard again after a time away) and `settled_at` (its page told
    that nothing is left to send) are the hall's clock as this process knows it; `answered` is the number of items answered when
    the room was last counted."""

    sitting: Sitting
    pack: LivePack
    paper: LivePaper
    facts: SittingFacts
    last_seen: int = 0
    last_save: int = 0
    back_at: int = 0
    settled_at: int = 0
    answered: int = 0

    @property
    def room(self) -> LiveRoom:
        return self.pack.rooms[self.sitting.room]

    def heard(self, now: int) -> None:
        """The computer spoke."""
        if now - self.last_seen > OFFLINE_MS:
            self.back_at = now
        self.last_seen = now

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
        return self.pack.starts_ms + self.minutes() * MINUTE + self.room.paused_ms(now)

    def status(self, now: int) -> str:
        """One word for the seat map."""
        facts = self.facts
        if facts.handed_in_at:
            return "missing" if facts.missing_since else "handed_in"
        if not facts.arrived_at:
            return "expected"
        if now - self.last_seen > OFFLINE_MS:
            return "offline"
        if not facts.started_at:
            return "waiting" if facts.admitted_at else "identified"
        if self.room.facts.paused_at:
            return "paused"
        quiet_since = max(self.last_save, facts.started_at, self.back_at)
        return "idle" if now - quiet_since - self.room.paused_within(quiet_since, now) > IDLE_MS else "answering"

    def minutes_due(self) -> int:
        """Minutes away that no more time was given for yet; a begun one counts."""
        return -(-max(0, self.facts.away_ms - self.facts.made_up_ms) // MINUTE)

    def reported_mismatch(self) -> bool:
        """True while nobody has verified the identity since the candidate said that it is not his."""
        return self.facts.mismatch_at > self.facts.admitted_at

    def closing(self) -> str:
        """How the sitting was closed: by the candidate (hand_in), by an invigilator (forced), by time (timed); "" while open."""
        if not self.facts.handed_in_at:
            return ""
        return "timed" if self.facts.by_time else "forced" if self.facts.forced else "hand_in"

    def undecided(self) -> bool:
        """True while late answers wait for the invigilator's decision."""
        return any(late.accepted is None for late in self.facts.late)


@dataclass(slots=True, eq=False)
class LiveRoom:
    """A room; `uncounted` are the sittings that saved since the room was last counted."""

    room: Room
    pack: LivePack
    facts: RoomFacts
    sittings: list[LiveSitting] = field(default_factory=list)
    uncounted: set[LiveSitting] = field(default_factory=set)

    def paused_within(self, since: int, now: int) -> int:
        """How much of a stretch that lasts until now was pause."""
        facts = self.facts
        present = ((facts.paused_at, now),) if facts.paused_at else ()
        return sum(max(0, min(now, ended) - max(since, began)) for began, ended in (*facts.pauses, *present))

    def paused_ms(self, now: int) -> int:
        """How long the room has been paused in all."""
        return self.facts.paused_ms + (now - self.facts.paused_at if self.facts.paused_at else 0)

    def longer_ms(self, now: int) -> int:
        """How much later than planned the room ends: what it was given, the most that anybody of it was, and its pauses."""
        own = max((sitting.facts.extra_minutes for sitting in self.sittings), default=0)
        return (self.facts.extra_minutes + own) * MINUTE + self.paused_ms(now)


@dataclass(slots=True, eq=False)
class LivePack:
    pack: Pack
    digest: str
    facts: PackFacts
    starts_ms: int
    rooms: dict[str, LiveRoom] = field(default_factory=dict)
    papers: dict[str, LivePaper] = field(default_factory=dict)
    sittings: dict[str, LiveSitting] = field(default_factory=dict)

    def now(self) -> int:
        """The hall's clock for this pack in milliseconds; moved only in rehearsals, and then as far as this hall was told to
        move it when it started (a rehearsal goes on another day), else as far as the office had when it published."""
        moved = self.pack.clock_offset_ms
        return int(time.time() * 1000) + (MOVED_MS if moved and MOVED_MS is not None else moved)

    @property
    def grace_ms(self) -> int:
        return self.pack.grace_seconds * 1000

    def opened(self) -> bool:
        return all(paper in self.facts.paper_keys for paper in self.papers)

    def finished(self) -> bool:
        """True when nobody can answer any more and no late answers wait for a decision."""
        now = self.now()
        return all(
            (s.facts.handed_in_at or s.room.facts.closed_at or now > s.deadline() + self.grace_ms) and not s.undecided()
            for s in self.sittings.values()
        )


class Hall:
    """All packs; lookups by ticket and by sitting. `touched`: who was heard since presence was last written down.
    `ended_passes`: (account, room or '') → when the passes made until then ended."""

    def __init__(self) -> None:
        self.packs: dict[str, LivePack] = {}
        self.by_ticket: dict[str, LiveSitting] = {}
        self.touched: set[LiveSitting] = set()
        self.ended_passes: dict[tuple[str, str], int] = {}

    def admit(self, pack: Pack, digest: str) -> LivePack:
        """Take a pack up, papers sealed, everybody expected."""
        live = LivePack(pack, digest, PackFacts(), int(pack.starts_at.timestamp() * 1000))
        live.papers = {paper.id: LivePaper(paper) for paper in pack.papers}
        live.rooms = {room.id: LiveRoom(room, live, RoomFacts()) for room in pack.rooms}
        for sitting in pack.sittings:
            one = LiveSitting(sitting, live, live.papers[sitting.paper], SittingFacts())
            live.sittings[sitting.id] = one
            live.rooms[sitting.room].sittings.append(one)
            self.by_ticket[sitting.ticket] = one
        self.packs[pack.id] = live
        return live

    def dismiss(self, pack_id: str) -> None:
        """Forget a pack that could not be stored after all."""
        for sitting in self.packs.pop(pack_id).sittings.values():
            if self.by_ticket.get(sitting.sitting.ticket) is sitting:
                del self.by_ticket[sitting.sitting.ticket]

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
