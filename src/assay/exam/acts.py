"""The theory exam from the office: readiness, collecting and marking what the hall ran, rooms that sit again, records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.bank.acts.papers import release
from assay.bank.models import Paper
from assay.batches.models import Batch
from assay.exam.halls import connected
from assay.exam.marks import Key, key_of, mark_sheet, written_of
from assay.exam.models import Publication, ReadinessCheck, RoomRecord, TheorySheet, WrittenAnswer
from assay.exam.queries import READINESS_CHECKS
from assay.hall import contract
from assay.hall.client import HallUnreachable
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

EXAM = "工作方案 四(一)6"


def require_readiness(batch: Batch) -> None:
    """Refuse unless rooms may be checked now."""
    if batch.has_reached("results"):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，考试已经结束，不再登记考前检查", EXAM)
    if batch.stage not in ("readiness", "exam"):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，准考证发放后进入“考前检查”阶段才能检查考场", EXAM)


@act("exam.check_readiness", duty=("R2", "R3", "E6", "E8"), title="考前检查", clause="四(一)6(1)")
def check_readiness(
    ctx: Context, session_room: SessionRoom, *, checks: Sequence[dict[str, Any]], remark: str = ""
) -> ReadinessCheck:
    """Note what was found in a room before the exam; it may be checked again until the exam begins."""
    require_readiness(held(session_room.session.batch))
    expected = set(READINESS_CHECKS[session_room.session.part])
    if {c["title"] for c in checks} != expected:
        raise Refused("检查项目不全", "工作方案 四(一)6(1)")
    ready = all(c["ok"] for c in checks)
    if not ready and not remark.strip():
        raise Refused("有不符合的项目，请写明情况", "工作方案 四(一)6(1)")
    row, _ = ReadinessCheck.objects.update_or_create(
        session_room=session_room,
        defaults={"checks": list(checks), "ready": ready, "remark": remark, "by": ctx.actor.name, "at": ctx.at},
    )
    ctx.record(row)
    return row


def collect(actor: Actor, session: Session, *, hall_url: str) -> list[TheorySheet]:
    """Fetch what the hall collected, check it against its own log, mark and record it."""
    publication = Publication.objects.filter(session=session).first()
    if publication is None or publication.state != "opened":
        state = publication.get_state_display() if publication else "没有发布到考试端"
        raise Refused(f"{session} {state}，不能收卷", EXAM)
    try:
        with connected(hall_url) as hall:
            collection = hall.collect(publication.pack_id)
    except HallUnreachable as down:
        raise Refused(str(down), EXAM) from down
    return record_collection(actor, publication, collection)


def collect_batch(actor: Actor, batch: Batch, *, url_of: Callable[[str], str]) -> tuple[list[TheorySheet], list[str]]:
    """Collect and mark every session that is over, in one pass: (sheets, what could not be collected and why). `url_of`
    knows the halls by name."""
    sheets: list[TheorySheet] = []
    left: list[str] = []
    over = Session.objects.filter(batch=batch, publication__state="opened").select_related("publication")
    for session in over.order_by("starts_at"):
        try:
            sheets += collect(actor, session, hall_url=url_of(session.publication.hall))
        except Refused as refused:
            left.append(f"{session}：{refused.message}")
    return sheets, left


@act("exam.record_collection", duty=("SYS", "E8"), title="收卷并判分", clause="四(一)7(1)")
def record_collection(ctx: Context, publication: Publication, collection: contract.Collection) -> list[TheorySheet]:
    """Take down every sitting: answers with their digest, the mark (none when absent), and each room's record."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    if publication.state != "opened":
        raise Refused(f"{publication.session} {publication.get_state_display()}，不能收卷", EXAM)
    if collection.pack_id != publication.pack_id:
        raise Refused(f"{publication.session} 已另行发布，取回的不是现在的考试包，请重新收卷", EXAM)
    if not collection.closed:
        raise Refused(f"考试尚未结束：{_still_open(collection)}，或还有考生可以作答", EXAM)
    contents = {paper.pk: paper.frozen() for paper in _papers_of(publication.session)}
    sheets = _sheets(publication, {s.sitting: s for s in collection.sittings}, contents)
    TheorySheet.objects.bulk_create(sheets, batch_size=300)
    written = _written(ctx, sheets, contents)
    records = [_room_record(r, ctx) for r in collection.rooms]
    RoomRecord.objects.bulk_create(records)
    publication.state, publication.collected_at, publication.log_digest = "collected", ctx.at, collection.log_digest
    publication.save()
    ctx.record_all([*sheets, *written, *records, publication])
    release(ctx, _sat_by_all(publication))
    return sheets


def _still_open(collection: contract.Collection) -> str:
    """The rooms that the invigilators have not closed yet, by name."""
    left = [int(room.room) for room in collection.rooms if room.closed_at is None]
    names = SessionRoom.objects.filter(pk__in=left).order_by("room__code").values_list("room__name", flat=True)
    return f"{'、'.join(names)} 还没有结束" if names else "考试时间未到"


def _sat_by_all(publication: Publication) -> list[Paper]:
    """Papers of a session that nobody has still to sit. Who is to sit what stands in the publications of the sessions to come;
    a room that sits again has its papers on its seats until its new session is published. Of two sessions that are collected at
    once the second sees the first."""
    papers = {int(paper) for paper in publication.paper_digests}
    list(Paper.objects.select_for_update().filter(pk__in=papers).order_by("pk").values_list("pk"))
    to_come = Publication.objects.exclude(state="collected").values_list("paper_digests", flat=True)
    unpublished = list(Session.objects.filter(part="theory", publication=None).values_list("pk", flat=True))
    again = Seating.objects.filter(session_room__session__in=unpublished, paper__isnull=False)
    still = {int(paper) for digests in to_come for paper in digests} | set(again.values_list("paper", flat=True))
    return list(Paper.objects.filter(pk__in=papers - still))


def _papers_of(session: Session) -> QuerySet[Paper]:
    return Paper.objects.filter(seating__session_room__session=session).distinct()


def _written(ctx: Context, sheets: list[TheorySheet], contents: dict[int, list[dict[str, Any]]]) -> list[WrittenAnswer]:
    """The short answers of the sheets; a sheet with any that waits for examiners has no mark yet."""
    full = {pk: written_of(content) for pk, content in contents.items()}
    made = []
    for sheet in sheets:
        for item, mark in full.get(sheet.seating.paper_id or 0, {}).items() if not sheet.absent else ():
            text = sheet.answers.get(item, "").strip()
            blank = {} if text else {"mark": Decimal(0), "settled_at": ctx.at, "note": "未作答，记 0 分"}
            made.append(WrittenAnswer(sheet=sheet, item=int(item), text=text, full=mark, **blank))
    WrittenAnswer.objects.bulk_create(made, batch_size=500)
    waiting = {answer.sheet_id for answer in made if answer.mark is None}
    for sheet in sheets:
        if sheet.pk in waiting:
            sheet.mark = None
    rewrite([s for s in sheets if s.pk in waiting], ["mark"])
    return made


def _sheets(
    publication: Publication, collected: dict[str, contract.CollectedSitting], contents: dict[int, list[dict[str, Any]]]
) -> list[TheorySheet]:
    seatings = Seating.objects.filter(session_room__session=publication.session).order_by("pk")
    keys = {pk: key_of(content) for pk, content in contents.items()}
    rescheduled = {name for name, sitting in collected.items() if sitting.rescheduled}
    return [_sheet(s, collected.get(str(s.pk)), keys) for s in seatings if str(s.pk) not in rescheduled]


def _sheet(seating: Seating, sitting: contract.CollectedSitting | None, keys: dict[int, Key]) -> TheorySheet:
    """The office's own copy of a sitting. Who never started is absent, or came without answering: no mark, not zero."""
    if sitting is None or sitting.started_at is None:
        came = sitting.came_without if sitting else ""
        return TheorySheet(seating=seating, application_id=seating.application_id, absent=True, came_without=came)
    if contract.sheet_digest(sitting.sitting, sitting.answers) != sitting.sheet_digest:
        raise Refused(f"座位 {seating.pk} 的答卷与考试端交卷时的摘要不符，停止收卷，请核查", EXAM)
    assert seating.paper_id is not None
    mark = mark_sheet(keys[seating.paper_id], sitting.answers)
    return TheorySheet(
        seating=seating, application_id=seating.application_id, absent=False, answers=sitting.answers,
        sheet_digest=sitting.sheet_digest, receipt=sitting.receipt, started_at=sitting.started_at,
        handed_in_at=sitting.handed_in_at, forced=sitting.forced, objective=mark, mark=mark,
    )  # fmt: skip


@act("exam.reschedule", duty="E8", title="中断考场另行安排考试", clause="四(一)6(2)")
def reschedule(ctx: Context, session_room: SessionRoom, *, starts_at: datetime) -> Session:
    """A theory room that was given up after an incident sits again: a new session in the same room with the same seats
    and invigilators, for those who have no sheet."""
    seatings = list(
        Seating.objects.select_for_update(of=("self",))
        .filter(session_room=session_room, part="theory", sheet=None)
        .order_by("seat")
    )
    publication = Publication.objects.filter(session=session_room.session, state="collected").first()
    if publication is None or not seatings:
        raise Refused(f"{session_room} 没有须另行安排的考生", EXAM)
    if starts_at <= ctx.at:
        raise Refused("另行安排的时间须在今后", EXAM)
    old = session_room.session
    number = 1 + max(Session.objects.filter(batch=old.batch, part="theory").values_list("number", flat=True))
    session = Session.objects.create(
        batch=old.batch,
        part="theory",
        number=number,
        starts_at=starts_at,
        ends_at=starts_at + (old.ends_at - old.starts_at),
    )
    room = SessionRoom.objects.create(session=session, room=session_room.room, line=session_room.line)
    staff = [
        Assignment(session_room=room, member_id=a.member_id, role=a.role)
        for a in session_room.assignments.order_by("pk")
    ]
    Assignment.objects.bulk_create(staff)
    for seating in seatings:
        seating.session_room = room
    rewrite(seatings, ["session_room"])
    ctx.note = f"{session_room} → {session}，{len(seatings)} 人"
    ctx.record(session, room, *staff, *seatings)
    return session


UNCONFIRMED = "考试端（监考员未确认）"


def _room_record(record: contract.RoomRecord, ctx: Context) -> RoomRecord:
    incidents = [{"at": e.at.isoformat(), "kind": e.kind, "text": e.text, "by": e.by} for e in record.incidents]
    return RoomRecord(
        session_room_id=int(record.room), expected=record.expected, present=record.present, absent=record.absent,
        came=record.came, incidents=incidents, closed_by=record.closed_by or UNCONFIRMED, closed_at=record.closed_at or ctx.at,
    )  # fmt: skip


def require_record_by_hand(session_room: SessionRoom) -> None:
    """Refuse for theory rooms: theirs come from the hall."""
    if session_room.session.part == "theory":
        raise Refused("理论考场的考场记录由监考员在考场控制台确认，收卷时自动登记", EXAM)


@act("exam.close_room_record", duty=("R2", "R3", "E8"), title="填写考场记录表", clause="四(一)6(2)")
def close_room_record(
    ctx: Context, session_room: SessionRoom, *, present: int, absent: int, incidents: Sequence[dict[str, Any]] = ()
) -> RoomRecord:
    """The record of a skill room."""
    require_record_by_hand(session_room)
    session = session_room.session
    if ctx.at < session.starts_at:
        raise Refused(f"{session} {clock.shown(session.starts_at)} 开始，开始后才能填写考场记录", EXAM)
    expected = session_room.seatings.count()
    if present + absent != expected:
        raise Refused(f"实考 {present} 人加缺考 {absent} 人，应为应考 {expected} 人", EXAM)
    if RoomRecord.objects.filter(session_room=session_room).exists():
        raise Refused(f"{session_room} 已填写考场记录", EXAM)
    noted = session_room.seatings.filter(panel_sheet__absent=True).count()
    if session_room.seatings.filter(panel_sheet__isnull=False).exists() and absent != noted:
        raise Refused(f"考评组登记缺考 {noted} 人，记录表填缺考 {absent} 人，请核对一致", EXAM)
    record = RoomRecord.objects.create(
        session_room=session_room, expected=expected, present=present, absent=absent, incidents=list(incidents),
        closed_by=ctx.actor.name, closed_at=ctx.at,
    )  # fmt: skip
    ctx.record(record)
    return record
