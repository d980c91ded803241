"""A hall of this very process on a store, its clock in our hand: started and killed at will."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from assay.hall import state
from assay.hall.absence import notice
from assay.hall.committer import Committer
from assay.hall.computers import Computers
from assay.hall.deeds import Action
from assay.hall.edit import Edit
from assay.hall.entrance import Entrance
from assay.hall.locked_rooms import Came, LockedRooms
from assay.hall.outages import AGAIN, keep_awake
from assay.hall.packs import moment
from assay.hall.presence import recall_presence, write_presence
from assay.hall.rooms import ON_ROOM
from assay.hall.seat_deeds import ON_SITTINGS
from assay.hall.state import MINUTE, Hall, LiveRoom, LiveSitting
from assay.hall.store.opening import store_for
from tests.hall.packs import number_of, pack

NOW = 1_778_306_893_000
"""14:08:13 in China."""


class Morning:
    """A hall on a store, started and killed at will."""

    def __init__(self, url: str) -> None:
        self.url, self.now = url, NOW

    async def start(self) -> None:
        self.store = store_for(self.url)
        self.hall = Hall()
        self.committer = Committer(self.hall, self.store)
        await self.committer.start()
        await recall_presence(self.hall, self.store)
        await keep_awake(self.hall, self.committer, AGAIN)

    async def away(self, seconds: int) -> None:
        """Killed, and started again some seconds later."""
        await self.committer.stop()
        self.now += seconds * 1000
        await self.start()

    async def work(self, seconds: int) -> None:
        """The hall is there while time goes by."""
        for _ in range(0, seconds, 5):
            self.now += 5000
            await keep_awake(self.hall, self.committer)

    async def take_up(self, **more: Any) -> None:
        """A session that began a minute ago: the first two of its three candidates are at work and were heard just now."""
        body = msgspec.structs.replace(pack(candidates=3, **more), starts_at=moment(NOW - MINUTE))

        def take_up(edit: Edit, _: Any) -> None:
            edit.write("pack", "p1", "digest", msgspec.msgpack.encode(body), "{}")
            edit.admit(self.hall, body, "digest", state.PackFacts(body.paper_keys))
            for n in (0, 1):
                edit.sitting(
                    self.sitting(n), epoch=1, arrived_at=NOW - 50_000, started_at=NOW - 50_000, address="10.0.0.1"
                )

        await self.committer.change(take_up)
        await self.hear()
        await keep_awake(self.hall, self.committer)

    async def hear(self) -> None:
        for n in (0, 1):
            self.hall.heard(self.sitting(n))
        await write_presence(self.hall, self.store)

    @property
    def room(self) -> LiveRoom:
        return self.hall.packs["p1"].rooms["r0"]

    def sitting(self, n: int = 0) -> LiveSitting:
        return self.hall.packs["p1"].sittings[f"p1-s{n}"]

    async def lines(self) -> list[str]:
        return [row[3] for row in await self.store.read("whole_record", "p1", "r0")]

    async def do(self, deed: str, **more: Any) -> None:
        action = Action(deed, room="r0", **more)
        await self.committer.change(lambda edit, _: ON_ROOM[deed](edit, self.room, action, "监考员甲"))

    async def do_to(self, deed: str, n: int = 0, text: str = "断网") -> None:
        """A deed for one candidate."""
        action = Action(deed, sittings=[self.sitting(n).sitting.id], text=text)
        await self.committer.change(lambda edit, _: ON_SITTINGS[deed](edit, [self.sitting(n)], action, "监考员甲"))

    async def enter(self, address: str, n: int = 0) -> None:
        """A candidate signs in at the computer of an address."""
        entrance = Entrance(self.hall, self.committer, LockedRooms(self.committer, b""), Computers(), b"")
        await entrance.sign_in(f"p1-t{n}", number_of(n), Came("", "", "", b"", b"", address))

    async def back(self, n: int) -> None:
        """A candidate's page is heard again."""
        await self.committer.change(lambda edit, _: notice(edit, self.sitting(n), self.now, "10.0.0.1"))


Happen = Callable[[Callable[[Morning], Awaitable[None]]], None]
