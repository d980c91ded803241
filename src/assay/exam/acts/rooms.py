"""Rooms of an exam: found ready before it, sitting again after an incident, the record of a skill room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from assay.arrangement import within
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.catalogue.parts import Part
from assay.exam.models import Publication, ReadinessCheck, RoomRecord, publication_of, record_of
from assay.exam.queries import READINESS_CHECKS, check_days, somebody_has_no_panel_mark, somebody_is_unfinished
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

EXAM = "工作方案 四(一)6"
READY = "工作方案 四(一)6(1)"


def require_readiness(batch: Batch) -> None:
    """Refuse unless rooms may be checked now."""
    if batch.has_reached(Stage.RESULTS):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，考试已经结束，不再登记考前检查", EXAM)
    if batch.stage not in (Stage.READINESS, Stage.EXAM):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，准考证发放后进入“考前检查”阶段才能检查考场", EXAM)


def check_opens_on(batch: Batch, day: date, days: int) -> date:
    """The rooms of all days are looked through before the first; a session that is brought forward opens the check with it."""
    return min(day, batch.exam_on or day) - timedelta(days=days)


def require_to_check(session_room: SessionRoom) -> None:
    """Raises Refused unless the room may be checked now: not once its exam is over. A batch that is still being made ready cannot go
    on without its checks, however far a room got meanwhile: there they are made up for."""
    require_readiness(session_room.session.batch)
    session = session_room.session
    opens = check_opens_on(session.batch, clock.day_of(session.starts_at), check_days(session_room))
    if clock.today() < opens:
        said = f"{session_room} 还早：{opens:%Y年%m月%d日} 起才能登记考前检查，早了不能说明开考时的情况"
        raise Refused(said, READY)
    publication = publication_of(session_room.session)
    collected = publication is not None and publication.state == Publication.State.COLLECTED
    over = collected or record_of(session_room) is not None
    if over and session_room.session.batch.stage == Stage.EXAM:
        raise Refused(f"{session_room} 已{'收卷' if collected else '填写考场记录'}，不再登记考前检查", EXAM)


@act(
    "exam.check_readiness", duty=("R2", "R3", "E6", "E8"), title="考前检查", clause="四(一)6(1)", guard=require_to_check
)  # fmt: skip
def check_readiness(
    ctx: Context, session_room: SessionRoom, *, checks: Sequence[dict[str, Any]], remark: str = ""
) -> ReadinessCheck:
    """Note what was found in a room before the exam; it may be checked again until the exam begins."""
    batch = held(session_room.session.batch)
    session_room = SessionRoom.objects.select_related("session__publication", "room", "record").get(pk=session_room.pk)
    session_room.session.batch = batch
    require_to_check(session_room)
    expected = set(READINESS_CHECKS[session_room.session.part])
    if {c["title"] for c in checks} != expected:
        raise Refused("检查项目不全", READY)
    wanting = [c["title"] for c in checks if not c["ok"]]
    if wanting and not remark.strip():
        raise Refused("有不符合的项目，请写明情况", READY)
    return note_check(ctx, session_room, wanting=wanting, remark=remark)


def note_check(ctx: Context, session_room: SessionRoom, *, wanting: Sequence[str], remark: str) -> ReadinessCheck:
    """Within an act that found that the room may be checked: each check of its part, met but for those that are `wanting`."""
    titles = READINESS_CHECKS[session_room.session.part]
    row, _ = ReadinessCheck.objects.update_or_create(
        session_room=session_room,
        defaults={
            "checks": [{"title": title, "ok": title not in wanting} for title in titles],
            "ready": not wanting,
            "remark": uncut(remark, 200, "情况说明"),
            "by": ctx.actor.name,
            "at": ctx.at,
        },
    )
    ctx.record(row)
    return row


def require_to_sit_again(session_room: SessionRoom) -> None:
    """Raises Refused unless the session of a theory room was collected and somebody of the room has no sheet."""
    publication = publication_of(session_room.session)
    if (
        publication is None
        or publication.state != Publication.State.COLLECTED
        or not somebody_is_unfinished(session_room)
    ):
        raise Refused(f"{session_room} 没有须另行安排的考生", EXAM)


@act(
    "exam.reschedule", duty="E8", title="中断考场另行安排考试", clause="四(一)6(2)", guard=require_to_sit_again
)  # fmt: skip
def reschedule(ctx: Context, session_room: SessionRoom, *, starts_at: datetime) -> Session:
    """A theory room that was given up after an incident sits again: a new session in the same room with the same seats
    and invigilators, for those who have no sheet."""
    seatings = list(
        Seating.objects.select_for_update(of=("self",))
        .filter(session_room=session_room, part=Part.THEORY, sheet=None)
        .order_by("seat")
    )
    session_room = SessionRoom.objects.select_related("session__publication", "room").get(pk=session_room.pk)
    require_to_sit_again(session_room)
    if starts_at <= ctx.at:
        raise Refused("另行安排的时间须在今后", EXAM)
    session = within.sit_again(ctx, session_room, seatings, starts_at)
    ctx.note = f"{session_room} → {session}，{len(seatings)} 人"
    return session


def require_record_by_hand(session_room: SessionRoom) -> None:
    """Refuse for theory rooms: theirs come from the hall."""
    if session_room.session.part == Part.THEORY:
        raise Refused("理论考场的考场记录由监考员在考场控制台确认，收卷时自动登记", EXAM)


def require_to_record(session_room: SessionRoom) -> None:
    """Raises Refused unless the record of the room is to be filled in by hand, now."""
    require_record_by_hand(session_room)
    session = session_room.session
    if clock.now() < session.starts_at:
        raise Refused(f"{session} {clock.shown(session.starts_at)} 开始，开始后才能填写考场记录", EXAM)
    if record_of(session_room) is not None:
        raise Refused(f"{session_room} 已填写考场记录；有误或有遗漏的，在记录上更正、补充，由另一人会签", EXAM)
    if clock.now() < session.ends_at and somebody_has_no_panel_mark(session_room):
        ends = clock.shown(session.ends_at)
        raise Refused(f"{session} {ends} 结束，结束后或全部考生的成绩合成后才能填写考场记录", EXAM)


@act(
    "exam.close_room_record", duty=("R2", "R3", "E8"), title="填写考场记录表", clause="四(一)6(2)", guard=require_to_record
)  # fmt: skip
def close_room_record(
    ctx: Context, session_room: SessionRoom, *, present: int, absent: int, incidents: Sequence[dict[str, Any]] = ()
) -> RoomRecord:
    """The record of a skill room."""
    session_room = SessionRoom.objects.select_related("session", "room").get(pk=session_room.pk)
    require_to_record(session_room)
    expected = session_room.seatings.count()
    if present + absent != expected:
        raise Refused(f"实考 {present} 人加缺考 {absent} 人，应为应考 {expected} 人", EXAM)
    noted = session_room.seatings.filter(panel_sheet__absent=True).count()
    if session_room.seatings.filter(panel_sheet__isnull=False).exists() and absent != noted:
        raise Refused(f"考评组登记缺考 {noted} 人，记录表填缺考 {absent} 人，请核对一致", EXAM)
    record = RoomRecord.objects.create(
        session_room=session_room, expected=expected, present=present, absent=absent, incidents=list(incidents),
        closed_by=ctx.actor.name, closed_at=ctx.at,
    )  # fmt: skip
    ctx.record(record)
    return record
