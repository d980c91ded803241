"""The way out when the computers of a room fail: its candidates go on with printed papers.

Two people let the papers out of their seal, as when they open them for the hall, and say why. The keeper prints a copy for each seat,
every copy with a number of its own and the name of who gets it; how many there are stands in the ledger. The sheets that come back
are counted by these numbers, and their answers taken up afterwards (`paper_entry.py`).
"""

from __future__ import annotations

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper
from assay.bank.papers.acts.custody import count_printed
from assay.bank.papers.printing import Copy, mark_of
from assay.bank.writing.acts.items import require_secrecy
from assay.catalogue.parts import Part
from assay.exam.acts.opening import CUSTODY, require_missing_of, require_the_hour, signature
from assay.exam.models import PaperExam, PaperExamSignature, Publication, paper_exam_of, publication_of
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "突发事件应急预案"
WHAT = "签署改用纸质试卷"


def require_at_the_hall(session: Session) -> None:
    """Raises Refused unless a hall has the session: not before that, nor once it is collected."""
    found = publication_of(session)
    if found is None or found.state == Publication.State.PREPARED:
        raise Refused(f"{session} 的试卷还没有提取、发布，尚未确定每个座位的试卷", CLAUSE)
    if found.state == Publication.State.COLLECTED:
        raise Refused(f"{session} 已收卷，不能再改用纸质试卷", CLAUSE)


def require_to_sign(session_room: SessionRoom) -> None:
    """Raises Refused unless a signature for printed papers is still to be given, and its hour has come."""
    require_at_the_hall(session_room.session)
    require_the_hour(session_room.session, WHAT)
    known = paper_exam_of(session_room)
    if known is not None and known.is_signed():
        raise Refused(f"{session_room} 已由两人签署改用纸质试卷", CLAUSE)


def require_missing_signature(actor: Actor, session_room: SessionRoom) -> None:
    """Raises Refused unless the signature that is still to be given is this person's to give."""
    known = paper_exam_of(session_room)
    require_missing_of(actor, list(known.signatures.all()) if known else [], WHAT)


def require_to_print(session_room: SessionRoom) -> None:
    """Raises Refused unless two have signed for the room and its session runs."""
    known = paper_exam_of(session_room)
    if known is None or not known.is_signed():
        raise Refused("须先由两人签署改用纸质试卷，才能印制", CUSTODY)
    require_at_the_hall(session_room.session)


def _held(session_room: SessionRoom) -> SessionRoom:
    """The room as it stands, with what the hall has of its session locked."""
    list(Publication.objects.select_for_update().filter(session=session_room.session_id).values_list("pk"))
    return SessionRoom.objects.select_related("session__publication", "room", "paper_exam").get(pk=session_room.pk)


@act(
    "exam.sign_paper_exam", duty=("E7", "E8", "Q4"), title="改用纸质试卷", clause=CLAUSE, guard=require_to_sign,
    for_whom=require_missing_signature,
)  # fmt: skip
def sign(ctx: Context, session_room: SessionRoom, *, reason: str = "") -> PaperExam:
    """One of two people lets the papers of a room be printed: the first says why, the second sees the reason. Not before the hour
    at which papers may be opened, and never one alone."""
    SessionRoom.objects.select_for_update().get(pk=session_room.pk)
    session_room = _held(session_room)
    require_to_sign(session_room)
    require_missing_signature(ctx.actor, session_room)
    known = paper_exam_of(session_room)
    if known is None and not reason.strip():
        raise Refused("请写明改用纸质试卷的原因", CLAUSE)
    given = signature(ctx, list(known.signatures.all()) if known else [], WHAT)
    exam = known or PaperExam.objects.create(session_room=session_room, reason=uncut(reason, 200, "改用纸质试卷的原因"))
    ctx.record(exam, PaperExamSignature.objects.create(paper_exam=exam, **given))
    ctx.note = f"{session_room}：{exam.reason}"
    return exam


@act("exam.print_paper_exam", duty="E7", title="印制纸质试卷", clause="三(一)2(1)⑦", guard=require_to_print)
def take_copies(ctx: Context, session_room: SessionRoom, *, seat: int | None = None) -> list[Copy]:
    """The copies of a room, or of one seat again, to be printed; numbered on from those that were taken before."""
    require_secrecy(ctx)
    list(PaperExam.objects.select_for_update().filter(session_room=session_room).values_list("pk"))
    session_room = _held(session_room)
    require_to_print(session_room)
    exam, seatings = session_room.paper_exam, _seatings(session_room, seat)
    first = exam.printed + 1
    exam.printed += len(seatings)
    exam.save()
    papers = count_printed(ctx, [seating.paper_id for seating in seatings if seating.paper_id])
    ctx.record(exam)
    whose = f"{seat} 号座位" if seat else "全部座位"
    ctx.note = f"{session_room}：{whose}，第 {first} 至 {exam.printed} 份"
    return [
        _copy(seating, papers[seating.paper_id or 0], number) for number, seating in enumerate(seatings, start=first)
    ]


def _seatings(session_room: SessionRoom, seat: int | None) -> list[Seating]:
    found = Seating.objects.filter(session_room=session_room, part=Part.THEORY, paper__isnull=False)
    if seat is not None:
        found = found.filter(seat=seat)
    seatings = list(found.select_related("application__applicant", "application__ticket").order_by("seat"))
    if not seatings:
        raise Refused(f"{session_room} 没有{'这个' if seat else '有试卷的'}座位", CLAUSE)
    return seatings


def _copy(seating: Seating, paper: Paper, number: int) -> Copy:
    application = seating.application
    head = [
        f"姓名　{application.applicant.name}", f"准考证号　{application.ticket.number}", f"座位　{seating.seat}", f"第 {number} 份",
    ]  # fmt: skip
    return Copy(paper, head, f"第 {number} 份　{mark_of(paper)}")


def take_back_signatures(ctx: Context, session: Session) -> None:
    """Within the act that moves a session: what was signed for today is not signed for another day. Refused once copies are out."""
    exams = PaperExam.objects.select_for_update().filter(session_room__session=session)
    for exam in exams.order_by("pk"):
        if exam.printed:
            raise Refused(f"{exam.session_room} 已印制纸质试卷 {exam.printed} 份，本场的试卷不能再用，不能改期", CLAUSE)
        for given in exam.signatures.all():
            ctx.record_removed(PaperExamSignature, given.pk)
        exam.signatures.all().delete()
        ctx.record_removed(PaperExam, exam.pk)
        exam.delete()
