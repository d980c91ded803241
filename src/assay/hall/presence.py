"""Who was heard, written down every few seconds for the other processes that share the store."""

from __future__ import annotations

import asyncio

from assay.hall.state import Hall
from assay.hall.store import Store

AT_ONCE, PAUSE_S = 500, 0.02


async def write_presence(hall: Hall, store: Store) -> None:
    """Nothing depends on it but what the seat map shows and whether a sitting counts as offline."""
    if not store.shared:
        hall.touched.clear()
        return
    touched, hall.touched = hall.touched, set()
    heard = sorted(touched, key=lambda sitting: sitting.sitting.id)
    for first in range(0, len(heard), AT_ONCE):
        part = heard[first : first + AT_ONCE]
        await store.note_presence([(s.sitting.id, s.pack.pack.id, s.last_seen, s.last_save) for s in part])
        await asyncio.sleep(PAUSE_S)  # answers come first
