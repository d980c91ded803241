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
from assay.exam.acts.opening import CUSTODY, require_the_hour, signature
from assay.exam.models import PaperExam, PaperExamSignature, Publication
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused

CLAUSE = "突发事件应急预案"
WHAT = "签署改用纸质试卷"


def require_running(session_room: SessionRoom) -> Publication:
    """The publication of the room's session, while the hall has it; refused before and after."""
    found = (
        Publication.objects.select_for_update(of=("self",))
        .select_related("session")
        .filter(session=session_room.session)
        .first()
    )
    if found is None or found.state == "prepared":
        raise Refused(f"{session_room.session} 的试卷还没有提取、发布，尚未确定每个座位的试卷", CLAUSE)
    if found.state == "collected":
        raise Refused(f"{session_room.session} 已收卷，不能再改用纸质试卷", CLAUSE)
    return found


@act("exam.sign_paper_exam", duty=("E7", "E8", "Q4"), title="改用纸质试卷", clause=CLAUSE)
def sign(ctx: Context, session_room: SessionRoom, *, reason: str = "") -> PaperExam:
    """One of two people lets the papers of a room be printed: the first says why, the second sees the reason. Not before the hour
    at which papers may be opened, and never one alone."""
    SessionRoom.objects.select_for_update().get(pk=session_room.pk)
    require_the_hour(ctx, require_running(session_room).session, WHAT)
    known = PaperExam.objects.filter(session_room=session_room).first()
    if known is not None and known.is_signed():
        raise Refused(f"{session_room} 已由两人签署改用纸质试卷", CLAUSE)
    if known is None and not reason.strip():
        raise Refused("请写明改用纸质试卷的原因", CLAUSE)
    given = signature(ctx, list(known.signatures.all()) if known else [], WHAT)
    exam = known or PaperExam.objects.create(session_room=session_room, reason=reason.strip()[:200])
    ctx.record(exam, PaperExamSignature.objects.create(paper_exam=exam, **given))
    ctx.note = f"{session_room}：{exam.reason}"
    return exam


@act("exam.print_paper_exam", duty="E7", title="印制纸质试卷", clause="三(一)2(1)⑦")
def take_copies(ctx: Context, session_room: SessionRoom, *, seat: int | None = None) -> list[Copy]:
    """The copies of a room, or of one seat again, to be printed; numbered on from those that were taken before."""
    require_secrecy(ctx)
    exam = PaperExam.objects.select_for_update().filter(session_room=session_room).first()
    if exam is None or not exam.is_signed():
        raise Refused("须先由两人签署改用纸质试卷，才能印制", CUSTODY)
    require_running(session_room)
    seatings = _seatings(session_room, seat)
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
    found = Seating.objects.filter(session_room=session_room, part="theory", paper__isnull=False)
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
