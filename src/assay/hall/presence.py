"""Who was heard, written down every few seconds for the other processes that share the store."""

from __future__ import annotations

from assay.hall.state import Hall
from assay.hall.store import Store


async def write_presence(hall: Hall, store: Store) -> None:
    """Nothing depends on it but what the seat map shows and whether a sitting counts as offline."""
    if not store.shared:
        hall.touched.clear()
        return
    touched, hall.touched = hall.touched, set()
    rows = [(s.sitting.id, s.pack.pack.id, s.last_seen, s.last_save) for s in touched]
    await store.note([("presence", row) for row in sorted(rows)])
