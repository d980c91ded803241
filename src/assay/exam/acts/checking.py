"""Rooms found ready before the exam, all of a day at once: whoever went through them notes them on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.arrangement.models import SessionRoom
from assay.batches.models import Batch
from assay.exam.acts.rooms import READY, note_check, require_to_check
from assay.exam.models import ReadinessCheck
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused, require_each


@dataclass(frozen=True)
class Found:
    """What was found at one place: the rooms of sessions for which it is the same, what is wanting of its checks, what is said of it."""

    rooms: Sequence[SessionRoom]
    wanting: Sequence[str] = ()
    remark: str = ""


def require_all_to_check(*rooms: SessionRoom) -> None:
    """Raises Refused with every room that cannot be checked now."""
    require_each(rooms, require_to_check)


@act(
    "exam.check_rooms", duty=("R2", "R3", "E6", "E8"), title="考前检查（多个考场）", clause="四(一)6(1)",
    guard=require_all_to_check,
)  # fmt: skip
def check_rooms(ctx: Context, places: Sequence[Found]) -> list[ReadinessCheck]:
    """Note what was found at each place, for every session that it serves."""
    pks = [room.pk for place in places for room in place.rooms]
    if not pks:
        raise Refused("没有选中任何考场", READY)
    batches = {b.pk: held(b) for b in Batch.objects.filter(sessions__rooms__in=pks).distinct().order_by("pk")}
    rows = SessionRoom.objects.select_related("session__publication", "room", "record").in_bulk(pks)
    for row in rows.values():
        row.session.batch = batches[row.session.batch_id]
    require_all_to_check(*rows.values())
    unsaid = [str(rows[place.rooms[0].pk].room) for place in places if place.wanting and not place.remark.strip()]
    if unsaid:
        raise Refused(f"{'、'.join(unsaid)}：有不符合的项目，请写明情况", READY)
    noted = [
        note_check(ctx, rows[room.pk], wanting=place.wanting, remark=place.remark)
        for place in places
        for room in place.rooms
    ]
    ctx.note = f"{len(places)} 处，{len(noted)} 个考场次"
    return noted
