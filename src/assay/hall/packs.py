"""The office's dealings: a pack is published, its papers are opened, what it came to is collected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from assay import typed
from assay.bridge.contract import (
    CollectedSitting,
    Collection,
    EndedPass,
    Event,
    Keys,
    LogEntry,
    Pack,
    RoomRecord,
    open_items,
    pack_digest,
    sheet_digest,
)
from assay.bridge.log import LogDigest
from assay.hall.attendance import counts
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.facts import PackFacts
from assay.hall.record import Kind, Line, told_together
from assay.hall.refusal import Refusal
from assay.hall.sittings import said_finals
from assay.hall.state import BY_TIME, Ending, Hall, LivePack, LiveRoom, LiveSitting
from assay.hall.store.contract import Finals, finals_of

LOG_PAGE = 10_000
UNSAID = {Kind.SIGN_IN, Ending.HAND_IN, Ending.TIMED}
"""Events that stand in the log of a sitting, not in the record of the room."""


class Packs:
    """Packs in, collections out."""

    def __init__(self, hall: Hall, committer: Committer) -> None:
        self._hall, self._committer = hall, committer

    async def publish(self, body: bytes) -> str:
        """Take a pack up; the same again is fine, another under the same name is not."""
        digest = pack_digest(body)
        try:
            pack = msgspec.msgpack.decode(body, type=Pack)
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            raise Refusal(400, f"考试包无法识别：{unreadable}") from unreadable
        if pack.clock_offset_ms and not pack.rehearsal:
            raise Refusal(400, "只有演练可以调整时钟")
        if pack.paper_keys and not pack.rehearsal:
            raise Refusal(400, "正式考试的试卷密钥须在启封后另行送达")
        facts = PackFacts(pack.paper_keys, ("演练",) if pack.paper_keys else ())
        # Pictures stay in the store: in memory those of a province would take gigabytes.
        light = msgspec.structs.replace(pack, blobs={}, paper_keys={})
        _require_whole(light)

        def take_up(edit: Edit, _: Finals) -> None:
            known = self._hall.packs.get(pack.id)
            if known is not None and known.digest == digest:
                return
            if known is not None:
                raise Refusal(409, "同一场次已发布过不同的考试包")
            self._require_new_tickets(light)
            for name, content in pack.blobs.items():
                edit.write("blob", pack.id, name, content)
            edit.write("pack", pack.id, digest, msgspec.msgpack.encode(light), msgspec.json.encode(facts).decode())
            edit.admit(self._hall, light, digest, facts)

        await self._committer.change(take_up)
        return digest

    def _require_new_tickets(self, pack: Pack) -> None:
        """Raises Refusal where a ticket is another pack's. To be asked as part of the change: another process may have taken it up."""
        for sitting in pack.sittings:
            other = self._hall.by_ticket.get(typed.number(sitting.ticket))
            if other is not None and other.pack.pack.id != pack.id and not _over(other):
                raise Refusal(409, f"准考证 {sitting.ticket} 已在“{other.pack.pack.session_name}”中")

    async def open(self, pack_id: str, body: bytes) -> None:
        """Keys of the papers, after two people have opened them in the office."""
        pack = await self.live(pack_id)
        try:
            keys = msgspec.json.decode(body, type=Keys)
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            raise Refusal(400, "密钥无法识别") from unreadable
        if len(set(keys.opened_by)) < 2 or set(keys.paper_keys) != set(pack.papers):
            raise Refusal(400, "须由两人启封，且密钥齐全")
        for paper_id, key in keys.paper_keys.items():
            try:
                open_items(pack.papers[paper_id].paper, key)
            except Exception as wrong:
                raise Refusal(409, "密钥与封存的试卷不符") from wrong

        def unseal(edit: Edit, _: Finals) -> None:
            if pack.opened():
                return
            edit.pack(pack, PackFacts(keys.paper_keys, tuple(keys.opened_by)))
            for room in pack.rooms.values():
                edit.noted(room, "opened", f"试卷已启封：{'、'.join(keys.opened_by)}", "考试端")

        await self._committer.change(unseal)

    async def withdraw(self, pack_id: str) -> None:
        """The session is put off, or published anew: its rooms are closed before anybody began, and its candidates come with
        another pack."""
        pack = await self.live(pack_id)

        def close(edit: Edit, _: Finals) -> None:
            if any(s.facts.started_at for s in pack.sittings.values()):
                raise Refusal(409, "已有考生开始作答，不能改期；请在控制台暂停，或作为中断处理")
            for room in pack.rooms.values():
                if not room.facts.closed_at:
                    edit.room(room, closed_at=pack.now(), closed_by="教务端撤回")
                    edit.noted(room, "withdrawn", "考试包由教务端撤回：改期，或重新发布", "考试端")

        await self._committer.change(close)

    async def end_passes(self, body: bytes) -> None:
        """Passes to consoles whose holders have lost the right to them."""
        try:
            ended = msgspec.json.decode(body, type=list[EndedPass])
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            raise Refusal(400, "要终止的控制台链接无法识别") from unreadable

        def end(edit: Edit, _: Finals) -> None:
            for one in ended:
                if one.at > self._hall.ended_passes.get((one.account, one.room), 0):
                    edit.end_pass(self._hall, one.account, one.room, one.at)

        await self._committer.change(end)

    async def live(self, pack_id: str) -> LivePack:
        """The pack as it stands now, whatever other processes have done."""
        await self._committer.refresh()
        return self._pack(pack_id)

    def _pack(self, pack_id: str) -> LivePack:
        pack = self._hall.packs.get(pack_id)
        if pack is None:
            raise Refusal(404, "考试端没有这个考试包")
        return pack

    async def collect(self, pack_id: str) -> Collection:
        """Everything that a pack came to, from the log itself."""
        await self._committer.refresh()
        pack, store = self._pack(pack_id), self._committer.store
        finished = await self._committer.change(lambda edit, _: _is_final(edit, pack))
        digest = LogDigest()
        async for entry in self.log_entries(pack_id):
            digest.add(entry)
        finals = finals_of(await store.read("all_answers", pack_id))
        events = await store.read("events", pack_id)
        rooms = [_room_record(room, events) for room in pack.rooms.values()]
        sittings = [_collected(s, finals.get(s.sitting.id, {})) for s in pack.sittings.values()]
        return Collection(pack_id, finished, sittings, rooms, digest.count, digest.hex())

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
        return [LogEntry(*row) for row in await self._committer.store.read("log", pack_id, after, LOG_PAGE)]


def _is_final(edit: Edit, pack: LivePack) -> bool:
    """Whether all is over; from the moment at which the office takes it down nobody's hand-in is taken back."""
    finished = pack.finished()
    if finished and not pack.facts.collected_at:
        edit.pack(pack, msgspec.structs.replace(pack.facts, collected_at=pack.now()))
    return finished


def _require_whole(pack: Pack) -> None:
    """Raises Refusal where something in it points nowhere."""
    rooms, papers = {r.id for r in pack.rooms}, {p.id for p in pack.papers}
    for sitting in pack.sittings:
        if sitting.room not in rooms or sitting.paper not in papers:
            raise Refusal(400, f"考试包不完整：准考证 {sitting.ticket} 的考场或试卷不在包内")


def _over(sitting: LiveSitting) -> bool:
    return bool(sitting.facts.handed_in_at or sitting.room.facts.closed_at)


def moment(ms: int) -> datetime | None:
    """Milliseconds as an aware time; None for 0."""
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None


def _collected(s: LiveSitting, finals: dict[str, tuple[int, str]]) -> CollectedSitting:
    f = s.facts
    given = said_finals(finals)
    return CollectedSitting(
        sitting=s.sitting.id,
        arrived_at=moment(f.arrived_at),
        started_at=moment(f.started_at),
        handed_in_at=moment(f.handed_in_at),
        forced=f.forced,
        answers=given,
        revs={item: rev for item, (rev, _) in finals.items()},
        receipt=f.receipt,
        sheet_digest=f.sheet_digest or sheet_digest(s.sitting.id, given),
        rescheduled=s.rescheduled(),
        came_without=s.came_without(s.pack.now()),
        former_receipts=[receipt.code for receipt in f.receipts[:-1]],
    )


def _room_record(room: LiveRoom, events: list[tuple[Any, ...]]) -> RoomRecord:
    found = counts(s.facts for s in room.sittings)
    lines = [Line(*rest) for room_id, *rest in events if room_id == room.room.id]
    said = [line for line in lines if line.kind not in UNSAID and (line.kind, line.by) != (Ending.FORCED, BY_TIME)]
    incidents = [
        Event(moment(one.at) or datetime.now(UTC), one.kind, typed.one_line(one.text), one.by, one.sitting)
        for one in told_together(said, room.pack.sittings)
    ]
    return RoomRecord(
        room=room.room.id,
        expected=found["expected"],
        present=found["sat"],
        absent=found["came"] + found["absent"],
        handed_in=sum(bool(s.facts.handed_in_at) for s in room.sittings),
        incidents=incidents,
        closed_by=room.facts.closed_by,
        closed_at=moment(room.facts.closed_at),
        rescheduled=room.facts.rescheduled,
        came=found["came"],
    )
