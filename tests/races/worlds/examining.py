"""A skill room, written answers, and a theory session between office and hall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from assay.arrangement.acts import people as staffing
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.bank.models import Paper, SecrecyAgreement, Specification
from assay.bank.papers.acts import custody as bank
from assay.batches.models import Batch
from assay.bridge import contract
from assay.catalogue.models import ScopeRow
from assay.corps.models import Member
from assay.exam import packing
from assay.exam.acts import additions, checking, opening, paper_entry, paper_exam, publishing
from assay.exam.acts import collecting as exam_collecting
from assay.exam.acts import rooms as exam_rooms
from assay.exam.models import (
    Opening,
    PaperExam,
    PaperExamSignature,
    Publication,
    RecordAddition,
    RoomRecord,
    WrittenAnswer,
)
from assay.exam.queries import READINESS_CHECKS
from assay.kernel import clock
from assay.marking.acts import drawing, scoring, written
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw, WrittenMark
from assay.oversight.acts import give_feedback
from tests import factories as f
from tests.races.deeds import SYSTEM, Deed, Pair, People, as_both, deed, world

_tickets = count(1)
SHEET = {
    "title": "加工零件", "minutes": 60, "form": "实操", "vetoes": [], "materials": [],
    "points": [{"kind": "mark", "title": "加工", "full": "100.0", "rule": "酌情", "code": "1-1"}],
}  # fmt: skip


def examiners(people: People) -> list[Member]:
    """Three with accounts, in all worlds of a test."""
    return people.kept("panel", lambda: [f.member("examiner", account=f.staff("R3")) for _ in range(3)])  # type: ignore[no-any-return]


def of(member: Member) -> Pair:
    assert member.account is not None
    return as_both(member.account, "R3")


def ticketed(batch: Batch) -> Any:
    application = f.application(batch)
    Ticket.objects.create(application=application, number=f"T{next(_tickets):09d}", issued_at=clock.now())
    return application


def session_room(
    batch: Batch, part: str, *, candidates: int = 1, paper: Paper | None = None, hours: int = 0
) -> SessionRoom:
    """Of a session that begins in so many hours."""
    starts = clock.now() + timedelta(hours=hours)
    number = Session.objects.filter(batch=batch, part=part).count() + 1
    session = Session.objects.create(
        batch=batch, part=part, number=number, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    line = batch.lines.get() if part == "skill" else None
    made = SessionRoom.objects.create(session=session, room=f.room(part, 10), line=line)
    for seat in range(1, candidates + 1):
        Seating.objects.create(session_room=made, application=ticketed(batch), part=part, seat=seat, paper=paper)
    return made


@dataclass
class SkillRoom:
    batch: Batch
    room: SessionRoom
    paper: Paper
    panel: Sequence[Member]

    def drawn(self, confirmed: bool = True) -> SkillDraw:
        return SkillDraw.objects.create(
            session_room=self.room, paper=self.paper, content=self.paper.frozen(), among=[], witness="考生代表", by="考务",
            at=clock.now(), confirmed_by="考评员" if confirmed else "", confirmed_at=clock.now() if confirmed else None,
        )  # fmt: skip

    def sheet(self, draw: SkillDraw) -> PanelSheet:
        seat = self.room.seatings.get()
        return PanelSheet.objects.create(seating=seat, application=seat.application, part="skill", draw=draw)


def skill_room(people: People) -> SkillRoom:
    f.centre()
    row = f.scope_row(levels="4")
    batch = f.batch(stage="exam", lines=[(row, "4", 10)])
    sheets = Specification.objects.create(occupation=row.occupation, level=f.level(), part="skill", title="示例结构表")
    entry = {**f.item(1, "100", kind="practical"), "options": [], "key": "", "range": "A", "code": "1", "sheet": SHEET}
    paper = Paper.objects.create(
        specification=sheets, title="示例 A 卷", minutes=60, content=[entry], seed=1, digest="0" * 64, created_at=clock.now(),
        state="sealed", sections=[],
    )  # fmt: skip
    room = session_room(batch, "skill", hours=-3)
    for n, member in enumerate(examiners(people)):
        Assignment.objects.create(session_room=room, member=member, role="leader" if n == 0 else "examiner")
    return SkillRoom(batch, room, paper, examiners(people))


@world("marking.draw_paper", "marking.open_panel", "bank.report_leak", "exam.check_readiness", "exam.check_rooms")
def skill_room_before_the_lot(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    checks = [{"title": title, "ok": True} for title in READINESS_CHECKS["skill"]]
    yield deed(people("E7"), drawing.draw_paper, at.room, witness="考生代表")
    yield deed(people("X3"), scoring.open_panel, at.room)
    yield deed(people("E8"), bank.report_leak, at.paper, "有人拍照")
    yield deed(people("R2"), exam_rooms.check_readiness, at.room, checks=checks)
    yield deed(people("E6"), checking.check_rooms, [checking.Found([at.room], ["安全防护到位"], "围挡未到")])


@world(
    "marking.draw_paper", "marking.witness_draw", "marking.open_panel", "bank.report_leak", "marking.save_scores",
)  # fmt: skip
def skill_room_after_the_lot(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    draw = at.drawn(confirmed=False)
    sheet = at.sheet(draw)
    late = f.application(at.batch, state="approved")  # seated after the panel was opened
    Seating.objects.create(session_room=at.room, application=late, part="skill", seat=2)
    other = Paper.objects.get(pk=at.paper.pk)
    other.pk, other.form = None, "B"
    other.save()
    yield deed(of(at.panel[1]), drawing.witness_draw, draw)
    yield deed(people("Q4"), drawing.witness_draw, draw, said="supervisor")
    yield deed(people("X3"), scoring.open_panel, at.room)
    yield deed(people("E8"), bank.report_leak, at.paper, "有人拍照")
    yield deed(people("E7"), drawing.draw_paper, at.room, witness="考生代表")
    yield deed(of(at.panel[2]), scoring.save_scores, [scoring.Marks(sheet, {"1-1": "80"})])


@world("marking.save_scores", "marking.lock_scores", "marking.set_absent", "exam.close_room_record")
def skill_room_being_marked(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    sheet = at.sheet(at.drawn())
    ExaminerScore.objects.create(sheet=sheet, member=at.panel[1], marks={"1-1": "80"})
    yield deed(of(at.panel[1]), scoring.save_scores, [scoring.Marks(sheet, {"1-1": "70"})], said="again")
    yield deed(of(at.panel[1]), scoring.lock_scores, [sheet])
    yield deed(of(at.panel[2]), scoring.save_scores, [scoring.Marks(sheet, {"1-1": "75"})])
    yield deed(of(at.panel[2]), scoring.set_absent, sheet)
    yield deed(people("E8"), exam_rooms.close_room_record, at.room, present=1, absent=0, said="came")


@world("marking.save_scores", "marking.lock_scores", "marking.settle")
def skill_room_to_be_settled(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    sheet = at.sheet(at.drawn())
    for n, member in enumerate(at.panel):
        locked = {"total": Decimal(80), "locked_at": clock.now()} if n else {}
        ExaminerScore.objects.create(sheet=sheet, member=member, marks={"1-1": "80"}, **locked)
    leader = of(at.panel[0])
    yield deed(leader, scoring.save_scores, [scoring.Marks(sheet, {"1-1": "84"})])
    yield deed(leader, scoring.lock_scores, [sheet])
    yield deed(leader, scoring.settle, [sheet], note="已复议")


@world(
    "marking.save_scores", "marking.lock_scores", "marking.settle", "arrangement.replace_member", "arrangement.add_member",
)  # fmt: skip
def examiner_who_falls_ill(people: People) -> Iterator[Deed]:
    """Whoever is quicker, the examiner who locks or the officer who sends another."""
    at = skill_room(people)
    sheet = at.sheet(at.drawn())
    for n, member in enumerate(at.panel):
        locked = {"total": Decimal(80), "locked_at": clock.now()} if n != 1 else {}
        ExaminerScore.objects.create(sheet=sheet, member=member, marks={"1-1": "80"}, **locked)
    spare: list[Member] = people.kept("spare", lambda: [f.member("examiner", account=f.staff("R3")) for _ in range(2)])
    ill = at.room.assignments.get(member=at.panel[1])
    yield deed(of(at.panel[1]), scoring.save_scores, [scoring.Marks(sheet, {"1-1": "84"})])
    yield deed(of(at.panel[1]), scoring.lock_scores, [sheet])
    yield deed(of(at.panel[0]), scoring.settle, [sheet])
    yield deed(people("X3"), staffing.replace_member, ill, member=spare[0], reason="突发疾病", said="by one")
    yield deed(people("E8"), staffing.replace_member, ill, member=spare[1], reason="突发疾病", said="by another")
    yield deed(people("E8"), staffing.add_member, at.room, role="examiner", member=spare[0], reason="人手不足")


@world("marking.settle", "marking.save_template", "exam.close_room_record", "oversight.give_feedback")
def skill_room_marked(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    sheet = at.sheet(at.drawn())
    for member in at.panel:
        ExaminerScore.objects.create(
            sheet=sheet, member=member, marks={"1-1": "80"}, total=Decimal(80), locked_at=clock.now()
        )
    day = clock.today()
    Batch.objects.update(apply_from=day - timedelta(days=9), apply_to=day - timedelta(days=2), exam_on=day, exam_to=day)
    at.batch.refresh_from_db()
    row: ScopeRow = at.batch.lines.get().scope_row
    tasks = [
        {"code": "1", "title": "加工", "minutes": 60, "vetoes": [],
         "points": [{"code": "1-1", "title": "加工", "full": "100.0", "rule": "酌情"}]},
    ]  # fmt: skip
    watching = people.kept("watching", lambda: f.member("supervisor", account=f.staff("Q4")))
    yield deed(of(at.panel[0]), scoring.settle, [sheet], note="已复议")
    yield deed(
        people("X4"), scoring.save_template, occupation=row.occupation, job=row.job, level=f.level(), part="skill", title="新表",
        tasks=tasks,
    )  # fmt: skip
    yield deed(people("E8"), exam_rooms.close_room_record, at.room, present=1, absent=0)
    yield deed(
        as_both(watching.account, "Q4"), give_feedback, batch=at.batch, stage="exam", member=watching, findings="",
        checks=[{"title": "秩序", "verdict": "符合"}], verdict="good",
    )  # fmt: skip


def _answer() -> WrittenAnswer:
    batch = f.batch(stage="exam", lines=[(f.scope_row(levels="4"), "4", 10)])
    sheet = f.theory_sheet(f.application(batch), [f.item(1, "90")], {"1": "A"})
    assert sheet.seating.paper is not None
    sheet.seating.paper.released_at = clock.now()
    sheet.seating.paper.save()
    sheet.mark = None
    sheet.save()
    return WrittenAnswer.objects.create(sheet=sheet, item=2, text="先放油", full=Decimal(10))


@world("marking.mark_written")
def written_answer(people: People) -> Iterator[Deed]:
    answer = _answer()
    for member, mark in zip(examiners(people), ("8", "8.5", "7.5"), strict=True):
        yield deed(of(member), written.mark_written, answer, mark, said=mark)


@world("marking.mark_written", "marking.decide_written")
def written_answer_that_comes_into_dispute(people: People) -> Iterator[Deed]:
    answer = _answer()
    one, other, third = examiners(people)
    WrittenMark.objects.create(answer=answer, member=one, mark=Decimal(2), at=clock.now())
    for member, mark in ((other, "9"), (third, "8.5")):
        yield deed(of(member), written.mark_written, answer, mark, said=mark)
    yield deed(people("X3"), written.decide_written, answer, "5", "缺要点")


@dataclass
class Theory:
    batch: Batch
    room: SessionRoom
    paper: Paper


def theory(people: People, stage: str = "exam", hours: int = 0) -> Theory:
    """A theory session with one candidate and a sealed paper."""
    f.centre()
    row = f.scope_row(levels="4")
    batch = f.batch(stage=stage, lines=[(row, "4", 10)])
    points = Specification.objects.create(occupation=row.occupation, level=f.level(), title="示例细目表")
    paper = Paper.objects.create(
        specification=points, title="示例 A 卷", minutes=60, content=[f.item(1, "100")], seed=1, digest="0" * 64,
        created_at=clock.now(), state="sealed", sections=[{"type": "single", "count": 1, "mark": "100"}],
    )  # fmt: skip
    return Theory(batch, session_room(batch, "theory", paper=paper, hours=hours), paper)


def published(at: Theory, state: str) -> Publication:
    return Publication.objects.create(
        session=at.room.session, pack_id=f"p{next(_tickets)}", pack_digest="0" * 64, state=state,
        paper_digests={str(at.paper.pk): at.paper.digest}, paper_keys=packing.lock_keys({str(at.paper.pk): b"k" * 32}),
    )  # fmt: skip


RANDOM = ("exam.publication.pack_id", "exam.publication.pack_digest", "exam.publication.paper_digests")


@world("exam.prepare", "exam.postpone", "bank.report_leak", "exam.check_readiness", blurred=RANDOM)
def session_not_published(people: People) -> Iterator[Deed]:
    at = theory(people, "readiness", hours=30)
    later = clock.now() + timedelta(days=3)
    checks = [{"title": title, "ok": True} for title in READINESS_CHECKS["theory"]]
    yield deed(people("E7"), publishing.prepare, at.room.session)
    yield deed(people("E8"), publishing.move_session, at.room.session, starts_at=later, reason="停电")
    yield deed(people("E8"), bank.report_leak, at.paper, "有人拍照")
    yield deed(people("R2"), exam_rooms.check_readiness, at.room, checks=checks)


@world("exam.mark_published", "exam.note_unpublished", "exam.postpone", "exam.prepare", blurred=RANDOM)
def session_on_its_way(people: People) -> Iterator[Deed]:
    """The attempt before has lasted long: somebody tries again while its answer comes after all."""
    at = theory(people, "readiness", hours=30)
    publication = published(at, "prepared")
    publication.preparing_since, publication.preparing_by = clock.now() - timedelta(minutes=10), "考务"
    publication.save()
    named = {"pack_id": publication.pack_id}
    yield deed(people("E7"), publishing.mark_published, publication, digest="0" * 64, left=[], **named)
    yield deed(people("E7"), publishing.note_unpublished, publication, trouble="超时", **named)
    yield deed(people("E7"), publishing.prepare, at.room.session)
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip


@world("exam.sign_opening", "exam.postpone", "exam.note_left")
def session_to_be_opened(people: People) -> Iterator[Deed]:
    at = theory(people)
    publication = published(at, "published")
    for duty in ("E7", "E8", "Q4"):
        yield deed(people(duty), opening.sign_opening, publication, said=duty)
    yield deed(people("E7", "E8"), opening.sign_opening, publication, said="both duties")
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip
    yield deed(SYSTEM, publishing.note_left, publication, [])


def promised(pair: Pair) -> Pair:
    """Two people who have promised secrecy."""
    for who in pair:
        said = {"text": "承诺", "signed_at": clock.now()}
        SecrecyAgreement.objects.get_or_create(account_id=who.account_id, year=clock.today().year, defaults=said)
    return pair


def let_out(room: SessionRoom, *signed: tuple[str, Pair]) -> PaperExam:
    """The papers of a room as these people have signed for printing them."""
    exam = PaperExam.objects.create(session_room=room, reason="停电")
    for side, (who, _) in signed:
        PaperExamSignature.objects.create(
            paper_exam=exam, side=side, account_id=who.account_id, name=who.name, at=clock.now()
        )
    return exam


@world("exam.sign_paper_exam", "exam.postpone", "exam.record_collection")
def computers_failing(people: People) -> Iterator[Deed]:
    at = theory(people)
    publication = published(at, "opened")
    for duty in ("E7", "E8", "Q4"):
        yield deed(people(duty), paper_exam.sign, at.room, reason="停电", said=duty)
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip
    collection = contract.Collection(publication.pack_id, True, [], [], 0, "0" * 64)
    yield deed(people("E8"), exam_collecting.record_collection, publication, collection)


@world("exam.print_paper_exam", "exam.postpone", "exam.record_collection", "bank.report_leak")
def computers_failed(people: People) -> Iterator[Deed]:
    at = theory(people)
    publication = published(at, "opened")
    let_out(at.room, ("keeper", people("E7")), ("witness", people("E8")))
    yield deed(promised(people("E7")), paper_exam.take_copies, at.room, said="all")
    yield deed(promised(people("E7")), paper_exam.take_copies, at.room, seat=1, said="one seat")
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip
    collection = contract.Collection(publication.pack_id, True, [], [], 0, "0" * 64)
    yield deed(people("E8"), exam_collecting.record_collection, publication, collection)
    yield deed(people("E8"), bank.report_leak, at.paper, "有人拍照")


@world("exam.enter_paper_answers", "exam.reschedule")
def answered_on_paper(people: People) -> Iterator[Deed]:
    """The room was given up: whoever is quicker, the two who type its answers or who has it sit again."""
    at = theory(people)
    published(at, "collected")
    exam_on_paper = let_out(at.room)
    exam_on_paper.printed = 1
    exam_on_paper.save()
    seat, item = at.room.seatings.get(), str(at.paper.frozen()[0]["item"])
    for name, said in (("one", "A"), ("the other", "A"), ("a third", "B")):
        yield deed(people("E8"), paper_entry.enter, seat, typed={item: said}, said=name)
    later = clock.now() + timedelta(days=1)
    yield deed(people("E8"), exam_rooms.reschedule, at.room, starts_at=later)


@world("exam.mark_opened", "exam.postpone", "exam.record_collection")
def session_opened_by_two(people: People) -> Iterator[Deed]:
    at = theory(people)
    publication = published(at, "published")
    for side, duty in (("keeper", "E7"), ("witness", "E8")):
        who = people(duty)[0]
        Opening.objects.create(
            publication=publication, side=side, account_id=who.account_id, name=who.name, at=clock.now()
        )
    collection = contract.Collection(publication.pack_id, True, [], [], 0, "0" * 64)
    for duty in ("E7", "E8"):
        yield deed(people(duty), opening.mark_opened, publication, pack_id=publication.pack_id, said=duty)
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip
    yield deed(people("E8"), exam_collecting.record_collection, publication, collection)


@world("exam.record_collection", "exam.postpone", "bank.report_leak")
def session_sat(people: People) -> Iterator[Deed]:
    at = theory(people)
    publication = published(at, "opened")
    answers = {"1": "A"}
    seat = at.room.seatings.get()
    digest, now = contract.sheet_digest(str(seat.pk), answers), clock.now()
    sitting = contract.CollectedSitting(
        str(seat.pk), now, now, now, False, answers, {}, contract.receipt_of(digest), digest
    )
    collection = contract.Collection(publication.pack_id, True, [sitting], [], 1, "0" * 64)
    yield deed(people("E8"), exam_collecting.record_collection, publication, collection)
    yield deed(
        people("E8"), publishing.move_session, at.room.session, starts_at=clock.now() + timedelta(days=3), reason="停电",
        withdrawn=publication.pack_id,
    )  # fmt: skip
    yield deed(people("E8"), bank.report_leak, at.paper, "有人拍照")


@world("exam.record_collection")
def two_sessions_of_one_paper(people: People) -> Iterator[Deed]:
    """Whoever is collected last lets the paper out."""
    at = theory(people)
    other = session_room(at.batch, "theory", paper=at.paper)
    for name, room in (("one", at.room), ("the other", other)):
        sat = published(Theory(at.batch, room, at.paper), "opened")
        collection = contract.Collection(sat.pack_id, True, [], [], 0, "0" * 64)
        yield deed(people("E8"), exam_collecting.record_collection, sat, collection, said=name)


@world("exam.add_to_record", "exam.countersign_addition")
def record_to_be_put_right(people: People) -> Iterator[Deed]:
    at = skill_room(people)
    record = RoomRecord.objects.create(
        session_room=at.room, expected=1, present=1, absent=0, closed_by="某", closed_at=clock.now()
    )
    waiting = RecordAddition.objects.create(record=record, kind="corrected", text="实为缺考", by="某", at=clock.now())
    yield deed(people("E8"), additions.add_to_record, record, kind="added", text="停电十分钟")
    yield deed(people("E8"), additions.countersign, waiting, agreed=True, said="agreed")
    yield deed(people("Q4"), additions.countersign, waiting, agreed=False, answer="不属实", said="not agreed")


@world("marking.settle")
def two_panels_with_one_paper(people: People) -> Iterator[Deed]:
    """Whoever settles last lets the paper out."""
    one = skill_room(people)
    other = SkillRoom(one.batch, session_room(one.batch, "skill"), one.paper, one.panel)
    Assignment.objects.create(session_room=other.room, member=one.panel[0], role="leader")
    for name, at in (("one", one), ("the other", other)):
        sheet = at.sheet(at.drawn())
        for member in at.panel:
            ExaminerScore.objects.create(
                sheet=sheet, member=member, marks={"1-1": "80"}, total=Decimal(80), locked_at=clock.now()
            )
        yield deed(of(at.panel[0]), scoring.settle, [sheet], said=name)


@world("exam.reschedule", "exam.record_collection", "exam.postpone")
def room_given_up(people: People) -> Iterator[Deed]:
    """Two rooms of a batch sit again; both new sessions want the next number."""
    at = theory(people)
    published(at, "collected")
    other = session_room(at.batch, "theory", paper=at.paper)
    published(Theory(at.batch, other, at.paper), "collected")
    third = session_room(at.batch, "theory", paper=at.paper)
    sat = published(Theory(at.batch, third, at.paper), "opened")
    later = clock.now() + timedelta(days=1)
    yield deed(people("E8"), exam_rooms.reschedule, at.room, starts_at=later, said="one")
    yield deed(people("E8"), exam_rooms.reschedule, other, starts_at=later, said="the other")
    yield deed(
        people("E8"),
        exam_collecting.record_collection,
        sat,
        contract.Collection(sat.pack_id, True, [], [], 0, "0" * 64),
    )
    yield deed(
        people("E8"), publishing.move_session, third.session, starts_at=later, reason="停电", withdrawn=sat.pack_id
    )
