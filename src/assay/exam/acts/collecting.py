"""The theory exam from the office: readiness, collecting and marking what the hall ran, rooms that sit again, records."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper
from assay.bank.papers.acts.papers import release
from assay.batches.models import Batch
from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.catalogue.parts import Part
from assay.exam.halls import connected
from assay.exam.marks import Key, key_of, mark_sheet, written_of
from assay.exam.models import Publication, RoomRecord, TheorySheet, WrittenAnswer
from assay.kernel.acts import Actor, Context, act
from assay.kernel.inserting import insert_rows
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused, grouped

EXAM = "工作方案 四(一)6"


def require_opened(publication: Publication) -> None:
    """Raises Refused unless the papers were opened and nothing is collected yet."""
    if publication.state != Publication.State.OPENED:
        raise Refused(f"{publication.session} {publication.get_state_display()}，不能收卷", EXAM)


def collect(actor: Actor, session: Session, *, hall_url: str) -> list[TheorySheet]:
    """Fetch what the hall collected, check it against its own log, mark and record it."""
    publication = Publication.objects.select_related("session").filter(session=session).first()
    if publication is None:
        raise Refused(f"{session} 没有发布到考试端，不能收卷", EXAM)
    require_opened(publication)
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
    left: list[tuple[str, str]] = []
    over = Session.objects.filter(batch=batch, publication__state=Publication.State.OPENED).select_related(
        "publication"
    )
    for session in over.order_by("starts_at"):
        try:
            sheets += collect(actor, session, hall_url=url_of(session.publication.hall))
        except Refused as refused:
            left.append((str(session), f"：{refused.message}"))
    return sheets, [grouped(left)] if left else []


@act("exam.record_collection", duty=("SYS", "E8"), title="收卷并判分", clause="四(一)7(1)", guard=require_opened)
def record_collection(ctx: Context, publication: Publication, collection: contract.Collection) -> list[TheorySheet]:
    """Take down every sitting: answers with their digest, the mark (none when absent), and each room's record."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    require_opened(publication)
    if collection.pack_id != publication.pack_id:
        raise Refused(f"{publication.session} 已另行发布，取回的不是现在的考试包，请重新收卷", EXAM)
    if not collection.closed:
        raise Refused(f"考试尚未结束：{_still_open(collection)}，或还有考生可以作答", EXAM)
    contents = {paper.pk: paper.frozen() for paper in _papers_of(publication.session)}
    sheets = _sheets(publication, {s.sitting: s for s in collection.sittings}, contents)
    insert_rows(sheets)
    written = _written(ctx, sheets, contents)
    records = [_room_record(r, ctx) for r in collection.rooms]
    RoomRecord.objects.bulk_create(records)
    publication.state = Publication.State.COLLECTED
    publication.collected_at, publication.log_digest = ctx.at, collection.log_digest
    publication.save()
    ctx.note = f"{publication.session}，答卷 {sum(not sheet.absent for sheet in sheets)} 份"
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
    to_come = Publication.objects.exclude(state=Publication.State.COLLECTED).values_list("paper_digests", flat=True)
    unpublished = list(Session.objects.filter(part=Part.THEORY, publication=None).values_list("pk", flat=True))
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
        raise Refused(f"座位 {seating.pk} 的答卷与考试端交卷时的校验码不符，停止收卷，请核查", EXAM)
    assert seating.paper_id is not None
    mark = mark_sheet(keys[seating.paper_id], sitting.answers)
    return TheorySheet(
        seating=seating, application_id=seating.application_id, absent=False, answers=sitting.answers,
        sheet_digest=sitting.sheet_digest, receipt=sitting.receipt, started_at=sitting.started_at,
        handed_in_at=sitting.handed_in_at, forced=sitting.forced, objective=mark, mark=mark,
    )  # fmt: skip


UNCONFIRMED = "考试端（监考员未确认）"


def _room_record(record: contract.RoomRecord, ctx: Context) -> RoomRecord:
    incidents = [{"at": e.at.isoformat(), "kind": e.kind, "text": e.text, "by": e.by} for e in record.incidents]
    return RoomRecord(
        session_room_id=int(record.room), expected=record.expected, present=record.present, absent=record.absent,
        came=record.came, incidents=incidents, closed_by=record.closed_by or UNCONFIRMED, closed_at=record.closed_at or ctx.at,
    )  # fmt: skip
