"""Arranging a whole batch: sessions, seats and people, all at once and anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.arrangement.by_hand import changes_by_hand
from assay.arrangement.changing import ARRANGED_IN, CLAUSE, locked_batch, require_stage, take_people_and_rooms
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, StaffChange
from assay.arrangement.planning import SessionPlan
from assay.arrangement.proposal import Options, propose
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel.acts import Context, act
from assay.kernel.correspondence import Standing
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused


@dataclass(frozen=True)
class Arranged:
    """What `arrange` did, and what it could not do (in Chinese): problems are gates until mended."""

    sessions: int
    seats: int
    problems: list[str]


def is_filed(batch: Batch) -> bool:
    """Whether the province has the plan before it, or has approved it: it gives it back before anything is arranged anew."""
    return batch.stage == Stage.FILING and batch.filings.exclude(state=Standing.RETURNED).exists()


def require_arrangeable(batch: Batch) -> None:
    """Raises Refused where the batch is not to be arranged: too early, too late, or before the province."""
    require_stage(batch, ARRANGED_IN)
    if is_filed(batch):
        raise Refused("认定计划已上报，编排不能再改；如需改动请待省中心退回", CLAUSE)


@act("arrangement.arrange", duty="E6", title="考场编排", clause="四(一)3(2)", guard=require_arrangeable)
def arrange(
    ctx: Context, batch: Batch, *, options: Options | None = None, losing: int | None = None
) -> Arranged:  # fmt: skip
    """Plan the whole batch anew: sessions, seats, invigilators, panels, supervisors, staff. Replaces what was there. `losing`: how
    many changes by hand a page said would be lost; there must not be others meanwhile."""
    take_people_and_rooms()
    batch = locked_batch(batch)
    require_arrangeable(batch)
    by_hand = len(changes_by_hand(batch)) if losing is not None else None
    if by_hand != losing:
        raise Refused(f"手工调整有变动，现有 {by_hand} 处，重新编排会丢失：请刷新页面，看过再办理", CLAUSE)
    proposal = propose(batch, options or Options())
    _clear(ctx, batch)
    _write(ctx, batch, proposal.sessions)
    seats = sum(len(room.seats) for session in proposal.sessions for room in session.rooms)
    ctx.note = f"编排 {len(proposal.sessions)} 场 {seats} 座"
    return Arranged(len(proposal.sessions), seats, proposal.problems)


def _clear(ctx: Context, batch: Batch) -> None:
    """Remove the former arrangement, leaving its removal in the ledger."""
    steps: list[tuple[type[Recorded], dict[str, Batch]]] = [
        (StaffChange, {"session_room__session__batch": batch}),
        (Assignment, {"session_room__session__batch": batch}),
        (Seating, {"session_room__session__batch": batch}),
        (SessionRoom, {"session__batch": batch}),
        (Session, {"batch": batch}),
    ]
    for model, condition in steps:
        rows = model._default_manager.filter(**condition)
        for pk in rows.values_list("pk", flat=True):
            ctx.record_removed(model, pk)
        rows.delete()


def _write(ctx: Context, batch: Batch, plans: Sequence[SessionPlan]) -> None:
    numbers: dict[str, int] = {}
    for plan in plans:
        numbers[plan.part] = numbers.get(plan.part, 0) + 1
        session = Session.objects.create(
            batch=batch,
            part=plan.part,
            number=numbers[plan.part],
            starts_at=plan.slot.starts_at,
            ends_at=plan.slot.ends_at,
        )
        ctx.record(session)
        for room_plan in plan.rooms:
            room = SessionRoom.objects.create(session=session, room_id=room_plan.room, line_id=room_plan.line)
            ctx.record(room)
            ctx.record_all(
                Seating.objects.bulk_create(
                    [
                        Seating(session_room=room, application_id=application, part=plan.part, seat=station)
                        for station, application in room_plan.seats
                    ]
                )
            )
            ctx.record_all(
                Assignment.objects.bulk_create(
                    [Assignment(session_room=room, member_id=m, role=role) for role, m in room_plan.people]
                )
            )
