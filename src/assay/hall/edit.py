"""What is decided together: changed in memory at once, written in one transaction, undone when that fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from assay import typed
from assay.bridge.contract import Pack
from assay.hall.facts import PackFacts
from assay.hall.state import Hall, LivePack, LiveRoom, LiveSitting, set_pack_facts
from assay.hall.store.contract import Operation

EVERYBODY = ""


class Edit:
    """Collects operations for the store and how to take them back in memory."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._undo: list[Callable[[], None]] = []

    def sitting(self, sitting: LiveSitting, **fields: Any) -> None:
        """Change facts of a sitting."""
        old = sitting.facts
        sitting.facts = msgspec.structs.replace(old, **fields)
        self._undo.append(lambda: setattr(sitting, "facts", old))
        state = msgspec.json.encode(sitting.facts).decode()
        self.operations.append(("sitting", (sitting.sitting.id, sitting.pack.pack.id, state)))

    def room(self, room: LiveRoom, **fields: Any) -> None:
        """Change facts of a room."""
        old = room.facts
        room.facts = msgspec.structs.replace(old, **fields)
        self._undo.append(lambda: setattr(room, "facts", old))
        state = msgspec.json.encode(room.facts).decode()
        self.operations.append(("room", (room.pack.pack.id, room.room.id, state)))

    def pack(self, pack: LivePack, facts: PackFacts) -> None:
        """Change facts of a pack."""
        old = pack.facts
        set_pack_facts(pack, facts)
        self._undo.append(lambda: setattr(pack, "facts", old))
        self.operations.append(("pack_state", (msgspec.json.encode(facts).decode(), pack.pack.id)))

    def admit(self, hall: Hall, pack: Pack, digest: str, facts: PackFacts) -> None:
        """Take a pack up."""
        set_pack_facts(hall.admit(pack, digest), facts)
        self._undo.append(lambda: hall.dismiss(pack.id))

    def end_pass(self, hall: Hall, account: str, room: str, at: int) -> None:
        """Passes of an account, to one room or ('') any, made until then are good no more."""
        old = hall.ended_passes.get((account, room), 0)
        hall.ended_passes[account, room] = at
        self._undo.append(lambda: hall.ended_passes.update({(account, room): old}))
        self.write("ended_pass", account, room, at)

    def said(self, sitting: LiveSitting, kind: str, text: str, who: str) -> None:
        """Note an event of a sitting."""
        self._event(sitting.pack, sitting.sitting.room, sitting.sitting.id, kind, text, who)

    def noted(self, room: LiveRoom, kind: str, text: str, who: str) -> None:
        """Note an event of a room."""
        self._event(room.pack, room.room.id, EVERYBODY, kind, text, who)

    def _event(self, pack: LivePack, room: str, sitting: str, kind: str, text: str, who: str) -> None:
        # Whoever put a word into it, a page or an invigilator: it is one line of the record, and a store can hold it.
        self.write("event", pack.pack.id, room, sitting, pack.now(), kind, typed.one_line(text), who)

    def write(self, statement: str, *values: Any) -> None:
        self.operations.append((statement, values))

    def undo(self) -> None:
        """Memory as it was before."""
        for step in reversed(self._undo):
            step()
