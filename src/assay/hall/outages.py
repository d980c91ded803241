"""When the hall itself was away: started anew, stopped, or without its store. It notices by its own trace in the store, which all its
processes keep fresh, tells every room at work, and offers the time to all of the room."""

from __future__ import annotations

from assay.hall.absence import UNCERTAIN_MS
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.facts import Outage
from assay.hall.state import MINUTE, Hall, LiveRoom, real_ms
from assay.hall.wording import lasting, moment_text

AWAKE = "awake"
AGAIN, BROKEN = "考试端重新启动", "考试端曾中断服务"


async def keep_awake(hall: Hall, committer: Committer, said: str = BROKEN) -> None:
    """Leave a trace; before that, tell what the last one says of a time away."""
    now = real_ms()
    last = dict(await committer.store.read("marks")).get(AWAKE, 0)
    if last and now - last > UNCERTAIN_MS and any(_at_work(room, last, now) for room in _rooms(hall)):
        await committer.change(lambda edit, _: _tell(edit, hall, last, now, said))
    await committer.store.note_mark(AWAKE, now)


def _rooms(hall: Hall) -> list[LiveRoom]:
    return [room for pack in hall.packs.values() for room in pack.rooms.values()]


def _at_work(room: LiveRoom, since: int, until: int) -> bool:
    """Whether anybody of the room was to be served in that time (the machine's clock)."""
    if room.facts.closed_at:
        return False
    moved = room.pack.moved_ms()
    return any(
        s.facts.arrived_at and not s.facts.handed_in_at and s.deadline(until + moved) > since + moved
        for s in room.sittings
    )


def _tell(edit: Edit, hall: Hall, last: int, now: int, said: str) -> None:
    for room in _rooms(hall):
        if not _at_work(room, last, now):
            continue
        pack = room.pack
        began, ended = last + pack.moved_ms(), now + pack.moved_ms()
        if any(one.ended > began and one.began < ended for one in room.facts.outages):
            continue  # another process has told of it
        since = max(began, pack.starts_ms)
        lost = ended - since - room.paused_within(since, ended)
        minutes = -(-lost // MINUTE) if lost > UNCERTAIN_MS else 0
        edit.room(room, outages=(*room.facts.outages, Outage(began, ended, minutes)))
        text = f"{said}，上次在线 {moment_text(began)}，{moment_text(ended)} 恢复，中断 {lasting(ended - began)}"
        edit.noted(room, "hall_away", text, "考试端")
