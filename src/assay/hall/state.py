"""What the hall knows while it runs: packs, sittings, rooms. Everything here is rebuilt from the store at start."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import msgspec

from assay.hall.contract import Item, Pack, Paper, Room, Sitting, open_items
from assay.hall.store import Operation

MINUTE = 60_000
IDLE_MS = 180_000
OFFLINE_MS = 45_000


class SittingFacts(msgspec.Struct):
    """What is stored of a sitting besides its answers; times are the hall's milliseconds."""

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


class RoomFacts(msgspec.Struct):
    """What is stored of a room: extra minutes for all, pauses, messages, and its closing."""

    extra_minutes: int = 0
    paused_at: int = 0
    paused_ms: int = 0
    message: str = ""
    message_number: int = 0
    closed_at: int = 0
    closed_by: str = ""


@dataclass
class LivePaper:
    """A paper opened for checking: which items it has, their types and numbers of options."""

    paper: Paper
    items: dict[str, Item]


@dataclass
class LiveSitting:
    """A sitting as it runs: facts, last committed answers, what is on its way to the store."""

    sitting: Sitting
    pack: LivePack
    paper: LivePaper
    facts: SittingFacts
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    last_seen: int = 0
    last_save: int = 0
    closing: bool = False
    """Being handed in: nothing more is taken, what is on its way is still awaited."""

    @property
    def room(self) -> LiveRoom:
        return self.pack.rooms[self.sitting.room]

    def deadline(self) -> int:
        """The end of this sitting by the hall's clock, pauses and extra time in it."""
        room = self.room.facts
        extra = self.sitting.extra_minutes + self.facts.extra_minutes + room.extra_minutes
        paused = room.paused_ms + (self.pack.now() - room.paused_at if room.paused_at else 0)
        return self.pack.starts_ms + (self.paper.paper.minutes + extra) * MINUTE + paused

    def finals(self) -> dict[str, str]:
        """The final answers: last revision of each item, cleared ones left out."""
        return {item: choice for item, (_, choice) in self.answers.items() if choice}

    def status(self) -> str:
        """One word for the seat map."""
        facts, now = self.facts, self.pack.now()
        if facts.handed_in_at:
            return "handed_in"
        if not facts.arrived_at:
            return "expected"
        if now - self.last_seen > OFFLINE_MS:
            return "offline"
        if not facts.started_at:
            return "waiting" if facts.admitted_at else "identified"
        return "idle" if now - max(self.last_save, facts.started_at) > IDLE_MS else "answering"

    def stored(self) -> Operation:
        return "sitting", (self.sitting.id, self.pack.pack.id, msgspec.json.encode(self.facts).decode())


@dataclass
class LiveRoom:
    room: Room
    pack_id: str
    facts: RoomFacts
    sittings: list[LiveSitting] = field(default_factory=list)

    def stored(self) -> Operation:
        return "room", (self.pack_id, self.room.id, msgspec.json.encode(self.facts).decode())


@dataclass
class LivePack:
    pack: Pack
    digest: str
    rooms: dict[str, LiveRoom] = field(default_factory=dict)
    papers: dict[str, LivePaper] = field(default_factory=dict)
    sittings: dict[str, LiveSitting] = field(default_factory=dict)

    @property
    def starts_ms(self) -> int:
        return int(self.pack.starts_at.timestamp() * 1000)

    def now(self) -> int:
        """The hall's clock for this pack in milliseconds; moved only in rehearsals."""
        return int(time.time() * 1000) + self.pack.clock_offset_ms

    def finished(self) -> bool:
        """True when nobody can answer any more."""
        now = self.now()
        grace = self.pack.grace_seconds * 1000
        return all(
            s.facts.handed_in_at or s.room.facts.closed_at or now > s.deadline() + grace for s in self.sittings.values()
        )


class Hall:
    """All packs; lookups by ticket and by sitting."""

    def __init__(self) -> None:
        self.packs: dict[str, LivePack] = {}
        self.by_ticket: dict[str, LiveSitting] = {}

    def admit(
        self, pack: Pack, digest: str, sittings: dict[str, SittingFacts], rooms: dict[str, RoomFacts]
    ) -> LivePack:
        """Take a pack up, with what the store knows of it."""
        if pack.clock_offset_ms and not pack.rehearsal:
            raise ValueError("only a rehearsal may have a clock of its own")
        live = LivePack(pack, digest)
        for paper in pack.papers:
            items = {item.id: item for item in open_items(paper, pack.paper_keys[paper.id])}
            live.papers[paper.id] = LivePaper(paper, items)
        for room in pack.rooms:
            live.rooms[room.id] = LiveRoom(room, pack.id, rooms.get(room.id, RoomFacts()))
        for sitting in pack.sittings:
            one = LiveSitting(sitting, live, live.papers[sitting.paper], sittings.get(sitting.id, SittingFacts()))
            live.sittings[sitting.id] = one
            live.rooms[sitting.room].sittings.append(one)
            self.by_ticket[sitting.ticket] = one
        self.packs[pack.id] = live
        return live

    def find(self, pack: str, sitting: str) -> LiveSitting | None:
        live = self.packs.get(pack)
        return live.sittings.get(sitting) if live else None
