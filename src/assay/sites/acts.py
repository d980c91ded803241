"""Keeping rooms, and stations that are out of order."""

from __future__ import annotations

from assay.centre.acts.reference import Many, keep
from assay.kernel.acts import Context
from assay.kernel.refusals import Refused
from assay.sites.models import BrokenStation, Room

CLAUSE = "工作方案 五(五)"


def _has_the_station(ctx: Context, row: BrokenStation, many: Many) -> None:
    if row.room_id and row.number and row.number > (row.room.workstations or 0):
        raise Refused(f"{row.room} 只有 {row.room.workstations or 0} 个机位", CLAUSE)
    if row.repaired_on and row.repaired_on < row.reported_on:
        raise Refused("修复日期早于报修日期", CLAUSE)


ROOMS = keep(Room, "room", duty=("D1", "E6"), clause="三(一)2(4)①")
FAULTS = keep(BrokenStation, "fault", duty=("D1", "D2", "E6", "R2"), clause="三(一)2(4)②", check=_has_the_station)
