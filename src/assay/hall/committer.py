"""Group commit: takes all that waits, writes it in one transaction, and only then lets the waiters know.

While one commit is in flight the next group forms. Many answers that come together while nothing is being written are taken in two
halves: else all would wait for the store, then the store for all, and each would be idle while the other works. Answers and changes take
turns; an answer is looked at again when its group is formed, because its sitting may have been handed in, or moved, since it arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

import msgspec
import structlog

from assay.bridge.contract import Pack
from assay.hall.edit import Edit
from assay.hall.facts import PackFacts, RoomFacts, SittingFacts
from assay.hall.refusal import Refusal
from assay.hall.state import Hall, LiveSitting, set_pack_facts
from assay.hall.store.contract import Changes, Finals, Operation, Row, Stale, Store, Unfit

T = TypeVar("T")
MOST_WAITING = 20_000
LONGEST_WAIT_S = 4.0
CATCH_UP_S = 0.5
MANY, ANSWERED_IN_S = 16, 0.000_05
"""How many are worth two commits, and what the loop needs for a request: halves are of use to a store that is faster than the loop."""
log = structlog.get_logger("hall")


class Busy(Exception):
    """Too much waits already, or the store is too slow: the caller answers 503 and the client tries again later."""


class Outdated(Exception):
    """The sitting was handed in, or moved to another computer, before the answer could be written."""


class Overtaken(Exception):
    """The sheet has got answers of another computer of which the page does not know: it has to compare its own with them first."""


@dataclass(slots=True)
class _Save:
    sitting: LiveSitting
    epoch: int
    late_taken: int | None
    rows: Sequence[Row]
    future: asyncio.Future[set[tuple[str, str, int]]]


@dataclass(slots=True)
class _Change(Generic[T]):
    decide: Callable[[Edit, Finals], T]
    sheets: Sequence[str]
    future: asyncio.Future[T]


class Committer:
    """The one writer of this process."""

    def __init__(self, hall: Hall, store: Store) -> None:
        self._hall, self.store = hall, store
        self._saves: list[_Save] = []
        self._changes: list[_Change[Any]] = []
        self._behind: list[asyncio.Future[None]] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._working_since = 0.0
        self._caught_up = 0.0
        self._was_idle, self._last_took = True, LONGEST_WAIT_S

    async def start(self) -> None:
        """Take up all that the store holds; after this the hall goes on where it stopped."""
        self._loop = asyncio.get_running_loop()  # asked for each answer, it costs a call of the system
        await self.store.open()
        await self.store.catch_up(self._apply)
        self._task = asyncio.create_task(self._run())
        self._clock = asyncio.create_task(self._wake_up()) if self.store.shared else None

    async def stop(self) -> None:
        """Write what waits, then let the store go."""
        self._stopping = True
        self._wake.set()
        await self._task
        if self._clock is not None:
            self._clock.cancel()
        await self.store.close()

    def save(
        self, sitting: LiveSitting, epoch: int, late_taken: int | None, rows: Sequence[Row]
    ) -> asyncio.Future[set[tuple[str, str, int]]]:
        """Queue answers of a page that knows of so many takings of late ones (None: it does not say); resolves after their commit to
        those whose revision was there with another choice. Raises Busy; the future may fail with Outdated, Overtaken or with the
        store's trouble."""
        if len(self._saves) >= MOST_WAITING or self._too_slow():
            raise Busy
        future: asyncio.Future[set[tuple[str, str, int]]] = self._loop.create_future()
        self._saves.append(_Save(sitting, epoch, late_taken, rows, future))
        self._wake.set()
        return future

    async def change(self, decide: Callable[[Edit, Finals], T], sheets: Sequence[str] = ()) -> T:
        """Have `decide` change memory and store together, on fresh memory, with no answer on its way. It gets the finals
        of `sheets` (sitting ids) and may raise Refusal. Returns what it returned, after the commit."""
        if len(self._changes) >= MOST_WAITING or self._too_slow():
            raise Busy
        future: asyncio.Future[T] = self._loop.create_future()
        self._changes.append(_Change(decide, sheets, future))
        self._wake.set()
        return await future

    async def refresh(self) -> None:
        """Return with memory as fresh as the store is now: before a refusal that another process's doings may have made
        wrong. Trouble with the store leaves memory as it is."""
        if not self.store.shared:
            return
        future: asyncio.Future[None] = self._loop.create_future()
        self._behind.append(future)
        self._wake.set()
        await future

    def _too_slow(self) -> bool:
        return bool(self._working_since) and monotonic() - self._working_since > LONGEST_WAIT_S

    async def _run(self) -> None:
        while True:
            await self._wait()
            self._working_since = monotonic()
            if self._saves:
                await self._commit_saves(self._group())
            if self._changes:
                changes, self._changes = self._changes, []
                await self._commit_changes(changes)
            if self._behind or (self.store.shared and monotonic() - self._caught_up > CATCH_UP_S):
                await self._catch_up()
            self._working_since = 0.0
            if self._stopping and not self._saves and not self._changes:
                return

    def _group(self) -> list[_Save]:
        """All that waits, or its first half."""
        count = len(self._saves)
        if self._was_idle and count >= MANY and self._last_took < count * ANSWERED_IN_S:
            count //= 2
        self._was_idle = False
        group, self._saves = self._saves[:count], self._saves[count:]
        return group

    async def _wait(self) -> None:
        if self._saves or self._changes or self._behind or self._stopping:
            return
        self._wake.clear()
        self._was_idle = True
        await self._wake.wait()

    async def _wake_up(self) -> None:
        """Now and then, for what other processes changed. A time limit on each wait would cost more than many an answer."""
        while True:
            await asyncio.sleep(CATCH_UP_S)
            self._wake.set()

    async def _catch_up(self) -> None:
        """What other processes changed; trouble is met again by whoever writes next."""
        behind, self._behind = self._behind, []
        try:
            await self.store.catch_up(self._apply)
        except Exception as trouble:
            log.warning("cannot catch up", error=str(trouble))
        self._caught_up = monotonic()
        for future in behind:
            if not future.done():
                future.set_result(None)

    async def _commit_saves(self, saves: list[_Save]) -> None:
        while True:
            saves = [save for save in saves if _still_open(save)]
            if not saves:
                return
            try:
                begun = monotonic()
                doubles = await self.store.append([row for save in saves for row in save.rows])
                self._last_took = monotonic() - begun
                break
            except Stale:
                try:
                    await self.store.catch_up(self._apply)
                except Exception as trouble:
                    return _fail(saves, trouble)
            except Exception as trouble:  # whatever it is, who waits must hear of it and the next group must be tried
                return _fail(saves, trouble)
        nothing: set[tuple[str, str, int]] = set()
        for save in saves:
            if not save.future.done():
                save.future.set_result({row[1:4] for row in save.rows} & doubles if doubles else nothing)

    async def _commit_changes(self, changes: list[_Change[Any]]) -> None:
        edits: list[Edit] = []
        results: list[tuple[_Change[Any], Any]] = []

        def decide(finals: Finals) -> list[Operation]:
            for change in changes:
                edit = Edit()
                try:
                    results.append((change, change.decide(edit, finals)))
                    edits.append(edit)
                except Exception as no:
                    edit.undo()
                    if not isinstance(no, Refusal):
                        log.exception("a change failed")
                    if not change.future.done():
                        change.future.set_exception(no)
            return [operation for edit in edits for operation in edit.operations]

        sheets = [sheet for change in changes for sheet in change.sheets]
        try:
            await self.store.change(self._apply, sheets, decide)
        except Exception as trouble:
            for edit in reversed(edits):
                edit.undo()
            if isinstance(trouble, Unfit) and len(changes) > 1:  # of one of them; the others have nothing to do with it
                for change in changes:
                    if not change.future.done():
                        await self._commit_changes([change])
                return None
            return _fail(changes, trouble)
        for change, result in results:
            if not change.future.done():
                change.future.set_result(result)

    def _apply(self, new: Changes) -> None:
        """Memory as the store has it."""
        for pack_id, digest, body, state in new.packs:
            live = self._hall.packs.get(pack_id)
            if live is None or live.digest != digest:
                live = self._hall.admit(msgspec.msgpack.decode(body, type=Pack), digest)
            facts = msgspec.json.decode(state, type=PackFacts)
            if live.pack.paper_keys and not facts.paper_keys:  # published before keys travelled apart from their pack
                facts = PackFacts(live.pack.paper_keys, ("随考试包送达",))
            set_pack_facts(live, facts)
        for pack_id, room_id, state in new.rooms:
            self._hall.packs[pack_id].rooms[room_id].facts = msgspec.json.decode(state, type=RoomFacts)
        for sitting_id, pack_id, state in new.sittings:
            sitting = self._hall.packs[pack_id].sittings[sitting_id]
            sitting.facts = msgspec.json.decode(state, type=SittingFacts)
        for account, room, at in new.ended_passes:
            self._hall.ended_passes[account, room] = at
        self._caught_up = monotonic()


def _still_open(save: _Save) -> bool:
    facts = save.sitting.facts
    open_here = save.epoch == facts.epoch and not facts.handed_in_at
    if open_here and save.late_taken in (None, facts.late_taken):
        return True
    if not save.future.done():
        save.future.set_exception(Overtaken() if open_here else Outdated())
    return False


def _fail(waiting: Sequence[_Save] | Sequence[_Change[Any]], trouble: Exception) -> None:
    for one in waiting:
        if not one.future.done():
            one.future.set_exception(trouble)
