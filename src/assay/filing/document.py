"""The document that is filed: everything that plan §四(一)4 lists, frozen as JSON."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db.models import Count, Q

from assay.applications.models import Application
from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.models import Centre
from assay.corps.models import Card
from assay.kernel.clock import SHANGHAI
from assay.kernel.ledger import canonical_json

EXAMINER_ROLES = ("examiner", "leader")


def build(batch: Batch, version: int) -> dict[str, Any]:
    """The batch as filed: scheme, timetable, rooms, lines with numbers, and every named person by duty."""
    centre = Centre.objects.get()
    return {
        "centre_code": centre.body_code,
        "centre_name": centre.name,
        "batch_code": batch.code,
        "batch_name": batch.name,
        "route": batch.route,
        "exam_on": batch.exam_on.isoformat() if batch.exam_on else None,
        "scheme": batch.scheme,
        "version": version,
        "lines": _lines(batch),
        "timetable": _timetable(batch),
        "rooms": _rooms(batch),
        "invigilators": _people(batch, "invigilator"),
        "examiners": _people(batch, *EXAMINER_ROLES),
        "supervisors": _people(batch, "supervisor"),
        "staff": _people(batch, "staff"),
    }


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the document as canonical JSON."""
    return sha256(canonical_json(document)).hexdigest()


def _lines(batch: Batch) -> list[dict[str, Any]]:
    admitted = Count("applications", filter=Q(applications__state=Application.State.APPROVED))
    lines = batch.lines.select_related("scope_row__occupation", "level").annotate(admitted=admitted)
    return [
        {
            "occupation_code": line.scope_row.occupation.code,
            "occupation": line.scope_row.occupation.name,
            "job": line.scope_row.job or None,
            "level": line.level.code,
            "candidates": line.admitted,
        }
        for line in lines
        if line.admitted
    ]


def _timetable(batch: Batch) -> list[dict[str, Any]]:
    sessions = Session.objects.filter(batch=batch).order_by("starts_at", "part", "number")
    return [
        {
            "part": session.get_part_display(),
            "number": session.number,
            "starts_at": session.starts_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
            "ends_at": session.ends_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        }
        for session in sessions
    ]


def _rooms(batch: Batch) -> list[dict[str, Any]]:
    rooms = (
        SessionRoom.objects.filter(session__batch=batch)
        .select_related("session", "room", "line__scope_row__occupation", "line__level")
        .annotate(seated=Count("seatings"))
        .filter(seated__gt=0)
        .order_by("session__starts_at", "room__code", "id")
    )
    return [
        {
            "session": str(row.session),
            "room": row.room.name,
            "line": row.jobs,
            "candidates": row.seated,
        }
        for row in tell_jobs(rooms)
    ]


def _people(batch: Batch, *roles: str) -> list[dict[str, Any]]:
    members = {
        a.member_id: a.member
        for a in Assignment.objects.filter(session_room__session__batch=batch, role__in=roles)
        .select_related("member__department")
        .order_by("member_id")
    }
    cards: dict[int, str] = {}
    day = batch.exam_on
    for card in Card.objects.filter(member_id__in=members, role__in=_card_roles(roles)).order_by("valid_to"):
        if day is None or card.in_force(day):
            cards[card.member_id] = card.number
    return [
        {
            "name": member.name,
            "card_no": cards.get(pk, ""),
            "department": member.department.name if member.department else member.employer,
            "title": member.title,
        }
        for pk, member in members.items()
    ]


def _card_roles(roles: tuple[str, ...]) -> list[str]:
    if "examiner" in roles:
        return ["examiner", "senior_examiner"]
    return list(roles)
