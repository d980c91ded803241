"""Putting an application's parts together from the theory sheet and the panel sheets."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.centre import parameters
from assay.exam.models import TheorySheet
from assay.marking.models import PanelSheet
from assay.results.models import Result
from assay.results.rules import Part, outcome


def compose(batch: Batch) -> Iterator[tuple[Application, dict[str, Any]]]:
    """For each approved application the column values of its Result. Other routes than the exam have no marks:
    what their review approved is the outcome (work plan §四(二)-(四))."""
    applications = (
        Application.objects.filter(batch=batch, state="approved")
        .select_related("line__level", "applicant")
        .order_by("pk")
    )
    if batch.route != "exam":
        for application in applications:
            yield application, {"outcome": "pass"}
        return
    pass_mark = parameters.decimal("results.pass_mark")
    theory = {s.application_id: s for s in TheorySheet.objects.filter(application__batch=batch)}
    panels = {(s.application_id, s.part): s for s in PanelSheet.objects.filter(application__batch=batch)}
    for application in applications.iterator(chunk_size=2000):
        values: dict[str, Any] = {}
        sheet = theory.get(application.pk)
        values["theory"], values["theory_absent"] = (sheet.mark, sheet.absent) if sheet else (None, False)
        for part in ("skill", "review"):
            panel = panels.get((application.pk, part))
            values[part], values[f"{part}_absent"] = (panel.mark, panel.absent) if panel else (None, False)
        values["outcome"] = outcome(_parts(application, values), pass_mark)
        yield application, values


def _parts(application: Application, values: dict[str, Any]) -> list[Part]:
    return [
        Part(values[part], values[f"{part}_absent"], required=requires(application, part))
        for part in ("theory", "skill", "review")
    ]


def requires(application: Application, part: str) -> bool:
    """Whether the application must take the part: not exempt; review from level 2 up."""
    if part == "review" and not application.line.level.needs_review:
        return False
    return getattr(application, part) != "exempt"


def outcome_of(result: Result) -> str:
    """The outcome anew, after a mark was corrected."""
    values = {
        name: getattr(result, name) for part in ("theory", "skill", "review") for name in (part, f"{part}_absent")
    }
    return outcome(_parts(result.application, values), Decimal(parameters.decimal("results.pass_mark")))
