"""What the rows of a roster change of people and applications that are stored, and whether somebody had put it right by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.utils.timezone import localtime

from assay.applications.models import ENDED, UNDECIDED, Applicant, Application, Person
from assay.applications.parts import HOWS
from assay.applications.people import mask_phone, person_index
from assay.applications.roster_rows import HEADINGS, RosterRow
from assay.applications.sources import title as source_title
from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.catalogue.models import Major
from assay.centre.models import Department
from assay.kernel import files
from assay.kernel.models import LedgerEntry, LedgerLine

IMPORT = "applications.import_roster"
CHUNK = 500
_TITLES = {heading.key: heading.title for heading in HEADINGS} | {"photo": "照片"}
_PERSON = {
    "name": "name", "sex": "sex", "birth": "birth", "ethnic": "ethnic", "education": "education", "phone": "phone",
    "source": "source", "department_id": "department", "major_id": "major", "class_name": "class_name",
    "student_no": "student_no", "enrolled_on": "enrolled_on", "graduates_on": "graduates_on",
}  # fmt: skip
"""Columns of a person that a roster may change, with the heading's key, which is the field's name as well."""
_ROUTE_KEYS: Mapping[str, str] = {Route.DIRECT: "x_certificate", Route.PROCESS: "courses", Route.CONTEST: "contest"}
_FACTS = {
    "certificate": "证书", "certificate_level": "等级", "number": "编号", "contest": "竞赛", "rank": "名次", "score": "成绩",
}  # fmt: skip

Key = TypeVar("Key")


@dataclass(frozen=True)
class Change:
    """One value that a row says otherwise. `corrected`: who put the stored one right by hand, and when; '' when nobody did."""

    key: str
    field: str
    before: str
    after: str
    corrected: str = ""

    def __str__(self) -> str:
        return f"{_TITLES[self.key]} {self.before} → {self.after}"

    @property
    def objection(self) -> str:
        """Why the row may not say so without consent."""
        said = f"名册为“{self.after}”，系统中为“{self.before}”，由{self.corrected}更正"
        return f"{said}：请改正名册，或勾选“名册与已更正的内容不同时，以名册为准”"


def said_of(row: RosterRow, changes: Iterable[Change]) -> str:
    """What changes of whom, in one line."""
    return f"第 {row.number} 行 {row.person.name}：{'，'.join(map(str, changes))}"


def in_parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """As many at a time as a query takes."""
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def stored(batch: Batch, rows: Sequence[RosterRow]) -> tuple[dict[str, Person], dict[int, Application]]:
    """The people of the rows who are known, by index, and their applications in the batch that count, by person."""
    people: dict[str, Person] = {}
    live: dict[int, Application] = {}
    for part in in_parts([person_index(r.person.id_type, r.person.id_number) for r in rows]):
        people |= {p.id_index: p for p in Person.objects.select_related("account").filter(id_index__in=part)}
        counting = Application.objects.filter(batch=batch, person__id_index__in=part).exclude(state__in=ENDED)
        related = counting.select_related(
            "applicant", "batch", "condition", "line__scope_row__occupation", "line__level"
        )
        live |= {application.person_id: application for application in related}
    return people, live


def changes_of(
    rows: Sequence[RosterRow], people: Mapping[str, Person], live: Mapping[int, Application]
) -> list[list[Change]]:
    """Of each row what it changes of what is stored. What is decided no roster changes; what a row leaves empty of a person it
    does not say."""
    known = [people.get(person_index(row.person.id_type, row.person.id_number)) for row in rows]
    standing = [live.get(person.pk) if person is not None and person.pk is not None else None for person in known]
    words = _Words()
    of_persons = [
        list(words.of_person(r, p)) if p and p.pk is not None else [] for r, p in zip(rows, known, strict=True)
    ]
    of_applications = [
        list(words.of_application(row, application)) if application and application.state in UNDECIDED else []
        for row, application in zip(rows, standing, strict=True)
    ]
    _who_corrected(known, of_persons)
    _who_corrected(standing, of_applications)
    return [
        [replace(change, corrected="") for change in both]
        if person and any(change.corrected for change in both) and _unvouched(person)
        else both
        for person, both in zip(known, map(list.__add__, of_persons, of_applications), strict=True)
    ]


def differences(
    rows: Sequence[RosterRow], people: Mapping[str, Person], live: Mapping[int, Application]
) -> list[list[Change]]:
    """Of each row of an application that was decided over what it says otherwise than what was decided."""
    words = _Words() if rows else None
    found: list[list[Change]] = []
    for row in rows:
        person = people.get(person_index(row.person.id_type, row.person.id_number))
        application = live.get(person.pk) if person is not None else None
        if words is None or application is None:
            found.append([])
            continue
        found.append([*words.of_person(row, application.applicant), *words.of_application(row, application)])
    return found


def _unvouched(person: Person) -> bool:
    """Whoever made the account by himself also put that in: there the roster is believed (`vouching`)."""
    return person.account is not None and not person.account.vouched


class _Words:
    """Values in words; names of departments and majors are read once."""

    def __init__(self) -> None:
        self._departments = dict(Department.objects.values_list("pk", "name"))
        self._majors = dict(Major.objects.values_list("pk", "name"))

    def of_person(self, row: RosterRow, person: Person | Applicant) -> Iterator[Change]:
        said = row.person.columns()
        for column, key in _PERSON.items():
            before, after = getattr(person, column), said[column]
            if after not in (None, "") and after != before:
                yield Change(key, key, self._in_words(key, before), self._in_words(key, after))
        if row.photo is not None and files.digest_of(row.photo) != person.photo_id:
            yield Change("photo", "photo", "原照片" if person.photo_id else "空", "压缩包里的照片")

    def of_application(self, row: RosterRow, application: Application) -> Iterator[Change]:
        if row.line.pk != application.line_id:
            yield Change("job", "line", str(application.line), str(row.line))
        route = application.batch.route
        if route != Route.EXAM:
            if row.route_facts != application.route_facts:
                before, after = _facts(application.route_facts), _facts(row.route_facts)
                yield Change(_ROUTE_KEYS[route], "route_facts", before, after)
            return
        if (row.condition.pk if row.condition else None) != application.condition_id:
            before, after = (c.code if c else "空" for c in (application.condition, row.condition))
            yield Change("condition", "condition", before, after)
        for key in ("theory", "skill", "work_years", "prior_certificate"):
            values = getattr(application, key), getattr(row, key)
            if values[0] != values[1]:
                yield Change(key, key, *(self._in_words(key, value) for value in values))

    def _in_words(self, key: str, value: Any) -> str:
        if value in (None, ""):
            return "空"
        match key:
            case "phone":
                return mask_phone(value)
            case "department":
                return self._departments.get(value, str(value))
            case "major":
                return self._majors.get(value, str(value))
            case "source":
                return source_title(value)
            case "theory" | "skill":
                return HOWS.get(value, value)
        return str(value)


def _facts(facts: Mapping[str, Any]) -> str:
    """What the routes without an exam rest on, as a roster writes it."""
    courses = [f"{course.get('name')}={course.get('mark')}" for course in facts.get("courses", [])]
    others = [f"{title} {facts[name]}" for name, title in _FACTS.items() if facts.get(name)]
    return "；".join([*courses, *others]) or "空"


def _who_corrected(rows: Sequence[Person | Application | None], changes: list[list[Change]]) -> None:
    """Say of each change who put the stored value right, as far as the ledger knows of an act that is no import."""
    changed = {str(row.pk): row for row, some in zip(rows, changes, strict=True) if row is not None and some}
    lines: dict[str, list[tuple[int, dict[str, Any] | None]]] = {}
    for part in in_parts(list(changed)):
        subject = changed[part[0]].subject()
        found = LedgerLine.objects.filter(subject=subject, subject_id__in=part).order_by("entry_id", "position")
        for pk, seq, facts in found.values_list("subject_id", "entry_id", "facts"):
            lines.setdefault(pk, []).append((seq, facts))
    setters = [
        [_set_by(row, change.field, lines.get(str(row.pk), [])) if row else None for change in some]
        for row, some in zip(rows, changes, strict=True)
    ]
    hands = _by_hand({seq for some in setters for seq in some if seq is not None})
    for some, seqs in zip(changes, setters, strict=True):
        some[:] = [replace(change, corrected=hands.get(seq or 0, "")) for change, seq in zip(some, seqs, strict=True)]


def _set_by(row: Person | Application, name: str, lines: Sequence[tuple[int, dict[str, Any] | None]]) -> int | None:
    """The entry in which the value became what it is; None when it is what was first said of the row, which corrects nothing."""
    fact = name if name in row.FACTS else f"#{name}"
    since: int | None = None
    for seq, facts in reversed(lines):
        if facts is None:
            return since
        if fact in facts:
            if row.fact(fact, facts[fact]) != facts[fact]:
                return since
            since = seq
    return None


def _by_hand(entries: Iterable[int]) -> dict[int, str]:
    """Of those entries that are no import, who acted and when."""
    found: dict[int, str] = {}
    for part in in_parts(sorted(entries)):
        acts = LedgerEntry.objects.filter(seq__in=part).exclude(act=IMPORT)
        for seq, name, at in acts.values_list("seq", "actor_name", "at"):
            found[seq] = f" {name} 于 {localtime(at):%Y-%m-%d %H:%M} "
    return found
