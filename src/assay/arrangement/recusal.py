"""Who has to stand back (考评员回避制度): who teaches the candidates of a room, and who is a candidate of the batch.

One answer for the planner, the choice of a substitute, the act that puts one in and the gate that looks once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from assay.applications.models import Application
from assay.arrangement.models import SessionRoom
from assay.batches.models import Batch
from assay.corps.models import Member

CLAUSE = "考评员回避制度；工作方案 三(四)2"
TEACHERS_STAND_BACK = ("invigilator", "examiner", "leader")


def candidates_of(batch: Batch) -> frozenset[str]:
    """The ID numbers (blind indexes) of whoever is admitted to the batch: told by number, whatever the name's spelling."""
    admitted = Application.objects.approved().filter(batch=batch)
    return frozenset(admitted.values_list("applicant__id_index", flat=True))


def classes_in(room: SessionRoom) -> frozenset[str]:
    """The classes whose candidates sit in the room."""
    return frozenset(room.seatings.values_list("application__applicant__class_name", flat=True))


def why_recused(member: Member, role: str, *, classes: Set[str], candidates: Set[str]) -> str:
    """Why the member may not serve in a role where `classes` sit, in a batch of these `candidates`; "" when nothing is against
    it."""
    if member.id_index in candidates:
        return f"{member}是本批次的考生，不能在本批次担任工作"
    taught = sorted(classes & set(member.classes)) if role in TEACHERS_STAND_BACK else []
    return f"{member}任教{'、'.join(taught)}，应当回避" if taught else ""


def not_candidates(members: Iterable[Member], candidates: Set[str]) -> list[Member]:
    """Those who may serve in the batch at all."""
    return [member for member in members if member.id_index not in candidates]
