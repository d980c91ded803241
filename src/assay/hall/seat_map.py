"""The live picture of rooms: computed once a second for all who look, sent as what changed (server-sent events)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog

from assay.bridge.contract import REASONS, RoomStanding
from assay.hall.attendance import ATTENDANCE, counts
from assay.hall.computers import Computers, computer_of, places, sits_at
from assay.hall.facts import Ready
from assay.hall.notices import holding
from assay.hall.remarks import REMARKS
from assay.hall.standing import standing_of
from assay.hall.state import BEAT_MS, MINUTE, LivePack, LiveRoom, LiveSitting
from assay.hall.store.contract import Store

EVERY_S = 1.0
RECOUNT_EVERY = 2
KEEP_ALIVE_EVERY = 10
STATES = {
    "expected": "未到", "identified": "已登录", "waiting": "候考", "answering": "答题中", "idle": "长时间未答",
    "paused": "暂停", "offline": "离线", "handed_in": "已交卷", "missing": "交卷时离线",
    "came": ATTENDANCE["came"], "absent": ATTENDANCE["absent"], "rescheduled": "另行安排",
}  # fmt: skip
MOVING = (0, 1, 8, 22, 38)
"""Where in a seat's row that stands which moves with the clock; pages that were opened before an upgrade know the row by its order."""
_encode = msgspec.json.Encoder().encode
Seat = list[Any]
log = structlog.get_logger("hall")


def room_shown(room: LiveRoom) -> dict[str, Any]:
    """A room without its seats. `answer_all`: how many at work have answered everything. An answer counts once it is saved, be it whole
    or not: what of it is lacking is the candidate's affair, and his page tells him."""
    facts, outage, notice = room.facts, room.outage(), holding(room.facts)
    return {
        "id": room.room.id, "name": room.room.name, "paused_at": facts.paused_at, "pauses": facts.pauses, "closed_at": facts.closed_at,
        "closed_by": facts.closed_by, "rescheduled": facts.rescheduled, "extra": facts.extra_minutes,
        "message": notice.text if notice else "", "message_number": notice.number if notice else 0, "locked": room.room.locked_browser,
        "counts": counts(s.facts for s in room.sittings), "plan": room.room.plan,
        "outage": {"from": outage.began, "to": outage.ended, "minutes": outage.minutes} if outage else None,
        "answer_all": sum(_has_answered_all(s) for s in room.sittings),
    }  # fmt: skip


def _has_answered_all(sitting: LiveSitting) -> bool:
    facts = sitting.facts
    return bool(facts.started_at and not facts.handed_in_at) and sitting.answered >= sitting.paper.questions


def sitting_named(sitting: LiveSitting) -> dict[str, Any]:
    """What does not change of a seat."""
    one = sitting.sitting
    return {
        "id": one.id, "seat": one.seat, "name": one.name, "ticket": one.ticket, "id_masked": one.id_masked,
        "photo": one.photo, "minutes": sitting.paper.paper.minutes, "items": sitting.paper.questions,
    }  # fmt: skip


def sitting_state(sitting: LiveSitting, now: int, ready: Ready | None = None) -> Seat:
    """What changes of a seat: state, answered, end (ms of the hall's clock; a pause that still lasts comes on top), minutes
    in all, admitted, may move, receipt, minutes away (begun ones count), last heard when that is a while ago, remarks, late
    answers, whether somebody else handed in, minutes away that no time was given for yet, extra minutes of its own, since
    when its computer is missing after the end, since when the identity is said to be wrong, whether it was closed
    because its time was over, whether it has begun, wrong tries to sign in (computer → how many), from which address it came
    without the locked browser, at which one the invigilator allows that; since when its own pause lasts, since when a
    computer that was left may hold answers, what its computer said of itself, until when its hand-in may be taken back, why
    it came and did not answer (as if the room ended now: "" who sat, and who is absent), since when it waits at the door too
    late, at which other seat's computer it is, since when the roll call misses it, since when misconduct is noted, from where
    and when somebody else, or he at another computer, was not let in with its ticket, which invigilator found the identity
    wrong ("": the candidate said so), at which other seat's computer it may stay, whether it was let in, which computer it
    is that came without the locked browser, since when he is kept out, what the misconduct was, and how long after its end what its
    page still holds is taken (ms). Computers are said in words, as in the record, but for the address that is allowed."""
    return _row(_settled(sitting, now, ready), _moving(sitting, now))


def _row(settled: Seat, moving: tuple[Any, ...]) -> Seat:
    row = settled.copy()
    for at, value in zip(MOVING, moving, strict=True):
        row[at] = value
    return row


def _moving(sitting: LiveSitting, now: int) -> tuple[Any, ...]:
    """What may change from one second to the next."""
    unheard = now - sitting.last_seen > BEAT_MS
    return (
        sitting.status(now), sitting.answered, sitting.last_seen if unheard else 0, sitting.old_computer_since(now),
        sitting.taken_ms(now),
    )  # fmt: skip


def _settled(sitting: LiveSitting, now: int, ready: Ready | None) -> Seat:
    """What only a change of the facts changes (`_sources`), with `None` for what moves. `now`: any moment since that change."""
    facts = sitting.facts
    at_the_door = facts.late_refused_at if not facts.arrived_at and not facts.late_entry_at else 0
    return [
        None, None, sitting.end(now) if facts.arrived_at else 0, sitting.minutes(),
        bool(facts.admitted_at), facts.may_move, facts.receipt, -(-facts.away_ms // MINUTE),
        None, facts.remarks, facts.late, facts.forced,
        sitting.minutes_due(), facts.extra_minutes, facts.missing_since,
        facts.mismatch_at if sitting.reported_mismatch() else 0, facts.by_time,
        bool(facts.started_at), _tries(sitting), facts.other_browser_from, facts.other_browser_at,
        facts.paused_at, None, facts.ready or ready, sitting.reopen_until(),
        sitting.came_without(now, at_an_end=True), at_the_door, sits_at(sitting), facts.no_show_at, facts.misconduct_at,
        facts.elsewhere_from and computer_of(sitting, facts.elsewhere_from), facts.elsewhere_at, facts.mismatch_by,
        facts.stays_at, bool(facts.arrived_at), facts.other_browser_from and computer_of(sitting, facts.other_browser_from),
        facts.kept_out_at, facts.misconduct_for, None,
    ]  # fmt: skip


def _sources(sitting: LiveSitting, ready: Ready | None) -> tuple[Any, ...]:
    """All that `_settled` reads. Facts are never changed but replaced: what is the same object is the same, without a look inside."""
    room = sitting.room
    return sitting.facts, room.facts, room.pack.facts, places(room), ready


@dataclass(slots=True)
class SentSeat:
    """A seat as it was last sent, and what that was worked out from."""

    sources: tuple[Any, ...]
    settled: Seat
    moving: tuple[Any, ...]

    @classmethod
    def of(cls, sitting: LiveSitting, now: int, ready: Ready | None) -> SentSeat:
        return cls(_sources(sitting, ready), _settled(sitting, now, ready), _moving(sitting, now))

    def changed(self, sitting: LiveSitting, now: int, ready: Ready | None) -> bool:
        """Whether there is anything to send; it is kept as sent."""
        settled, moving, sources = self.settled, _moving(sitting, now), _sources(sitting, ready)
        if sources != self.sources:
            self.sources, settled = sources, _settled(sitting, now, ready)
        if moving == self.moving and (settled is self.settled or settled == self.settled):
            return False
        self.settled, self.moving = settled, moving
        return True

    def row(self) -> Seat:
        return _row(self.settled, self.moving)


def _tries(sitting: LiveSitting) -> dict[str, int]:
    return {computer_of(sitting, address): tries for address, tries in sitting.facts.wrong_tries.items()}


class Watched:
    """One pack that somebody looks at: its seats as last sent, and how often they were."""

    def __init__(self, pack: LivePack, store: Store, computers: Computers) -> None:
        self.pack, self._store, self._computers = pack, store, computers
        self.listeners = 0
        self.round = 0
        self.news: dict[str, bytes] = {}
        self._sent: dict[str, SentSeat] = {}
        self._heads: dict[str, dict[str, Any]] = {}
        self._presence = 0
        self.turned = asyncio.Condition()
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Compute what changed since the last look; the first look counts everybody."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        if self.round == 0:
            for room in self.pack.rooms.values():
                room.uncounted.update(room.sittings)
        if self.round % RECOUNT_EVERY == 0:
            await self.hear_others()
            await self._recount()
        now = self.pack.now()
        self.news = {}
        for room_id, room in self.pack.rooms.items():
            ready = self._computers.ready_seats(room)
            seats = {
                sitting.sitting.id: sent.row()
                for sitting in room.sittings
                if (sent := self._news_of(sitting, now, ready.get(sitting.sitting.seat)))
            }
            head = room_shown(room)
            if seats or self._heads.get(room_id) != head:
                self._heads[room_id] = head
                self.news[room_id] = _encode({"room": head, "seats": seats})
        async with self.turned:
            self.round += 1
            self.turned.notify_all()

    def _news_of(self, sitting: LiveSitting, now: int, ready: Ready | None) -> SentSeat | None:
        sent = self._sent.get(sitting.sitting.id)
        if sent is None:
            sent = self._sent[sitting.sitting.id] = SentSeat.of(sitting, now, ready)
            return sent
        return sent if sent.changed(sitting, now, ready) else None

    async def next(self, seen: int) -> None:
        """Return once there was a look after look number `seen`."""
        async with self.turned:
            while self.round <= seen:
                await self.turned.wait()

    async def hear_others(self) -> None:
        """When several processes share the store: who was heard by the others, and who saved there."""
        if not self._store.shared:
            return
        for sitting_id, seen, saved in await self._store.read("presence", self.pack.pack.id, self._presence):
            sitting = self.pack.sittings[sitting_id]
            sitting.last_seen = max(sitting.last_seen, seen)
            self._presence = max(self._presence, seen - 10_000)
            if saved > sitting.last_save:
                sitting.last_save = saved
                sitting.room.uncounted.add(sitting)

    async def _recount(self) -> None:
        for room in self.pack.rooms.values():
            if not room.uncounted:
                continue
            waiting, room.uncounted = room.uncounted, set()
            counts = await self._store.answered([s.sitting.id for s in waiting])
            for sitting in waiting:
                sitting.answered = counts.get(sitting.sitting.id, 0)

    def whole(self, rooms: Sequence[LiveRoom]) -> dict[str, Any]:
        """The full picture, for who begins to look."""
        now = self.pack.now()
        return {
            "states": STATES, "remarks": REMARKS, "reasons": REASONS, "starts": self.pack.starts_ms,
            "doors": self.pack.starts_ms + self.pack.pack.late_minutes * MINUTE, "opened": self.pack.opened(),
            "session": self.pack.pack.session_name, "batch": self.pack.pack.batch_name,
            "rehearsal": self.pack.pack.rehearsal, "reschedule_minutes": self.pack.pack.reschedule_minutes,
            "rooms": [
                {
                    **room_shown(room),
                    "sittings": [
                        {**sitting_named(s), "now": sitting_state(s, now, ready.get(s.sitting.seat))}
                        for s in sorted(room.sittings, key=lambda s: s.sitting.seat)
                    ],
                }
                for room, ready in ((room, self._computers.ready_seats(room)) for room in rooms)
            ],
        }  # fmt: skip


class SeatMap:
    """Looks at every watched pack once a second."""

    def __init__(self, store: Store, computers: Computers) -> None:
        self._store, self._computers = store, computers
        self._watched: dict[str, Watched] = {}

    async def run(self) -> None:
        """For as long as the hall runs; trouble is logged and tried again."""
        while True:
            await asyncio.sleep(EVERY_S)
            for watched in list(self._watched.values()):
                try:
                    await watched.look()
                except Exception as trouble:
                    log.warning("cannot look at rooms", error=str(trouble))

    async def picture(self, pack: LivePack, rooms: Sequence[LiveRoom]) -> dict[str, Any]:
        """The full picture once, freshly counted."""
        watched = Watched(pack, self._store, self._computers)
        await watched.look()
        return watched.whole(rooms)

    async def standing(self, pack: LivePack) -> list[RoomStanding]:
        """How the rooms of a pack stand, in numbers; no answers are counted for it."""
        await Watched(pack, self._store, self._computers).hear_others()
        return [standing_of(room, pack.now(), self._computers.ready_seats(room)) for room in pack.rooms.values()]

    async def events(
        self, pack: LivePack, rooms: Sequence[LiveRoom], seen_by: Callable[[], dict[str, Any]], may: Callable[[], bool]
    ) -> AsyncIterator[bytes]:
        """Server-sent events: `whole` first, then `seats` whenever something changed; `clock` keeps the line alive. It ends
        once the reader may look no longer."""
        watched = self._watched.setdefault(pack.pack.id, Watched(pack, self._store, self._computers))
        watched.listeners += 1
        try:
            if watched.round == 0:
                await watched.look()
            seen, silent, opened = watched.round, 0, pack.opened()
            yield _event("whole", _encode({**watched.whole(rooms), **seen_by()}))
            names = [room.room.id for room in rooms]
            while True:
                await watched.next(seen)
                if not may():
                    return
                if watched.round - seen > 1 or pack.opened() != opened:  # too slow a reader, or much has changed
                    opened = pack.opened()
                    yield _event("whole", _encode({**watched.whole(rooms), **seen_by()}))
                    seen = watched.round
                    continue
                seen = watched.round
                news = [watched.news[name] for name in names if name in watched.news]
                silent = 0 if news else silent + 1
                if news:
                    yield b"".join(_event("seats", b'{"at":%d,"news":%s}' % (pack.now(), one)) for one in news)
                elif silent % KEEP_ALIVE_EVERY == 0:
                    yield _event("clock", b'{"at":%d}' % pack.now())
        finally:
            watched.listeners -= 1
            if not watched.listeners:
                self._watched.pop(pack.pack.id, None)


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
