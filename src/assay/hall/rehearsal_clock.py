"""How far a hall that was started as a rehearsal moves its clock."""

from __future__ import annotations

from datetime import datetime

from assay.hall.outages import AWAKE
from assay.hall.state import real_ms
from assay.hall.store.contract import Store

SAME_DAY_MS = 12 * 3_600_000


async def rehearsal_ms(store: Store, moment: str) -> int | None:
    """None without a moment. A hall that is started anew a while later with the same moment goes on where its clock would be;
    one that has rested overnight begins at the moment again."""
    if not moment:
        return None
    marks, now, name = dict(await store.read("marks")), real_ms(), f"rehearsal {moment}"
    if name in marks and now - marks.get(AWAKE, 0) < SAME_DAY_MS:
        return int(marks[name])
    moved = int(datetime.fromisoformat(moment).timestamp() * 1000) - now
    await store.note_mark(name, moved)
    return moved
