"""Importing a checked roster: all its rows in one act, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assay.applications.acts.applying import APPLY, OPEN_STATES, require_open
from assay.applications.applicants import follow, give_photo
from assay.applications.eligibility import HELD, OF_EARLIER_ASSESSMENTS, Problem, problems_of
from assay.applications.known import known_persons, objections
from assay.applications.models import ENDED, IDENTITY, UNDECIDED, Applicant, Application, Person
from assay.applications.ownership import department_of
from assay.applications.people import person_index
from assay.applications.roster_changes import Change, changes_of, in_parts, said_of
from assay.applications.roster_rows import RosterRow
from assay.applications.vouching import untie_if_doubted
from assay.batches.models import Batch
from assay.catalogue.models import Major
from assay.kernel import files
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.inserting import insert_rows
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

MEND = "改正名册后重新导入，或由考生本人登录补正"
MEND_HERE = "点“补正并提交”改正后提交，或由考生本人登录补正"
CENTRE_FIRST = "已持证的，须先由认定中心在该报名页面写明理由同意再次认定，再重新导入名册或由本人登录提交"
AGREE_FIRST = "已持证的，先在本页写明理由同意再次认定，再由院系重新导入名册或由考生本人登录提交"
SHOWN_PROBLEMS = 20


@dataclass(frozen=True)
class Imported:
    """How many people were new, brought up to date, or as they were; how many applications. `drafts` lack something and say what,
    `how_to_go_on` leads from there to applications that are handed in; `changes` says what is otherwise now, of whom."""

    people_new: int
    people_updated: int
    applications: int
    drafts: list[str]
    how_to_go_on: str = ""
    people_unchanged: int = 0
    changes: list[str] = field(default_factory=list)


@act("applications.import_roster", duty=("R1", "E5"), title="导入报名名册", clause="四(一)2")
def import_roster(
    ctx: Context, *, batch: Batch, rows: Sequence[RosterRow], pledged: bool = True, overwrite: bool = False
) -> Imported:
    """Write every row: the person, the photo, the application, handed in when nothing is missing. Importing the same
    people again brings them up to date and never doubles them; what somebody put right by hand is written over only where that is
    meant (`overwrite`)."""
    batch = held(batch)
    require_open(batch)
    if not rows:
        raise Refused("名册里没有可导入的行", APPLY)
    people = _people(rows)
    live = _live(batch, people)
    _require_importable(rows, people, live, department_of(ctx.actor))
    changes = changes_of(rows, people, live)
    if not overwrite:
        _require_corrections_kept(rows, changes)
    for person, row in zip(people.values(), rows, strict=True):
        untie_if_doubted(ctx, person, row.person)
    known = {index for index, person in people.items() if person.pk is not None}
    changed = [person for person, row in zip(people.values(), rows, strict=True) if _merge(person, row)]
    made, lacking = _applications(ctx, batch, rows, people, live, pledged)
    _write(people, changed, made)
    ctx.record_all(changed)
    ctx.record_all(application.applicant for application in made)
    ctx.record_all(made)
    follow(ctx, [person for person in changed if person.id_index in known], but=made)
    files.keep_all(row.photo for row in rows if row.photo is not None)
    drafts = [_draft(row, problems) for row, problems in lacking]
    hint = how_to_go_on([problem for _, problems in lacking for problem in problems]) if lacking else ""
    told = [said_of(row, some) for row, some in zip(rows, changes, strict=True) if some]
    new, unchanged = len(people) - len(known), len(known) - len(told)
    return Imported(new, len(told), len(made), drafts, hint, unchanged, told)


def how_to_go_on(
    problems: Sequence[Problem],
    state: str = Application.State.DRAFT,
    *,
    imports: bool = True,
    agrees: bool = False,
    mends: bool = False,
) -> str:
    """What leads from a draft, or one that was given back, with these problems to an application that is handed in. Over a
    certificate in force no roster helps and no candidate: the centre has to agree first. `imports`: the reader may bring in a roster;
    `agrees`: the reader is who agrees, and `mends`: who mends the application, and reads it where that is done."""
    department = "" if imports else "由院系"
    if not problems:
        if mends:
            by = "按退回原因补正后，" if state == Application.State.RETURNED else "不缺什么了："
            return f"{by}点“补正并提交”，或由考生本人登录提交。"
        if state == Application.State.RETURNED:
            return f"按退回原因补正后，由考生本人登录重新提交，或{department}改正名册（连同照片）后重新导入。"
        again = "请重新导入名册（在本页更正过的，名册里也要改）" if imports else "由院系重新导入名册"
        return f"不缺什么了：{again}，或由考生本人登录提交。"
    clauses = {problem.clause for problem in problems}
    steps = [MEND_HERE if mends else f"{department}{MEND}"] if clauses - {HELD} else []
    return "；".join([*steps, AGREE_FIRST if agrees else CENTRE_FIRST] if HELD in clauses else steps) + "。"


def _people(rows: Sequence[RosterRow]) -> dict[str, Person]:
    """Who the rows are, by index and in their order: known persons as they stand, locked; new ones still empty."""
    indexes = [person_index(row.person.id_type, row.person.id_number) for row in rows]
    found: dict[str, Person] = {}
    locked = Person.objects.select_for_update(of=("self",)).select_related("account")
    for part in in_parts(indexes):
        found |= {p.id_index: p for p in locked.filter(id_index__in=part)}
    return {index: found.get(index) or Person() for index in indexes}


def _live(batch: Batch, people: dict[str, Person]) -> dict[int, Application]:
    """The applications in the batch that count, by person. All that count of these people are locked, those of other batches
    too: what a roster may say of somebody rests on who was admitted."""
    found: dict[int, Application] = {}
    for part in in_parts([person.pk for person in people.values() if person.pk is not None]):
        count = Application.objects.filter(person__in=part).exclude(state__in=ENDED).order_by("pk")
        list(count.select_for_update().values_list("pk"))
        related = ("applicant", "batch", "condition", "line__scope_row__occupation", "line__level")
        found |= {row.person_id: row for row in count.filter(batch=batch).select_related(*related)}
    return found


def _require_importable(
    rows: Sequence[RosterRow], people: dict[str, Person], live: dict[int, Application], own: int | None
) -> None:
    """What the check found of persons known and of applications decided, once more, on the locked rows."""
    problems: list[str] = []
    for part in in_parts(list(zip(rows, people, strict=True))):
        known = known_persons([index for _, index in part])
        for row, index in part:
            photo = files.digest_of(row.photo) if row.photo is not None else None
            said = [reason for _, reason in objections(row.person, photo, known.get(index), own)]
            application = live.get(people[index].pk)
            if application is not None and application.state not in UNDECIDED:
                said.append(f"在本批次已有报名（{application.get_state_display()}）")
            problems += [f"第 {row.number} 行 {row.person.name}：{reason}" for reason in said]
    _refuse(problems)


def _require_corrections_kept(rows: Sequence[RosterRow], changes: Sequence[Sequence[Change]]) -> None:
    """What was put right by hand since the check counts as well."""
    _refuse(
        [
            f"第 {row.number} 行 {row.person.name}：{change}，{change.objection}"
            for row, some in zip(rows, changes, strict=True)
            for change in some
            if change.corrected
        ]
    )


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = f"……共 {len(problems)} 处" if len(problems) > SHOWN_PROBLEMS else ""
        raise Refused("；".join(problems[:SHOWN_PROBLEMS]) + more, APPLY)


def _merge(person: Person, row: RosterRow) -> bool:
    """Say of the person what the row says; what it leaves empty stays. Whether anything changed."""
    before = {field.attname: getattr(person, field.attname) for field in IDENTITY}
    for name, value in row.person.columns().items():
        if value not in (None, ""):
            setattr(person, name, value)
    if row.photo is not None:
        give_photo(person, files.digest_of(row.photo))
    return any(getattr(person, name) != value for name, value in before.items())


def _applications(
    ctx: Context,
    batch: Batch,
    rows: Sequence[RosterRow],
    people: dict[str, Person],
    live: dict[int, Application],
    pledged: bool,
) -> tuple[list[Application], list[tuple[RosterRow, list[Problem]]]]:
    """What the rows make of the batch's applications, still in memory; which of them are drafts and why."""
    majors = Major.objects.in_bulk()
    made: list[Application] = []
    for row, person in zip(rows, people.values(), strict=True):
        application = live.get(person.pk) or Application()
        _fill(application, row, batch, person, pledged, majors)
        application.entered_by = ctx.actor.name
        made.append(application)
    drafts: list[tuple[RosterRow, list[Problem]]] = []
    for row, application, problems in zip(rows, made, problems_of(made), strict=True):
        if problems:
            application.state = Application.State.DRAFT if application.state not in OPEN_STATES else application.state
            drafts.append((row, problems))
        else:
            application.state, application.reason, application.submitted_at = Application.State.SUBMITTED, "", ctx.at
    return made, drafts


def _write(people: dict[str, Person], changed: Sequence[Person], made: Sequence[Application]) -> None:
    """Persons, then applicants, then the applications that point at both."""
    rewrite([p for p in changed if p.pk is not None], [field.name for field in IDENTITY])
    insert_rows([p for p in people.values() if p.pk is None])
    new = [application for application in made if application.pk is None]
    old = [application for application in made if application.pk is not None]
    insert_rows([application.applicant for application in new])
    for application in new:  # they were made before what they point at had its number
        application.person, application.applicant = application.person, application.applicant
    insert_rows(new)
    rewrite([application.applicant for application in old], [field.name for field in IDENTITY])
    fixed = ("id", "batch", "person", "applicant")
    rewrite(old, [f.name for f in Application._meta.concrete_fields if f.name not in fixed])


def would_be_drafts(
    batch: Batch, rows: Sequence[RosterRow], *, wrong: Sequence[RosterRow] = (), pledged: bool = True
) -> list[str]:
    """What an import of these rows would say of its drafts, without importing anything; of the `wrong` rows, of which the check
    has named the rest, what speaks against them out of earlier assessments."""
    sound = [(row, problems) for row, problems in _lacking(batch, rows, pledged) if problems]
    others = [
        (row, [p for p in problems if p.clause in OF_EARLIER_ASSESSMENTS])
        for row, problems in _lacking(batch, wrong, pledged)
    ]
    found = sorted([*sound, *(one for one in others if one[1])], key=lambda one: one[0].number)
    return [_draft(row, problems) for row, problems in found]


def _lacking(batch: Batch, rows: Sequence[RosterRow], pledged: bool) -> Iterator[tuple[RosterRow, list[Problem]]]:
    """Each row with what its application would lack."""
    majors = Major.objects.in_bulk()
    indexes = [person_index(row.person.id_type, row.person.id_number) for row in rows]
    known = {p.id_index: p for part in in_parts(indexes) for p in Person.objects.filter(id_index__in=part)}
    standing = Application.objects.filter(batch=batch).exclude(state__in=ENDED)
    live = {application.person.id_index: application for application in standing.select_related("person", "applicant")}
    meant = []
    for row, index in zip(rows, indexes, strict=True):
        person = known.get(index) or Person()
        _merge(person, row)
        application = live.get(index) or Application()
        _fill(application, row, batch, person, pledged, majors)
        meant.append(application)
    return zip(rows, problems_of(meant), strict=True)


def _draft(row: RosterRow, problems: Sequence[Problem]) -> str:
    return f"第 {row.number} 行 {row.person.name}：{'；'.join(p.text for p in problems)}"


def _fill(
    application: Application, row: RosterRow, batch: Batch, person: Person, pledged: bool, majors: dict[int, Major]
) -> None:
    if application._state.adding:
        application.applicant = Applicant()
    application.applicant.take(person)
    application.applicant.major = majors.get(person.major_id or 0)
    application.batch, application.person = batch, person
    application.line, application.condition = row.line, row.condition
    application.department_id = row.person.department
    application.theory, application.skill = row.theory, row.skill
    application.work_years, application.prior_certificate = row.work_years, row.prior_certificate
    application.route_facts = row.route_facts
    application.pledged = application.pledged or pledged
