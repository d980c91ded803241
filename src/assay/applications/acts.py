"""Applying, handing in, and the two reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.applications.eligibility import application_problems, problems_of
from assay.applications.models import Application, Evidence, Person, ReviewDecision
from assay.applications.people import CORRECTABLE, CORRECTABLE_BY_STAFF, PersonData, person_index, sort_key
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import EntryCondition
from assay.centre.models import Account
from assay.kernel import files
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.identity import problem as id_problem
from assay.kernel.models import StoredFile
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

APPLY = "工作方案 四(一)2"
REVIEW = "工作方案 四(一)3"
OPEN_STATES = ("draft", "returned")


@act("applications.register_person", duty=("C1", "R1", "E5"), title="登记考生", clause="四(一)2")
def register_person(ctx: Context, data: PersonData, *, account: Account | None = None) -> Person:
    """Create the person, or bring the known one up to date (found by ID number)."""
    wrong = id_problem(data.id_type, data.columns()["id_number"]) if data.id_number else "证件号码为空"
    if wrong:
        raise Refused(wrong, APPLY)
    known = Person.objects.select_for_update().filter(id_index=person_index(data.id_type, data.id_number)).first()
    if known is not None and "C1" in ctx.actor.duties and known.account_id not in (None, ctx.actor.account_id):
        raise Refused("该证件号码已由另一账号登记，请到系部核实", APPLY)
    person = known or Person()
    for name, value in data.columns().items():
        setattr(person, name, value)
    if account is not None:
        person.account = account
    person.save()
    ctx.record(person)
    return person


@act("applications.correct_person", duty=("C1", "R1", "E5"), title="更正考生信息", clause="四(一)2")
def correct_person(ctx: Context, person: Person, changes: Mapping[str, Any]) -> Person:
    """Put right what was given of a person (see CORRECTABLE), while nobody has decided over it."""
    _own(ctx, person)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    by_candidate = "C1" in ctx.actor.duties
    allowed = CORRECTABLE if by_candidate else CORRECTABLE_BY_STAFF
    stray = sorted(set(changes) - set(allowed))
    if stray:
        raise Refused(f"不能更正：{'、'.join(stray)}", APPLY)
    decided = ("first_passed", "approved") if by_candidate else ("approved",)
    passed = person.applications.filter(state__in=decided).exclude(batch__stage="closed").first()
    if passed is not None:
        raise Refused(f"“{passed.batch}”的报名已{passed.get_state_display()}，信息有误请到院系办理退回后更正", APPLY)
    for name, value in changes.items():
        setattr(person, name, value)
    if "name" in changes:
        person.sort_key = sort_key(person.name)
    person.save()
    ctx.record(person)
    return person


def require_open(batch: Batch) -> None:
    """Refuse unless the batch takes applications today."""
    if batch.stage != "apply":
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不接受报名", APPLY)
    if not batch.apply_from <= today() <= batch.apply_to:
        raise Refused(f"报名时间为 {batch.apply_from:%Y年%m月%d日} 至 {batch.apply_to:%Y年%m月%d日}", APPLY)


def _require_open_for(batch: Batch, application: Application | None) -> None:
    """What was returned may be mended until the review is over, whatever the closing date: it was handed in in time."""
    if application is None or application.state != "returned" or batch.stage not in ("apply", "review"):
        require_open(batch)


@act("applications.enter_application", duty=("C1", "R1", "E5"), title="填报申请", clause="四(一)2")
def enter_application(
    ctx: Context,
    *,
    batch: Batch,
    line: BatchLine,
    person: Person,
    condition: EntryCondition | None = None,
    route_facts: dict[str, Any] | None = None,
    theory: str | None = None,
    skill: str | None = None,
    review: str | None = None,
    work_years: int = 0,
    prior_certificate: str = "",
    pledged: bool = False,
    submit: bool = True,
) -> Application:
    """Fill in (or change, while a draft or returned) a person's application in a batch; hand it in when `submit`. How a part is
    taken stays as it was unless it is said anew."""
    _own(ctx, person)
    if line.batch_id != batch.pk:
        raise Refused(f"本批次不开展 {line}", APPLY)
    application = (
        Application.objects.select_for_update()
        .filter(batch=batch, person=person)
        .exclude(state__in=["withdrawn", "rejected"])
        .first()
    )
    _require_open_for(batch, application)
    if application is not None and application.state not in OPEN_STATES:
        raise Refused(f"{person} 在本批次已有报名（{application.line}，{application.get_state_display()}）", APPLY)
    application = application or Application(batch=batch, person=person)
    application.line, application.condition = line, condition
    application.department = person.department
    application.route_facts = route_facts or {}
    for part, how in (("theory", theory), ("skill", skill), ("review", review)):
        setattr(application, part, how or getattr(application, part))
    application.work_years, application.prior_certificate = work_years, prior_certificate
    application.pledged = pledged
    application.entered_by = ctx.actor.name
    if submit:
        _hand_in(ctx, application)
    application.save()
    ctx.record(application)
    return application


def _own(ctx: Context, person: Person) -> None:
    if "C1" in ctx.actor.duties and (person.account_id is None or person.account_id != ctx.actor.account_id):
        raise Refused("只能为本人办理", APPLY)


def _hand_in(ctx: Context, application: Application) -> None:
    problems = application_problems(application)
    if problems:
        raise Refused("；".join(p.text for p in problems), problems[0].clause)
    application.state, application.reason, application.submitted_at = "submitted", "", ctx.at


@act("applications.submit", duty=("C1", "R1", "E5"), title="提交报名", clause="四(一)2")
def submit(ctx: Context, application: Application) -> Application:
    """Hand in a draft or a returned application."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    _require_open_for(application.batch, application)
    _own(ctx, application.person)
    if application.state not in OPEN_STATES:
        raise Refused(f"该报名{application.get_state_display()}，不能再提交", APPLY)
    _hand_in(ctx, application)
    application.save()
    ctx.record(application)
    return application


@act("applications.withdraw", duty=("C1", "R1", "E5"), title="撤回报名", clause="四(一)2")
def withdraw(ctx: Context, application: Application, *, reason: str = "") -> Application:
    """Take an application back, up to the end of review."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    _own(ctx, application.person)
    if application.batch.stage not in ("apply", "review"):
        raise Refused("资格审核已结束，不能再撤回", APPLY)
    application.state, application.reason = "withdrawn", reason
    application.save()
    ctx.record(application)
    return application


@act("applications.set_photo", duty=("C1", "R1", "E5"), title="上传照片", clause="四(一)5")
def set_photo(ctx: Context, person: Person, content: bytes) -> Person:
    """Keep the photo of a person: JPG, one inch, checked by content."""
    _own(ctx, person)
    wrong = files.photo_problem(content)
    if wrong:
        raise Refused(wrong, "人社鉴发〔2021〕1号")
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.photo = files.keep(content)
    person.save(update_fields=["photo"])
    ctx.record(person)
    return person


@act("applications.set_photos", duty=("R1", "E5"), title="批量上传照片", clause="四(一)5")
def set_photos(ctx: Context, photos: Sequence[tuple[Person, StoredFile]]) -> int:
    """Give each person a photo that is already kept and checked; one entry for all."""
    given = {person.pk: photo for person, photo in photos}
    people = list(Person.objects.select_for_update().filter(pk__in=given))
    for person in people:
        person.photo = given[person.pk]
    rewrite(people, ["photo"])
    ctx.record_all(people)
    return len(people)


@act("applications.add_evidence", duty=("C1", "R1", "E5"), title="上传证明材料", clause="四(一)2")
def add_evidence(ctx: Context, application: Application, *, title: str, content: bytes) -> Evidence:
    """Add a paper (PDF, JPG, PNG) that shows what the application says."""
    _own(ctx, application.person)
    if application.state not in (*OPEN_STATES, "submitted"):
        raise Refused("该报名已审核，不能再补充材料", APPLY)
    evidence = Evidence.objects.create(application=application, title=title[:80], file=files.keep(content))
    ctx.record(evidence)
    return evidence


VERDICT_STATES = {
    "first": {"pass": "first_passed", "return": "returned", "reject": "rejected"},
    "centre": {"pass": "approved", "return": "returned", "reject": "rejected"},
}
STEP_FROM = {"first": "submitted", "centre": "first_passed"}
REVIEWED_STAGES = ("apply", "review")


@act("applications.first_review", duty=("R1", "E2"), title="系部资格初审", clause="五(五)3")
def first_review(
    ctx: Context, applications: Iterable[Application], *, verdict: str, reason: str = ""
) -> list[ReviewDecision]:
    """The department's first review of its own applicants, one or many."""
    own = None if "E2" in ctx.actor.duties else _department_of(ctx)
    return _decide(ctx, "first", applications, verdict, reason, own_department=own)


def _department_of(ctx: Context) -> int:
    account = Account.objects.filter(pk=ctx.actor.account_id or 0).first()
    if account is None or account.department_id is None:
        raise Refused("您的账号没有所属系部，不能初审", "工作方案 五(五)3")
    return account.department_id


@act("applications.centre_review", duty="E4", title="中心资格审核", clause="四(一)3(1)")
def centre_review(
    ctx: Context, applications: Iterable[Application], *, verdict: str, reason: str = ""
) -> list[ReviewDecision]:
    """The centre's review of each application: who passes is admitted."""
    return _decide(ctx, "centre", applications, verdict, reason)


def _decide(
    ctx: Context,
    step: str,
    applications: Iterable[Application],
    verdict: str,
    reason: str,
    own_department: int | None = None,
) -> list[ReviewDecision]:
    if verdict not in VERDICT_STATES[step]:
        raise Refused(f"审核结论“{verdict}”不认识", REVIEW)
    if verdict != "pass" and not reason.strip():
        raise Refused("退回或不通过须写明原因", REVIEW)
    rows = _locked([a.pk for a in applications])
    _reviewable(ctx, step, rows, own_department)
    if verdict == "pass":
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
    """The rows, locked, their lines and conditions shared so that checking many costs no query each."""
    rows: list[Application] = []
    for start in range(0, len(pks), 500):
        rows += (
            Application.objects.select_for_update(of=("self",))
            .filter(pk__in=pks[start : start + 500])
            .select_related("batch", "person__major")
            .order_by("pk")
        )
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


def _reviewable(ctx: Context, step: str, rows: list[Application], own_department: int | None) -> None:
    if not rows:
        raise Refused("没有选中任何报名", REVIEW)
    for row in rows:
        if row.batch.stage not in REVIEWED_STAGES:
            raise Refused(f"“{row.batch}”现处“{row.batch.get_stage_display()}”，审核已结束", REVIEW)
        if row.state != STEP_FROM[step]:
            states, steps = dict(Application.STATES), dict(ReviewDecision.STEPS)
            said = f"{row.person}的报名现为“{row.get_state_display()}”，不在本环节"
            raise Refused(f"{said}：{steps[step]}只办理“{states[STEP_FROM[step]]}”的报名", REVIEW)
        if own_department is not None and row.department_id != own_department:
            raise Refused(f"{row.person} 不属于您的系部", "工作方案 五(五)3")
        if step == "centre" and row.person.account_id and row.person.account_id == ctx.actor.account_id:
            raise Refused("不能审核本人的报名", REVIEW)


def _require_eligible(rows: list[Application]) -> None:
    wrong = [(row, p) for row, problems in zip(rows, problems_of(rows), strict=True) for p in problems]
    if wrong:
        said = "；".join(f"{row.person}：{p.text}" for row, p in wrong[:20])
        more = f"……共 {len(wrong)} 处" if len(wrong) > 20 else ""
        raise Refused(f"不符合申报条件，不能通过：{said}{more}", wrong[0][1].clause)
