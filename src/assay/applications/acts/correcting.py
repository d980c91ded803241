"""Putting right what is said of a person: while nobody has decided, and afterwards by an act that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.applications.applicants import decided_over, follow, give_photo, hold_applications
from assay.applications.eligibility import application_problems, clauses_of
from assay.applications.models import DECIDED, Applicant, Application, Person
from assay.applications.ownership import require_own
from assay.applications.people import (
    CORRECTABLE,
    CORRECTABLE_BY_CENTRE,
    CORRECTABLE_BY_STAFF,
    CORRECTABLE_OF_APPLICANTS,
    sort_key,
)
from assay.applications.resting import what_rests_on
from assay.applications.vouching import untie_if_renamed
from assay.batches.stages import Stage
from assay.kernel import files
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.identity import mask, name_problem
from assay.kernel.photos import made_fit, photo_problem
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)2"
PRIVATE = ("email", "address")
"""Whose values the ledger, which forgets nothing, does not take down."""


def correctable_by(actor: Actor) -> tuple[str, ...]:
    """What of a person the actor may put right."""
    if "C1" in actor.duties:
        return CORRECTABLE
    return CORRECTABLE_BY_CENTRE if "E5" in actor.duties else CORRECTABLE_BY_STAFF


def require_undecided_over(person: Person) -> None:
    """Raises Refused once a review has passed an application of the person whose batch goes on."""
    passed = decided_over(person)
    if passed is not None:
        said = f"“{passed.batch}”的报名{passed.get_state_display()}"
        raise Refused(f"{said}，不能再这样更正；信息有误请告知认定中心，由其退回或更正", CLAUSE)


def require_own_person(actor: Actor, person: Person) -> None:
    """Raises Refused unless the person is one whom the actor acts for."""
    require_own(actor, person)


@act(
    "applications.correct_person", duty=("C1", "R1", "E5"), title="更正考生信息", clause="四(一)2",
    guard=require_undecided_over, for_whom=require_own_person,
)  # fmt: skip
def correct_person(ctx: Context, person: Person, changes: Mapping[str, Any], *, reason: str = "") -> Person:
    """Put right what was given of a person, while nobody has decided over it."""
    require_own_person(ctx.actor, person)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    hold_applications(person)
    require_undecided_over(person)
    renamed = changes.get("name", person.name) != person.name
    if renamed and not reason.strip():
        raise Refused("更正姓名须写明原因", CLAUSE)
    ctx.note = put_right(person, changes, correctable_by(ctx.actor), reason)
    person.save()
    if renamed and "C1" not in ctx.actor.duties:
        ctx.note += untie_if_renamed(ctx, person)
    ctx.record(person)
    follow(ctx, [person])
    return person


def why_not_correctable(application: Application) -> str | None:
    """Why what a reviewed application says of its person cannot be put right here; None when it can."""
    if application.state not in DECIDED:
        return f"该报名现为“{application.get_state_display()}”，请用“更正考生信息”"
    return what_rests_on(application) or (
        f"“{application.batch}”已办结，不能再更正" if application.batch.stage == Stage.CLOSED else None
    )


def require_correctable(application: Application) -> None:
    """Raises Refused with what `why_not_correctable` says."""
    why_not = why_not_correctable(application)
    if why_not:
        raise Refused(why_not, CLAUSE)


@act(
    "applications.correct_applicant", duty=("E4", "E5"), title="更正已审核考生信息", clause="四(一)3(1)",
    guard=require_correctable,
)  # fmt: skip
def correct_applicant(
    ctx: Context, application: Application, changes: Mapping[str, Any], *, reason: str, photo: bytes | None = None
) -> Application:
    """Put right what a reviewed application says of its person, and the person with it, until something rests on it that is
    corrected in a way of its own."""
    held(application.batch)
    photo = made_fit(photo) if photo is not None else None
    person = Person.objects.select_for_update(of=("self",)).get(pk=application.person_id)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("batch", "person", "applicant", "line__scope_row__occupation", "line__level", "condition")
        .get(pk=application.pk)
    )
    require_correctable(application)
    if not reason.strip():
        raise Refused("更正已审核的考生信息须写明原因", CLAUSE)
    applicant = application.applicant
    before = {problem.text for problem in application_problems(application)}
    ctx.note = f"{applicant.name}（{applicant.id_masked}）"
    ctx.note += put_right(applicant, changes, CORRECTABLE_OF_APPLICANTS, reason, photo)
    put_right(person, changes, CORRECTABLE_OF_APPLICANTS, reason, photo)
    new = [problem for problem in application_problems(application) if problem.text not in before]
    if new:
        raise Refused(f"更正后不符合申报条件：{'；'.join(p.text for p in new)}", clauses_of(new))
    applicant.save()
    person.save()
    ctx.note += untie_if_renamed(ctx, person)
    ctx.record(applicant, person)
    follow(ctx, [person])
    if photo is not None:
        files.keep(photo)
    return application


def put_right(
    row: Person | Applicant,
    changes: Mapping[str, Any],
    allowed: tuple[str, ...],
    reason: str,
    photo: bytes | None = None,
) -> str:
    """Change the row as it stands in memory; before and after in words."""
    problems = list(_problems(changes, allowed, photo))
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    said = [_said(row, name, value) for name, value in changes.items() if getattr(row, name) != value]
    for name, value in changes.items():
        setattr(row, name, value)
    if "name" in changes:
        row.sort_key = sort_key(row.name)
    if photo is not None:
        said.append("照片（已更换）")
        give_photo(row, files.digest_of(photo))
    return "；".join(said or ["没有改动"]) + (f"；原因：{reason.strip()}" if reason.strip() else "")


def _problems(changes: Mapping[str, Any], allowed: tuple[str, ...], photo: bytes | None) -> Iterator[str]:
    stray = sorted(set(changes) - set(allowed))
    if stray:
        yield f"不能更正：{'、'.join(stray)}"
    wrong = name_problem(changes["name"]) if "name" in changes else None
    if wrong:
        yield wrong
    wrong = photo_problem(photo) if photo is not None else None
    if wrong:
        yield wrong


def _said(row: Person | Applicant, name: str, value: Any) -> str:
    title = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    if name in PRIVATE:
        return f"{title}（已更正）"
    before, after = (_in_words(name, one) for one in (getattr(row, name), value))
    return f"{title} {before} → {after}"


def _in_words(name: str, value: Any) -> str:
    if value in (None, ""):
        return "空"
    return mask(value) if name == "phone" else str(value)
