"""What was changed by hand since a batch was arranged, so that nobody arranges it anew without knowing what is lost."""

from __future__ import annotations

from assay.arrangement.models import Seating, StaffChange
from assay.batches.models import Batch
from assay.kernel.models import LedgerLine

SEATED_BY_HAND = ("arrangement.move_candidate", "arrangement.swap_seats")
NAMED = 8


def changes_by_hand(batch: Batch) -> list[str]:
    """Each in a few words: people, then seats as they are now."""
    people = StaffChange.objects.filter(session_room__session__batch=batch)
    said = [
        f"{change.session_room.room} {change.said()}"
        for change in people.select_related("session_room__room", "former", "member")
    ]
    lines = LedgerLine.objects.filter(subject=Seating.subject(), entry__act__in=SEATED_BY_HAND, facts__isnull=False)
    moved = Seating.objects.filter(
        pk__in={int(pk) for pk in lines.values_list("subject_id", flat=True)}, session_room__session__batch=batch
    )
    for seating in moved.select_related("application__applicant", "session_room__room", "session_room__session"):
        part = seating.get_part_display()
        said.append(f"{seating.application.applicant} {part}调至 {seating.session_room.room} {seating.seat} 号")
    return said


def what_is_lost(changes: list[str]) -> str:
    """For who is about to arrange anew."""
    if not changes:
        return "重新编排会替换现有编排（没有手工调整），确认？"
    named = "；".join(changes[:NAMED]) + (f"；等 {len(changes)} 处" if len(changes) > NAMED else "")
    return f"重新编排会替换现有编排，{len(changes)} 处手工调整将丢失，须在编排后重新调整：{named}。确认？"
