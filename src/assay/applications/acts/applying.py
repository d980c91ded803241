"""Applying, handing in, and the two reviews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from assay.applications.applicants import decided_over, follow, give_photo, hold_applications
from assay.applications.attachments import Upload, attach, evidence_problems
from assay.applications.eligibility import Problem, Unsound, application_problems, clauses_of, problems_of
from assay.applications.models import (
    ENDED,
    UNDECIDED,
    Applicant,
    Application,
    Evidence,
    Person,
    ReviewDecision,
)
from assay.applications.ownership import require_of_own_department, require_own
from assay.applications.reviews import STEPS, Step, Verdict
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Stage
from assay.catalogue.models import EntryCondition
from assay.kernel import files
from assay.kernel.acts import Actor, Context, act, formerly
from assay.kernel.clock import today
from assay.kernel.expected import Changed, digest_of
from assay.kernel.holding import held
from assay.kernel.photos import made_fit, photo_problem
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused, grouped

APPLY = "工作方案 四(一)2"
REVIEW = "工作方案 四(一)3"
PHOTOS = "人社鉴发〔2021〕1号"
OPEN_STATES = (Application.State.DRAFT, Application.State.RETURNED)
REVIEWED_STAGES = (Stage.APPLY, Stage.REVIEW)


formerly("applications.register_person", "登记考生")


def require_open(batch: Batch) -> None:
    """Refuse unless the batch takes applications today."""
    if batch.stage != Stage.APPLY:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不接受报名", APPLY)
    if not batch.apply_from <= today() <= batch.apply_to:
        raise Refused(f"报名时间为 {batch.apply_from:%Y年%m月%d日} 至 {batch.apply_to:%Y年%m月%d日}", APPLY)


def require_open_for(batch: Batch, application: Application | None) -> None:
    """What was returned may be mended until the review is over, whatever the closing date: it was handed in in time."""
    if application is None or application.state != Application.State.RETURNED or batch.stage not in REVIEWED_STAGES:
        require_open(batch)


@dataclass(frozen=True)
class Entry:
    """申报: the level that is applied for, and what it relies on. How a part is taken stays as it was unless it is said anew."""

    line: BatchLine
    condition: EntryCondition | None = None
    route_facts: dict[str, Any] = field(default_factory=dict)
    theory: str | None = None
    skill: str | None = None
    review: str | None = None
    work_years: int = 0
    prior_certificate: str = ""
    pledged: bool = False


@act("applications.hand_in", duty=("C1", "R1", "E5"), title="提交报名", clause="四(一)2")
def hand_in(
    ctx: Context,
    *,
    batch: Batch,
    person: Person,
    entry: Entry,
    photo: bytes | None = None,
    evidence: Sequence[Upload] = (),
) -> Application:
    """Hand in a person's application in a batch (a new one, a draft, or one that was returned), the photo and the evidence
    with it. Whatever is wrong is said at once, and then nothing has changed and no file is kept."""
    require_own(ctx.actor, person)
    batch = held(batch)
    if entry.line.batch_id != batch.pk:
        raise Refused(f"本批次不开展 {entry.line}", APPLY)
    person = Person.objects.select_for_update(of=("self",)).select_related("major", "department").get(pk=person.pk)
    application = _live(batch, person)
    require_open_for(batch, application)
    if application is not None and application.state not in OPEN_STATES:
        raise Refused(f"{person} 在本批次已有报名（{application.line}，{application.get_state_display()}）", APPLY)
    application = application or Application(batch=batch, person=person, applicant=Applicant())
    if photo is not None:
        photo = made_fit(photo)
        give_photo(person, files.digest_of(photo))
    submit(ctx, application, entry, person, photo, evidence)
    if photo is not None:
        person.save(update_fields=["photo", "photo_on"])
        ctx.record(person)
        follow(ctx, [person], but=[application])
    return application


def submit(
    ctx: Context,
    application: Application,
    entry: Entry,
    person: Person,
    photo: bytes | None,
    evidence: Sequence[Upload],
) -> None:
    """Hand the application in with what is said of the person (locked, as it stands in memory) and its files, if nothing is wrong."""
    application.applicant.take(person)
    _fill(ctx, application, entry, person)
    _require_sound(application, photo, evidence)
    application.state, application.reason, application.submitted_at = Application.State.SUBMITTED, "", ctx.at
    application.applicant.save()
    application.save()
    ctx.record(application.applicant, application)
    if photo is not None:
        files.keep(photo)
    for paper in evidence:
        ctx.record(attach(application, paper))


def _live(batch: Batch, person: Person) -> Application | None:
    """The person's one application in the batch that counts, locked."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("applicant", "line__scope_row__occupation", "line__level")
        .filter(batch=batch, person=person)
        .exclude(state__in=ENDED)
        .first()
    )


def _fill(ctx: Context, application: Application, entry: Entry, person: Person) -> None:
    for one in fields(Entry):
        said = getattr(entry, one.name)
        if said is not None or one.name == "condition":
            setattr(application, one.name, said)
    application.department = person.department
    application.entered_by = ctx.actor.name


def _require_sound(application: Application, photo: bytes | None, evidence: Sequence[Upload]) -> None:
    """Everything that is wrong with an application and its files, at once."""
    wrong = [Problem(text, PHOTOS) for text in (photo_problem(photo) if photo is not None else None,) if text]
    wrong += [Problem(text, APPLY) for text in evidence_problems(application, evidence)]
    wrong += application_problems(application)
    if wrong:
        raise Unsound(wrong)


def require_photo_open(person: Person) -> None:
    """Raises Refused once a review has passed an application of the person whose batch goes on."""
    passed = decided_over(person)
    if passed is not None:
        raise Refused(f"“{passed.batch}”的报名已{passed.get_state_display()}，照片不能再换", APPLY)


@act("applications.set_photo", duty=("C1", "R1", "E5"), title="上传照片", clause="四(一)5", guard=require_photo_open)
def set_photo(ctx: Context, person: Person, content: bytes) -> Person:
    """Keep the photo of a person over whom nobody has decided: made fit, one inch, checked by content."""
    require_own(ctx.actor, person)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    hold_applications(person)
    require_photo_open(person)
    content = made_fit(content)
    wrong = photo_problem(content)
    if wrong:
        raise Refused(wrong, PHOTOS)
    give_photo(person, files.digest_of(content))
    person.save(update_fields=["photo", "photo_on"])
    ctx.record(person)
    follow(ctx, [person])
    files.keep(content)
    return person


def require_unreviewed(application: Application) -> None:
    """Raises Refused once a review has decided over the application."""
    if application.state not in UNDECIDED:
        raise Refused("该报名已审核，不能再补充材料", APPLY)


@act(
    "applications.add_evidence", duty=("C1", "R1", "E5"), title="上传证明材料", clause="四(一)2", guard=require_unreviewed
)  # fmt: skip
def add_evidence(ctx: Context, application: Application, *, title: str, content: bytes) -> Evidence:
    """Add a paper (PDF, JPG, PNG) that shows what the application says."""
    application = Application.objects.select_for_update(of=("self",)).select_related("person").get(pk=application.pk)
    require_own(ctx.actor, application.person)
    require_unreviewed(application)
    paper = Upload(title, content)
    problems = evidence_problems(application, [paper])
    if problems:
        raise Refused("；".join(problems), APPLY)
    evidence = attach(application, paper)
    ctx.record(evidence)
    return evidence


_SENT_AWAY: dict[str, str] = {Verdict.RETURN: Application.State.RETURNED, Verdict.REJECT: Application.State.REJECTED}
VERDICT_STATES: dict[Step, dict[str, str]] = {
    Step.FIRST: {Verdict.PASS: Application.State.FIRST_PASSED, **_SENT_AWAY},
    Step.CENTRE: {Verdict.PASS: Application.State.APPROVED, **_SENT_AWAY},
}
STATE_BEFORE = {Step.FIRST: Application.State.SUBMITTED, Step.CENTRE: Application.State.FIRST_PASSED}


def require_first_turn(*applications: Application) -> None:
    """Raises Refused unless each of them waits for the department's review."""
    _require_turn(Step.FIRST, applications)


def require_centre_turn(*applications: Application) -> None:
    """Raises Refused unless each of them has passed the first review and waits for the centre's."""
    _require_turn(Step.CENTRE, applications)


def require_own_department(actor: Actor, *applications: Application) -> None:
    """Raises Refused where one of them is of another department than the actor's; the centre's officer reviews for all."""
    for application in applications if "E2" not in actor.duties else ():
        require_of_own_department(actor, application)


@act(
    "applications.first_review", duty=("R1", "E2"), title="系部资格初审", clause="五(五)3", guard=require_first_turn,
    for_whom=require_own_department,
)  # fmt: skip
def first_review(
    ctx: Context, applications: Iterable[Application], *, verdict: str, reason: str = "", as_shown: str = ""
) -> list[ReviewDecision]:
    """The department's first review of its own applicants, one or many."""
    rows = _to_decide(Step.FIRST, applications, verdict, reason, as_shown)
    require_first_turn(*rows)
    require_own_department(ctx.actor, *rows)
    return _decide(ctx, Step.FIRST, rows, verdict, reason)


@act("applications.centre_review", duty="E4", title="中心资格审核", clause="四(一)3(1)", guard=require_centre_turn)
def centre_review(
    ctx: Context, applications: Iterable[Application], *, verdict: str, reason: str = "", as_shown: str = ""
) -> list[ReviewDecision]:
    """The centre's review of each application: who passes is admitted."""
    rows = _to_decide(Step.CENTRE, applications, verdict, reason, as_shown)
    require_centre_turn(*rows)
    return _decide(ctx, Step.CENTRE, rows, verdict, reason)


def _to_decide(
    step: Step, applications: Iterable[Application], verdict: str, reason: str, as_shown: str
) -> list[Application]:
    """The rows, locked, of a decision that is whole: a verdict that there is, with its reason, over something. `as_shown`: what a page
    that had many in it showed of them, as `shown_of` says it; '' where it says it row by row."""
    if verdict not in VERDICT_STATES[step]:
        raise Refused(f"审核结论“{verdict}”不认识", REVIEW)
    if verdict != Verdict.PASS and not reason.strip():
        raise Refused("退回或不通过须写明原因", REVIEW)
    rows = _locked([a.pk for a in applications])
    if not rows:
        raise Refused("没有选中任何报名")
    if as_shown and shown_of(rows) != as_shown:
        raise Changed("页面打开后，其中有报名已由别人改动或办理。这一次没有办理任何一份，请重新打开后再办理")
    return rows


def shown_of(rows: Sequence[Application]) -> str:
    """A digest of all that is said of these applications and their applicants, in whichever order they come."""
    return digest_of([one for row in sorted(rows, key=lambda row: row.pk) for one in (row, row.applicant)])


def _decide(ctx: Context, step: Step, rows: list[Application], verdict: str, reason: str) -> list[ReviewDecision]:
    if verdict == Verdict.PASS:
        _require_eligible(rows)
    for row in rows:
        row.state, row.reason = VERDICT_STATES[step][verdict], reason
    rewrite(rows, ["state", "reason"])
    decisions = ReviewDecision.objects.bulk_create(
        [
            ReviewDecision(
                application=row,
                step=step,
                verdict=verdict,
                reason=reason,
                by=ctx.actor.name,
                by_account_id=ctx.actor.account_id,
                at=ctx.at,
            )
            for row in rows
        ],
        batch_size=500,
    )
    ctx.record_all(rows)
    ctx.record_all(decisions)
    return decisions


def _locked(pks: list[int]) -> list[Application]:
    """The rows, locked, their lines and conditions shared so that checking many costs no query each; their batches held."""
    rows: list[Application] = []
    for batch in Batch.objects.filter(applications__in=pks).distinct().order_by("pk"):
        held(batch)
    for start in range(0, len(pks), 500):
        part = Application.objects.filter(pk__in=pks[start : start + 500]).order_by("pk")
        list(part.select_for_update().values_list("pk"))  # and only then read what belongs to them
        rows += part.select_related("batch", "applicant__major")
    lines = {
        line.pk: line
        for line in BatchLine.objects.filter(pk__in={r.line_id for r in rows})
        .select_related("scope_row__occupation", "level")
        .prefetch_related("scope_row__majors")
    }
    conditions = {
        c.pk: c
        for c in EntryCondition.objects.filter(pk__in={r.condition_id for r in rows if r.condition_id}).select_related(
            "standard_level"
        )
    }
    for row in rows:
        row.line = lines[row.line_id]
        row.condition = conditions.get(row.condition_id) if row.condition_id else None
    return rows


def _require_turn(step: Step, rows: Iterable[Application]) -> None:
    before = Application.State(STATE_BEFORE[step]).label
    over, elsewhere = [], []
    for row in rows:
        if row.batch.stage not in REVIEWED_STAGES:
            over.append((f"“{row.batch}”", f"现处“{row.batch.get_stage_display()}”，审核已结束"))
        elif row.state != STATE_BEFORE[step]:
            said = f"的报名现为“{row.get_state_display()}”，不在本环节：{STEPS[step]}只办理“{before}”的报名"
            elsewhere.append((str(row.applicant), said))
    if over or elsewhere:
        raise Refused(grouped([*over, *elsewhere]), REVIEW)


def _require_eligible(rows: list[Application]) -> None:
    wrong = [(row, p) for row, problems in zip(rows, problems_of(rows), strict=True) for p in problems]
    if wrong:
        said = grouped((str(row.applicant), f"：{p.text}") for row, p in wrong)
        raise Refused(f"不符合申报条件，不能通过：{said}", clauses_of([p for _, p in wrong]))
