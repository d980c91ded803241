"""A room's record is never edited: what is wrong in it or missing is added, and counts once a second person has signed as well."""

from __future__ import annotations

from assay.arrangement.presence import require_in_room
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.exam.models import RecordAddition, RoomRecord
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "工作方案 四(一)6(2)"
WRITERS = ("R2", "R3", "E8")
SIGNERS = (*WRITERS, "Q4")


def require_to_add(record: RoomRecord) -> None:
    """Raises Refused once the batch is being archived: the record is bound there."""
    _require_open(record.session_room.session.batch)


def _require_open(batch: Batch) -> None:
    if batch.has_reached(Stage.ARCHIVE):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，考场记录已归档，不能再更正、补充", CLAUSE)


def require_there(actor: Actor, record: RoomRecord, **_: object) -> None:
    """Raises Refused for who was not in the room and does not run the exam."""
    require_in_room(actor, record.session_room, ("E8",))


@act(
    "exam.add_to_record", duty=WRITERS, title="更正补充考场记录", clause="四(一)6(2)", guard=require_to_add, for_whom=require_there
)  # fmt: skip
def add_to_record(ctx: Context, record: RoomRecord, *, kind: str, text: str) -> RecordAddition:
    """Proposed by somebody of the room; it waits for the second signature."""
    held(record.session_room.session.batch)
    record = (
        RoomRecord.objects.select_for_update(of=("self",))
        .select_related("session_room__session__batch")
        .get(pk=record.pk)
    )
    require_to_add(record)
    require_there(ctx.actor, record)
    if kind not in RecordAddition.Kind.values:
        raise Refused("请选择“更正”或“补充”", CLAUSE)
    if not text.strip():
        raise Refused("请写明更正或补充的内容：原记录怎样写，实际怎样", CLAUSE)
    addition = RecordAddition.objects.create(
        record=record, kind=kind, text=uncut(text.strip(), 500, "内容"), by=ctx.actor.name,
        account_id=ctx.actor.account_id, at=ctx.at,
    )  # fmt: skip
    ctx.record(addition)
    return addition


def require_to_countersign(addition: RecordAddition) -> None:
    """Raises Refused once somebody has signed, or the batch is being archived."""
    _require_open(addition.record.session_room.session.batch)
    if addition.agreed is not None:
        raise Refused(f"这一条已由{addition.decided_by}会签", CLAUSE)


def require_second(actor: Actor, addition: RecordAddition, **_: object) -> None:
    """Raises Refused for who was not in the room, and neither runs the exam nor supervises."""
    require_in_room(actor, addition.record.session_room, ("E8", "Q4"))


@act(
    "exam.countersign_addition", duty=SIGNERS, title="会签考场记录更正", clause="四(一)6(2)", guard=require_to_countersign,
    for_whom=require_second,
)  # fmt: skip
def countersign(ctx: Context, addition: RecordAddition, *, agreed: bool, answer: str = "") -> RecordAddition:
    """A second person agrees, or not; either way it stays. Who proposed it does not sign (`separations`)."""
    held(addition.record.session_room.session.batch)
    rows = RecordAddition.objects.select_for_update(of=("self",)).select_related("record__session_room__session__batch")
    addition = rows.get(pk=addition.pk)
    require_to_countersign(addition)
    require_second(ctx.actor, addition)
    if not agreed and not answer.strip():
        raise Refused("不同意的，请写明理由", CLAUSE)
    addition.agreed, addition.answer = agreed, uncut(answer.strip(), 200, "会签意见")
    addition.decided_by, addition.decided_at = ctx.actor.name, ctx.at
    addition.save()
    ctx.record(addition)
    return addition
