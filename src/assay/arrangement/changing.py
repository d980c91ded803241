"""When an arrangement may still be changed, and the locks that every change begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.models import Centre
from assay.kernel import clock
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)3(2)"
ARRANGED_IN = (Stage.ARRANGE, Stage.FILING)
CHANGED_IN = (*ARRANGED_IN, Stage.TICKETS, Stage.READINESS, Stage.EXAM)
"""Stages in which a batch is arranged, and in which single seats and places are still changed by hand, each until its session is over."""

AtWork = Callable[[SessionRoom], bool]
_known: list[AtWork] = []


def add_at_work(tell: AtWork) -> None:
    """Register a later room's answer to whether the people of a room are still at work after the planned end."""
    _known.append(tell)


def locked_batch(batch: Batch) -> Batch:
    return Batch.objects.select_for_update().get(pk=batch.pk)


Placed = TypeVar("Placed", Seating, Assignment)


def locked(model: type[Placed], pk: int) -> Placed:
    """A seat or a place as it is once the batch is locked: it may have been moved, or gone with a new arrangement."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("session_room__session__batch")
    return rows.get(pk=pk)


def take_people_and_rooms() -> None:
    """One batch at a time: two that are arranged at once would each find the same people and rooms free."""
    Centre.objects.select_for_update(no_key=True).first()


def require_stage(batch: Batch, stages: Sequence[str]) -> None:
    if batch.stage not in stages:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，此时不能改动编排", CLAUSE)


def require_not_over(session: Session) -> None:
    """Raises Refused unless something of the session may still be changed: it has not ended."""
    require_stage(session.batch, CHANGED_IN)
    if clock.now() >= session.ends_at:
        raise Refused(f"{session} 已于 {clock.shown(session.ends_at)} 结束，座位不能再调整", CLAUSE)


def require_at_work(room: SessionRoom) -> None:
    """Raises Refused unless somebody may still be put into the room or taken out of it: until the end of its session, and a panel
    until it has settled everybody, for nobody else could do so."""
    session = room.session
    require_stage(session.batch, CHANGED_IN)
    if clock.now() >= session.ends_at and not any(tell(room) for tell in _known):
        raise Refused(f"{session} 已于 {clock.shown(session.ends_at)} 结束，人员不能再变动", CLAUSE)
