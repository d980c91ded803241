"""Mending what was returned, or was never handed in: what is said of the person and what is applied for, handed in as one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.applications.acts.applying import OPEN_STATES, Entry, require_open_for, submit
from assay.applications.acts.correcting import correctable_by, put_right, require_undecided_over
from assay.applications.applicants import follow, hold_applications
from assay.applications.attachments import Upload
from assay.applications.models import Application, Person
from assay.applications.ownership import require_own
from assay.applications.vouching import untie_if_renamed
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.photos import made_fit
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)2"
OF_ROSTERS = ("birth", "source")
"""What a roster says beside what may be corrected at any time; the ID number is the person."""


def mendable_by(actor: Actor) -> tuple[str, ...]:
    """What of a person the actor may put right while mending an application."""
    return (*correctable_by(actor), *OF_ROSTERS)


def require_mendable(application: Application) -> None:
    """Raises Refused unless the application was returned or is a draft, and its batch takes it."""
    if application.state not in OPEN_STATES:
        raise Refused(f"该报名现为“{application.get_state_display()}”：退回补正的和草稿才能补正后重新提交", CLAUSE)
    require_open_for(application.batch, application)


def require_own_applicant(actor: Actor, application: Application) -> None:
    """Raises Refused unless the applicant is one whom the actor acts for."""
    require_own(actor, application.person)


@act(
    "applications.mend", duty=("R1", "E5"), title="补正并提交报名", clause="四(一)2", guard=require_mendable,
    for_whom=require_own_applicant,
)  # fmt: skip
def mend(
    ctx: Context,
    application: Application,
    *,
    changes: Mapping[str, Any],
    entry: Entry,
    photo: bytes | None = None,
    evidence: Sequence[Upload] = (),
    reason: str = "",
) -> Application:
    """Put right whatever was given, and hand the application in. What is still wrong is said at once, and nothing has changed."""
    batch = held(application.batch)
    person = (
        Person.objects.select_for_update(of=("self",))
        .select_related("major", "department")
        .get(pk=application.person_id)
    )
    hold_applications(person)
    application = Application.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=application.pk)
    application.batch, application.person = batch, person
    require_own_applicant(ctx.actor, application)
    require_mendable(application)
    if entry.line.batch_id != batch.pk:
        raise Refused(f"本批次不开展 {entry.line}", CLAUSE)
    if changes:
        require_undecided_over(person)
    renamed = changes.get("name", person.name) != person.name
    if renamed and not reason.strip():
        raise Refused("更正姓名须写明原因", CLAUSE)
    fit = made_fit(photo) if photo is not None else None
    ctx.note = put_right(person, changes, mendable_by(ctx.actor), reason, fit)
    person.save()
    if renamed:
        ctx.note += untie_if_renamed(ctx, person)
    submit(ctx, application, entry, person, fit, evidence)
    ctx.record(person)
    follow(ctx, [person], but=[application])
    return application
