"""Who was heard, written down every few seconds: for the other processes that share the store, and for the hall itself when it
has been started anew."""

from __future__ import annotations

import asyncio

from assay.hall.state import Hall
from assay.hall.store.contract import Store

AT_ONCE, PAUSE_S = 500, 0.02


async def write_presence(hall: Hall, store: Store) -> None:
    """What the seat map shows, whether a sitting counts as offline, and how long a computer was away depend on it."""
    touched, hall.touched = hall.touched, set()
    heard = sorted(touched, key=lambda sitting: sitting.sitting.id)
    for first in range(0, len(heard), AT_ONCE):
        part = heard[first : first + AT_ONCE]
        await store.note_presence([(s.sitting.id, s.pack.pack.id, s.last_seen, s.last_save) for s in part])
        await asyncio.sleep(PAUSE_S)  # answers come first


async def recall_presence(hall: Hall, store: Store) -> None:
    """Who was heard when, before this hall was started."""
    for pack, name, seen, saved in await store.read("all_present"):
        sitting = hall.find(pack, name)
        if sitting is not None:
            sitting.last_seen, sitting.last_save = max(sitting.last_seen, seen), max(sitting.last_save, saved)
