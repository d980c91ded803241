"""Who has business in a room: the officers named by the caller, and those who are assigned to it."""

from __future__ import annotations

from collections.abc import Sequence

from assay.arrangement.models import Assignment, SessionRoom
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused


def require_in_room(who: Actor, room: SessionRoom, officers: Sequence[str]) -> None:
    """Refuse who neither holds a duty of these officers nor invigilates, examines or supervises in the room."""
    if not (
        who.holds(*officers) or Assignment.objects.filter(session_room=room, member__account=who.account_id).exists()
    ):
        raise Refused("您没有被安排在这个考场", "工作方案 四(一)6")
