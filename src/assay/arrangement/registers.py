"""《监考考评人员变动登记表》: who came, left or took another's place after the rooms were arranged, and why."""

from __future__ import annotations

from assay.arrangement.models import StaffChange
from assay.batches.models import Batch
from assay.batches.registers import register
from assay.kernel.clock import shown


def staff_changes_register(batch: Batch) -> bytes:
    """In order of time, over all rooms."""
    changes = (
        StaffChange.objects.filter(session_room__session__batch=batch)
        .select_related("session_room__session", "session_room__room", "former", "member")
        .order_by("at", "pk")
    )
    rows = [
        [n, shown(c.at), c.session_room.session, c.session_room.room, c.said(), c.reason, c.by]
        for n, c in enumerate(changes, start=1)
    ]
    head = ["序号", "时间", "场次", "考场", "变动", "原因", "办理人"]
    widths = ["10mm", "32mm", "36mm", "34mm", "1fr", "44mm", "20mm"]
    return register(batch, "监考考评人员变动登记表", head, rows, widths, signed_by=("考务管理员", "专家考评组负责人"))
