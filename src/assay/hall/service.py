"""What happens in the hall: packs taken up, candidates signing in, starting, handing in, rooms being run.

Every change is written before it is answered; the in-memory state is changed with it.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from assay.hall.contract import (
    CollectedSitting,
    Collection,
    Event,
    LogEntry,
    Pack,
    RoomRecord,
    id_digest,
    pack_digest,
    receipt_of,
    seat_token,
    sheet_digest,
)
from assay.hall.log import LogDigest
from assay.hall.state import MINUTE, OFFLINE_MS, Hall, LivePack, LiveRoom, LiveSitting, RoomFacts, SittingFacts
from assay.hall.store import Operation, Store

WRONG_TRIES = 10
WRONG_WINDOW_MS = 5 * MINUTE


class Refusal(Exception):
    """Why the hall says no: HTTP status and a message in Chinese."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class HallService:
    """The hall's doings over one store."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self.hall, self.store, self.secret = Hall(), store, secret
        self._wrong: dict[str, list[int]] = {}

    async def load(self) -> None:
        """Take up all that the store holds: after this the hall goes on where it stopped."""
        for _, digest, body in await self.store.read("packs"):
            pack = msgspec.msgpack.decode(body, type=Pack)
            sittings = {
                k: msgspec.json.decode(v, type=SittingFacts) for k, v in await self.store.read("sittings", pack.id)
            }
            rooms = {k: msgspec.json.decode(v, type=RoomFacts) for k, v in await self.store.read("rooms", pack.id)}
            live = self.hall.admit(pack, digest, sittings, rooms)
            for sitting, item, rev, choice in await self.store.read("answers", pack.id):
                answers = live.sittings[sitting].answers
                if item not in answers or rev > answers[item][0]:
                    answers[item] = (rev, choice)

    async def publish(self, body: bytes) -> str:
        """Take a pack up; the same again is fine, another under the same name is not."""
        digest = pack_digest(body)
        try:
            pack = msgspec.msgpack.decode(body, type=Pack)
        except msgspec.DecodeError as unreadable:
            raise Refusal(400, f"考试包无法识别：{unreadable}") from unreadable
        known = self.hall.packs.get(pack.id)
        if known is not None:
            if known.digest != digest:
                raise Refusal(409, "同一场次已发布过不同的考试包")
            return digest
        if pack.clock_offset_ms and not pack.rehearsal:
            raise Refusal(400, "只有演练可以调整时钟")
        await self.store.write([("pack", (pack.id, digest, body))])
        if pack.id not in self.hall.packs:
            self.hall.admit(pack, digest, {}, {})
        return digest

    async def sign_in(self, ticket: str, number: str) -> tuple[LiveSitting, str]:
        """By ticket and ID number; the throttle counts by ticket alone. Returns the sitting and its seat token."""
        sitting = self.hall.by_ticket.get(ticket.strip())
        self._throttle(ticket)
        if sitting is None or not hmac.compare_digest(
            id_digest(sitting.pack.pack.id_salt, number), sitting.sitting.id_digest
        ):
            self._wrong.setdefault(ticket, []).append(_real_now())
            raise Refusal(401, "准考证号或证件号码不对，请核对后重新输入")
        self._may_sign_in(sitting)
        facts, now = sitting.facts, sitting.pack.now()
        facts.epoch += 1
        facts.arrived_at = facts.arrived_at or now
        facts.may_move = False
        sitting.last_seen = now
        await self._write(sitting.stored(), _event(sitting, "sign_in", f"第 {facts.epoch} 次登录", "考生"))
        return sitting, seat_token(self.secret, sitting.pack.pack.id, sitting.sitting.id, facts.epoch)

    def _throttle(self, ticket: str) -> None:
        recent = [at for at in self._wrong.get(ticket, []) if _real_now() - at < WRONG_WINDOW_MS]
        self._wrong[ticket] = recent
        if len(recent) >= WRONG_TRIES:
            raise Refusal(429, "该准考证号输错次数过多，请 5 分钟后再试或请监考员协助")

    def _may_sign_in(self, sitting: LiveSitting) -> None:
        facts, pack = sitting.facts, sitting.pack
        now = pack.now()
        if facts.handed_in_at:
            raise Refusal(410, "您已交卷")
        if sitting.room.facts.closed_at:
            raise Refusal(410, "本考场已结束")
        late = pack.starts_ms + pack.pack.late_minutes * MINUTE
        if not facts.arrived_at and now > late and not facts.admitted_at:
            raise Refusal(403, f"开考 {pack.pack.late_minutes} 分钟后不得入场，请联系监考员")
        elsewhere = facts.started_at and now - sitting.last_seen < OFFLINE_MS
        if elsewhere and not facts.may_move:
            raise Refusal(409, "该准考证已在另一台计算机上作答。如需换机，请举手由监考员允许")

    async def start(self, sitting: LiveSitting) -> bytes:
        """The key of the paper, once the exam has begun; the start is stored before the key goes out."""
        pack, facts = sitting.pack, sitting.facts
        if pack.now() < pack.starts_ms:
            raise Refusal(425, "考试尚未开始")
        if sitting.room.facts.closed_at and not facts.started_at:
            raise Refusal(410, "本考场已结束")
        if not facts.started_at and not facts.handed_in_at:
            facts.started_at = pack.now()
            await self._write(sitting.stored())
        return pack.pack.paper_keys[sitting.sitting.paper]

    async def hand_in(self, sitting: LiveSitting, *, forced: bool = False, by: str = "考生") -> str:
        """Close the sitting over what is saved; the receipt. Handing in again gives the same receipt."""
        facts, pack = sitting.facts, sitting.pack
        if facts.handed_in_at:
            return facts.receipt
        now = pack.now()
        earliest = pack.starts_ms + pack.pack.earliest_leave_minutes * MINUTE
        if not forced and now < earliest and not pack.pack.rehearsal:
            raise Refusal(403, f"开考 {pack.pack.earliest_leave_minutes} 分钟后才能交卷")
        if not facts.started_at and not forced:
            raise Refusal(425, "考试尚未开始")
        sitting.closing = True
        try:
            await self.store.write([])  # answers on their way are committed, and counted, before the sheet is closed
            if not facts.handed_in_at:
                await self._close(sitting, now, forced, by)
        finally:
            sitting.closing = False
        return facts.receipt

    async def _close(self, sitting: LiveSitting, now: int, forced: bool, by: str) -> None:
        """Fix the sheet as it stands; when it cannot be stored the sitting stays open."""
        facts = sitting.facts
        digest = sheet_digest(sitting.sitting.id, sitting.finals())
        facts.handed_in_at, facts.forced = now, forced
        facts.sheet_digest, facts.receipt = digest, receipt_of(digest)
        text = f"答 {len(sitting.finals())} 题，回执 {facts.receipt}"
        try:
            await self._write(sitting.stored(), _event(sitting, "forced" if forced else "hand_in", text, by))
        except Exception:
            facts.handed_in_at, facts.forced, facts.sheet_digest, facts.receipt = 0, False, "", ""
            raise

    async def sweep(self) -> None:
        """Hand in for everybody whose time (with grace) is over."""
        for pack in list(self.hall.packs.values()):
            for sitting in pack.sittings.values():
                facts = sitting.facts
                over = pack.now() > sitting.deadline() + pack.pack.grace_seconds * 1000
                if facts.started_at and not facts.handed_in_at and over:
                    await self.hand_in(sitting, forced=True, by="到时自动")

    async def write_room(self, room: LiveRoom, kind: str, text: str, who: str) -> None:
        """Store a room's facts with an event of what was done."""
        pack = self.hall.packs[room.pack_id]
        event: Operation = ("event", (room.pack_id, room.room.id, "", pack.now(), kind, text, who))
        await self._write(room.stored(), event)

    async def write_sitting(self, sitting: LiveSitting, kind: str, text: str, who: str) -> None:
        await self._write(sitting.stored(), _event(sitting, kind, text, who))

    async def _write(self, *operations: Operation) -> None:
        await self.store.write(list(operations))

    async def collect(self, pack_id: str) -> Collection:
        """Everything that a pack came to, from the log itself."""
        pack = self.hall.packs.get(pack_id)
        if pack is None:
            raise Refusal(404, "考试端没有这个考试包")
        digest = LogDigest()
        async for entry in self.log_entries(pack_id):
            digest.add(entry)
        events = await self.store.read("events", pack_id)
        rooms = [_room_record(room, pack, events) for room in pack.rooms.values()]
        sittings = [_collected(s) for s in pack.sittings.values()]
        return Collection(pack_id, pack.finished(), sittings, rooms, digest.count, digest.hex())

    async def log_entries(self, pack_id: str) -> AsyncIterator[LogEntry]:
        """The whole log of a pack in order."""
        after = 0
        while True:
            page = await self.log_page(pack_id, after)
            for entry in page:
                yield entry
            if len(page) < LOG_PAGE:
                return
            after = page[-1].seq

    async def log_page(self, pack_id: str, after: int) -> list[LogEntry]:
        return [LogEntry(*row) for row in await self.store.read("log", pack_id, after, LOG_PAGE)]


LOG_PAGE = 10_000


def _real_now() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _event(sitting: LiveSitting, kind: str, text: str, who: str) -> Operation:
    pack = sitting.pack
    return "event", (pack.pack.id, sitting.sitting.room, sitting.sitting.id, pack.now(), kind, text, who)


def moment(ms: int) -> datetime | None:
    """Milliseconds as an aware time; None for 0."""
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None


def _collected(s: LiveSitting) -> CollectedSitting:
    f = s.facts
    finals = s.finals()
    return CollectedSitting(
        s.sitting.id, moment(f.arrived_at), moment(f.started_at), moment(f.handed_in_at), f.forced, finals,
        {item: rev for item, (rev, _) in s.answers.items()}, f.receipt, f.sheet_digest or sheet_digest(s.sitting.id, finals),
    )  # fmt: skip


def _room_record(room: LiveRoom, pack: LivePack, events: list[tuple[object, ...]]) -> RoomRecord:
    present = sum(bool(s.facts.started_at) for s in room.sittings)
    incidents = [
        Event(moment(int(str(at))) or datetime.now(UTC), str(kind), str(text), str(who), str(sitting))
        for room_id, sitting, at, kind, text, who in events
        if room_id == room.room.id and kind not in ("sign_in", "hand_in")
    ]
    return RoomRecord(
        room.room.id, len(room.sittings), present, len(room.sittings) - present,
        sum(bool(s.facts.handed_in_at) for s in room.sittings), incidents, room.facts.closed_by, moment(room.facts.closed_at),
    )  # fmt: skip
