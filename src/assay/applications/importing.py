"""Importing a checked roster: all its rows in one act, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet

from assay.applications.acts import APPLY, OPEN_STATES, require_open
from assay.applications.eligibility import Problem, problems_of
from assay.applications.models import Application, Person
from assay.applications.people import person_index
from assay.applications.roster import RosterRow
from assay.applications.roster_lookup import REPLACEABLE
from assay.batches.models import Batch
from assay.catalogue.models import Major
from assay.kernel import files
from assay.kernel.acts import Context, act
from assay.kernel.models import StoredFile
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

HOW_TO_GO_ON = "改正名册后重新导入，或由考生本人登录补正。"
"""What leads from a draft to an application that is handed in."""


@dataclass(frozen=True)
class Imported:
    """How many people were new or brought up to date, how many applications; `drafts` lack something and say what."""

    people_new: int
    people_updated: int
    applications: int
    drafts: list[str]


@act("applications.import_roster", duty=("R1", "E5"), title="导入报名名册", clause="四(一)2")
def import_roster(ctx: Context, *, batch: Batch, rows: Sequence[RosterRow], pledged: bool = True) -> Imported:
    """Write every row: the person, the photo, the application, handed in when nothing is missing. Importing the same
    people again brings them up to date and never doubles them."""
    require_open(batch)
    if not rows:
        raise Refused("名册里没有可导入的行", APPLY)
    people, new = _people(rows)
    ctx.record_all(people.values())
    made, drafts = _applications(ctx, batch, rows, people, pledged)
    ctx.record_all(made)
    return Imported(new, len(people) - new, len(made), drafts)


def _people(rows: Sequence[RosterRow]) -> tuple[dict[str, Person], int]:
    """Persons by index, saved; and how many of them are new."""
    indexes = [person_index(r.person.id_type, r.person.id_number) for r in rows]
    known: dict[str, Person] = {}
    for start in range(0, len(indexes), 500):
        part = Person.objects.select_for_update().filter(id_index__in=indexes[start : start + 500])
        known |= {p.id_index: p for p in part}
    people: dict[str, Person] = {}
    photos = _kept_photos(rows)
    for row, index in zip(rows, indexes, strict=True):
        person = known.get(index) or Person()
        for name, value in row.person.columns().items():
            setattr(person, name, value)
        if row.photo is not None:
            person.photo = photos[row.person.id_number]
        people[index] = person
    fresh = [p for p in people.values() if p.pk is None]
    Person.objects.bulk_create(fresh, batch_size=300)
    columns = [f.name for f in Person._meta.concrete_fields if f.name not in ("id", "account")]
    rewrite([known[i] for i in known], columns)
    return people, len(fresh)


def _kept_photos(rows: Sequence[RosterRow]) -> dict[str, StoredFile]:
    return {r.person.id_number: files.keep(r.photo) for r in rows if r.photo is not None}


def _applications(
    ctx: Context, batch: Batch, rows: Sequence[RosterRow], people: dict[str, Person], pledged: bool
) -> tuple[list[Application], list[str]]:
    live = {a.person_id: a for a in _live(batch).select_for_update()}
    made: list[Application] = []
    for row in rows:
        person = people[person_index(row.person.id_type, row.person.id_number)]
        application = live.get(person.pk) or Application(batch=batch, person=person)
        if application.pk and application.state not in REPLACEABLE:
            raise Refused(f"{person} 在本批次已有报名（{application.get_state_display()}）", APPLY)
        _fill(application, row, batch, person, pledged)
        application.entered_by = ctx.actor.name
        made.append(application)
    drafts: list[str] = []
    for row, application, problems in zip(rows, made, problems_of(made), strict=True):
        if problems:
            application.state = "draft" if application.state not in OPEN_STATES else application.state
            drafts.append(_draft(row, problems))
        else:
            application.state, application.reason, application.submitted_at = "submitted", "", ctx.at
    Application.objects.bulk_create([a for a in made if a.pk is None], batch_size=300)
    columns = [f.name for f in Application._meta.concrete_fields if f.name not in ("id", "batch", "person")]
    rewrite([a for a in made if a.person_id in live], columns)
    return made, drafts


def would_be_drafts(batch: Batch, rows: Sequence[RosterRow], *, pledged: bool = True) -> list[str]:
    """What an import of these rows would say of its drafts, without importing anything."""
    majors = Major.objects.in_bulk()
    photos = dict(Person.objects.exclude(photo=None).values_list("id_index", "photo_id"))
    live = {application.person.id_index: application for application in _live(batch).select_related("person")}
    meant = []
    for row in rows:
        person = Person(**row.person.columns())
        person.major = majors.get(row.person.major or 0)
        person.photo_id = sha256(row.photo).hexdigest() if row.photo is not None else photos.get(person.id_index)
        application = live.get(person.id_index) or Application()
        _fill(application, row, batch, person, pledged)
        meant.append(application)
    return [_draft(row, problems) for row, problems in zip(rows, problems_of(meant), strict=True) if problems]


def _live(batch: Batch) -> QuerySet[Application]:
    """The applications of a batch that a roster may bring up to date."""
    return Application.objects.filter(batch=batch).exclude(state__in=["withdrawn", "rejected"])


def _draft(row: RosterRow, problems: Sequence[Problem]) -> str:
    return f"第 {row.number} 行 {row.person.name}：{'；'.join(p.text for p in problems)}"


def _fill(application: Application, row: RosterRow, batch: Batch, person: Person, pledged: bool) -> None:
    application.batch, application.person = batch, person
    application.line, application.condition = row.line, row.condition
    application.department_id = row.person.department
    application.theory, application.skill = row.theory, row.skill
    application.work_years, application.prior_certificate = row.work_years, row.prior_certificate
    application.route_facts = row.route_facts
    application.pledged = application.pledged or pledged
