"""The roster that is stored, with the roster's own headings: to be corrected in Excel and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from assay.applications.models import ENDED, UNDECIDED, Application
from assay.applications.roster_template import template
from assay.batches.models import Batch

Values = dict[str, str | date | int]


def rows_of(batch: Batch, department: int | None) -> QuerySet[Application]:
    """The applications that count, of one department or of all."""
    rows = Application.objects.filter(batch=batch).exclude(state__in=ENDED)
    return rows if department is None else rows.filter(department=department)


def batches_with_rows(department: int | None) -> set[int]:
    """Of which batches a roster can be taken along."""
    rows = Application.objects.filter(state__in=UNDECIDED)
    own = rows if department is None else rows.filter(department=department)
    return set(own.values_list("batch", flat=True).distinct())


def roster_file(batch: Batch, department: int | None) -> tuple[bytes, int]:
    """The workbook and how many rows it has. Whoever is past the first review is left out and counted in its notes: what is decided no
    roster changes, and a file with such a row would not come in again."""
    rows = rows_of(batch, department)
    open_ones = rows.filter(state__in=UNDECIDED).select_related(
        "applicant__department", "applicant__major", "line__scope_row__occupation", "line__level", "condition"
    )
    found = [
        _values(application) for application in open_ones.order_by("applicant__class_name", "applicant__sort_key", "pk")
    ]
    return template(batch, found, left_out=rows.exclude(state__in=UNDECIDED).count()), len(found)


def _values(application: Application) -> Values:
    """What the roster would say of one application, by heading."""
    said, row = application.applicant, application.line.scope_row
    values: Values = {
        "name": said.name, "id_type": said.get_id_type_display(), "id_number": said.id_number, "sex": said.sex,
        "ethnic": said.ethnic, "education": said.education, "phone": said.phone, "source": said.get_source_display(),
        "department": said.department.name if said.department else "", "major": said.major.name if said.major else "",
        "class_name": said.class_name, "student_no": said.student_no, "occupation_code": row.occupation.code,
        "occupation": row.occupation.name, "job": row.job, "level": str(application.line.level),
        "condition": application.condition.code if application.condition else "",
        "theory": application.get_theory_display(), "skill": application.get_skill_display(),
        "work_years": application.work_years, "prior_certificate": application.prior_certificate,
    }  # fmt: skip
    return {**values, **dict(_dates(application)), **_route_facts(application)}


def _dates(application: Application) -> Iterator[tuple[str, date]]:
    for key in ("birth", "enrolled_on", "graduates_on"):
        day: date | None = getattr(application.applicant, key)
        if day is not None:
            yield key, day


def _route_facts(application: Application) -> Values:
    facts = application.route_facts
    courses = "；".join(f"{one['name']}={one['mark']}" for one in facts.get("courses", []))
    said = {
        "x_certificate": facts.get("certificate"), "x_level": facts.get("certificate_level"), "x_number": facts.get("number"),
        "courses": courses, "contest": facts.get("contest"), "rank": facts.get("rank"), "score": facts.get("score"),
    }  # fmt: skip
    return {key: str(value) for key, value in said.items() if value}
