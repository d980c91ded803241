"""What keeps a batch from leaving readiness and the exam."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from assay.applications.models import Application
from assay.applications.parts import How
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Specification
from assay.bank.queries import sealed_papers, specification_for
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Stage
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.exam.acts.rooms import check_opens_on
from assay.exam.models import Publication, RecordAddition, RoomRecord, TheorySheet
from assay.exam.running import EXAM, on_show
from assay.kernel import clock
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker

CUSTODY = "工作方案 三(一)2(1)⑦"


def _link(batch: Batch) -> str:
    return reverse("exam:batch", args=[batch.pk])


def _papers_link(specification: Specification | None) -> str:
    """Where papers are assembled, with the right table chosen."""
    chosen = f"?specification={specification.pk}" if specification else ""
    return reverse("bank:papers") + chosen


@gate(Stage.READINESS)
def every_room_is_ready(batch: Batch) -> Iterator[Blocker]:
    used = SessionRoom.objects.filter(session__batch=batch, seatings__isnull=False).distinct()
    unchecked = used.filter(readiness=None).count()
    clause = "工作方案 四(一)6(1)"
    if unchecked:
        opens = _before_the_checks(batch)
        link = reverse("exam:check_day", args=[batch.pk])
        yield Blocker(f"{unchecked} 个考场次未做考前检查", clause, "E6", link, unchecked, waits_for=opens)
    for room in used.filter(readiness__ready=False).select_related("room", "session")[:20]:
        yield Blocker(f"{room} 检查不符合要求", clause, "E6", _link(batch))


def _before_the_checks(batch: Batch) -> str:
    """From when on rooms can be checked; "" once they can."""
    first = Session.objects.filter(batch=batch).order_by("starts_at").first()
    if first is None:
        return ""
    opens = check_opens_on(batch, clock.day_of(first.starts_at), parameters.number("exam.check_days"))
    return f"{opens:%Y年%m月%d日}" if clock.today() < opens else ""


@gate(Stage.READINESS)
def every_line_has_a_sealed_paper(batch: Batch) -> Iterator[Blocker]:
    for line in _lines_with_theory(batch):
        specification = specification_for(line.scope_row, line.level)
        if specification is None or not sealed_papers(specification):
            yield Blocker(f"{line} 没有封存的理论试卷", CUSTODY, "E7", _papers_link(specification))


@todo(Stage.TICKETS, Stage.READINESS)
def a_fresh_theory_paper(batch: Batch) -> Iterator[Blocker]:
    """A paper that others have sat may be used again, but nobody should do so without knowing."""
    if batch.sessions.filter(part=Part.THEORY).exists() and not _unpublished(batch).exists():
        return  # every session has its papers
    for line in _lines_with_theory(batch):
        specification = specification_for(line.scope_row, line.level)
        papers = sealed_papers(specification) if specification else []
        if papers and all(paper.released_at for paper in papers):
            text = f"{line} 只有已考过的理论试卷，建议另组新卷"
            yield Blocker(text, CUSTODY, "E7", _papers_link(specification))


def _lines_with_theory(batch: Batch) -> QuerySet[BatchLine]:
    sitting = Application.objects.approved().filter(batch=batch).exclude(theory=How.EXEMPT)
    return batch.lines.filter(pk__in=sitting.values("line")).select_related("scope_row__occupation", "level")


def _unpublished(batch: Batch) -> QuerySet[Session]:
    return batch.sessions.filter(part=Part.THEORY).exclude(
        publication__state__in=[Publication.State.PUBLISHED, Publication.State.OPENED, Publication.State.COLLECTED]
    )


@gate(Stage.READINESS)
def every_theory_session_is_published(batch: Batch) -> Iterator[Blocker]:
    left = _unpublished(batch).count()
    if left:
        yield Blocker(f"{left} 个理论场次未发布到考试端", "工作方案 四(一)6", "E7", _link(batch), left)


@gate(Stage.EXAM)
def every_paper_is_opened_by_two(batch: Batch) -> Iterator[Blocker]:
    lead = timedelta(minutes=parameters.number("exam.open_minutes"))
    for publication in _unopened(batch):
        earliest = publication.session.starts_at - lead
        waits = f"{clock.shown(earliest)} 起由两人启封" if clock.now() < earliest else ""
        signed = {opening.side for opening in publication.openings.all()}
        said = f"{publication.session} 的{publication.sealed_still()}"
        for side, duty in (("keeper", "E7"), ("witness", "E8")):
            if side not in signed and (duty == "E7" or not waits):
                yield Blocker(said, CUSTODY, duty, _link(batch), waits_for=waits)


@todo(Stage.READINESS)
def papers_due_are_opened_before_the_stage_is_done(batch: Batch) -> Iterator[Blocker]:
    """The hour does not wait for the batch's stage: from then on it is somebody's task."""
    yield from (found for found in every_paper_is_opened_by_two(batch) if not found.waits_for)


@todo(Stage.READINESS, Stage.EXAM)
def a_supervisor_may_open_papers_too(batch: Batch) -> Iterator[Blocker]:
    lead = timedelta(minutes=parameters.number("exam.open_minutes"))
    for publication in _unopened(batch):
        if (
            clock.now() >= publication.session.starts_at - lead
            and not publication.openings.filter(side="witness").exists()
        ):
            yield Blocker(f"{publication.session} 的试卷待启封，督导员可以作为第二人见证", CUSTODY, "Q4", _link(batch))


@todo(Stage.READINESS, Stage.EXAM)
def who_runs_the_exam_finds_it_on_its_day(batch: Batch) -> Iterator[Blocker]:
    """What runs, or is about to, stands on its officers' desks too."""
    for session in on_show().filter(batch=batch, ends_at__gt=clock.now()):
        begins = "开考" if session.starts_at > clock.now() else "已开考"
        said = f"{session} {clock.shown(session.starts_at)} {begins}，请看考试实况"
        yield Blocker(said, EXAM, "E8", reverse("exam:running"))


@todo(Stage.READINESS)
def an_exam_that_has_begun_has_a_stage_of_its_own(batch: Batch) -> Iterator[Blocker]:
    """The exam does not wait for the batch's stage, but what follows it does."""
    begun = Publication.objects.filter(
        session__batch=batch, state=Publication.State.OPENED, session__starts_at__lte=clock.now()
    ).count()
    if begun:
        said = f"{begun} 个理论场次已经开考，批次仍在“考前检查”：请办结，进入“实施认定”"
        yield Blocker(said, "工作方案 四(一)6", "E2", batch.get_absolute_url(), begun)


def _unopened(batch: Batch) -> QuerySet[Publication]:
    found = Publication.objects.filter(session__batch=batch, state=Publication.State.PUBLISHED)
    return found.select_related("session").prefetch_related("openings")


@gate(Stage.EXAM)
def every_session_is_collected(batch: Batch) -> Iterator[Blocker]:
    left = list(
        Publication.objects.filter(session__batch=batch)
        .exclude(state=Publication.State.COLLECTED)
        .values_list("session__ends_at", flat=True)
    )
    yield from _by_time(left, "{n} 个理论场次未收卷", "工作方案 四(一)7(1)", "E8", _link(batch))


@gate(Stage.EXAM)
def who_could_not_finish_sits_again(batch: Batch) -> Iterator[Blocker]:
    left = Seating.objects.filter(
        session_room__session__batch=batch,
        part=Part.THEORY,
        session_room__session__publication__state=Publication.State.COLLECTED,
        sheet=None,
    ).count()
    if left:
        yield Blocker(f"{left} 名考生因考场中断未考完，须另行安排考试", "工作方案 四(一)6(2)", "E8", _link(batch), left)


@gate(Stage.EXAM)
def every_room_has_its_record(batch: Batch) -> Iterator[Blocker]:
    used = SessionRoom.objects.filter(session__batch=batch, seatings__isnull=False)
    left = used.filter(record=None).distinct().values_list("session__ends_at", flat=True)
    yield from _by_time(list(left), "{n} 个考场次没有考场记录表", "工作方案 四(一)6(2)", "E8", _link(batch))


@todo(Stage.EXAM, Stage.RESULTS)
def every_addition_to_a_record_is_countersigned(batch: Batch) -> Iterator[Blocker]:
    """Until a second person has signed, the record stands as it was."""
    left = RecordAddition.objects.filter(record__session_room__session__batch=batch, agreed=None).count()
    if left:
        yield Blocker(f"{left} 条考场记录的更正补充待另一人会签", "工作方案 四(一)6(2)", "E8", _link(batch), left)


def _by_time(ends: list[datetime], said: str, clause: str, duty: str, link: str) -> Iterator[Blocker]:
    """What is due for sessions that are over, and what waits for the end of the others."""
    now = clock.now()
    due, later = sum(end <= now for end in ends), [end for end in ends if end > now]
    if due:
        yield Blocker(said.format(n=due), clause, duty, link, due)
    if later:
        yield Blocker(
            said.format(n=len(later)), clause, duty, link, len(later), waits_for=f"{clock.shown(min(later))} 考试结束"
        )


@counts(Stage.EXAM, Stage.RESULTS)
def theory_figures(batch: Batch) -> Iterator[tuple[str, int]]:
    sheets = TheorySheet.objects.filter(application__batch=batch)
    yield "理论答卷", sheets.filter(absent=False).count()
    yield "理论缺考", sheets.filter(absent=True, came_without="").count()
    came = sheets.exclude(came_without="").count()
    if came:
        yield "理论到场未作答", came
    yield "考场记录", RoomRecord.objects.filter(session_room__session__batch=batch).count()
