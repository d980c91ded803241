"""Putting an application's parts together from the theory sheet and the panel sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from assay.applications.eligibility import Terms, day_of_exam, parts_taken, terms
from assay.applications.history import History, histories
from assay.applications.models import Application
from assay.applications.parts import How, LeftOut, left_out_by, parts_of
from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.catalogue.parts import Part
from assay.exam.models import TheorySheet
from assay.marking.models import PanelSheet
from assay.results.models import Result
from assay.results.rules import Outcome, TakenPart, outcome


def compose(batch: Batch) -> Iterator[tuple[Application, dict[str, Any]]]:
    """For each approved application the column values of its Result. Other routes than the exam have no marks:
    what their review approved is the outcome (work plan §四(二)-(四))."""
    applications = (
        Application.objects.approved()
        .filter(batch=batch)
        .select_related("line__level", "applicant", "person", "batch")
        .order_by("pk")
    )
    if batch.route != Route.EXAM:
        for application in applications:
            yield application, {"outcome": Outcome.PASS}
        return
    in_force = terms()
    former = dict(Result.objects.filter(batch=batch).values_list("application", "basis"))
    theory = {s.application_id: s for s in TheorySheet.objects.filter(application__batch=batch)}
    panels = {(s.application_id, s.part): s for s in PanelSheet.objects.filter(application__batch=batch)}
    rows = applications.iterator(chunk_size=2000)
    while some := list(islice(rows, 2000)):
        for application, history in zip(some, histories(some), strict=True):
            values: dict[str, Any] = {"basis": {}}
            for one in Part:
                sheet = theory.get(application.pk) if one == Part.THEORY else panels.get((application.pk, one))
                values[one], values[f"{one}_absent"] = (sheet.mark, sheet.absent) if sheet else (None, False)
            for part, how in parts_taken(application).items():
                if how == How.EXEMPT:
                    _leave_out(part, values, application, history, in_force)
                    if part not in values["basis"] and is_lapsed(former.get(application.pk, {}).get(part)):
                        values["basis"][part] = former[application.pk][part]
                        values[f"{part}_absent"] = True
            values["outcome"] = outcome(_parts(application, values), in_force.pass_mark)
            yield application, values


def _leave_out(part: str, values: dict[str, Any], application: Application, history: History, terms: Terms) -> None:
    """What a part is left out on, sought anew: nothing that the application says is trusted. Left out on nothing it has neither
    mark nor basis, and the outcome is incomplete."""
    values[part], values[f"{part}_absent"] = None, False
    kind = left_out_by(part, history, day_of_exam(application), terms.pass_mark)
    if kind == LeftOut.KEPT:
        kept = history.passes[part]
        values[part] = kept.mark
        values["basis"][part] = {
            "kind": LeftOut.KEPT, "result": kept.result, "mark": str(kept.mark), "on": kept.on.isoformat()
        }  # fmt: skip
    elif kind == LeftOut.EXEMPTION:
        exemption = history.exemptions[part]
        values["basis"][part] = {"kind": LeftOut.EXEMPTION, "exemption": exemption.pk, "number": exemption.number}


def is_lapsed(basis: Mapping[str, Any] | None) -> bool:
    """Whether it was decided that a part was left out on nothing: it counts as missed."""
    return basis is not None and basis["kind"] == LeftOut.LAPSED


def _parts(application: Application, values: Mapping[str, Any]) -> list[TakenPart]:
    basis = values["basis"]
    return [
        TakenPart(values[part], values[f"{part}_absent"], required=basis.get(part, {}).get("kind") != LeftOut.EXEMPTION)
        for part in parts_of(application.line.level.needs_review)
    ]


def outcome_of(result: Result) -> Outcome:
    """The outcome anew, after a mark was corrected."""
    values = {name: getattr(result, name) for part in Part for name in (part, f"{part}_absent")}
    return outcome(_parts(result.application, {**values, "basis": result.basis}), terms().pass_mark)
