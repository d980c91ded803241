"""The results of a batch in the form in which they are sent up (docs/provincial-api.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce

from assay.applications.parts import LeftOut
from assay.batches.models import Batch
from assay.results.models import ResultReport, ScoreCheck

LEFT_OUT: dict[str, str] = {LeftOut.KEPT: "kept", LeftOut.EXEMPTION: "exempt"}
"""How the province is told of a part that was not sat: on an earlier pass, whose mark goes up, or without any mark."""


def corrections_to_send(batch: Batch) -> int:
    """Marks that a score check corrected after the results were last sent up."""
    last = batch.result_reports.order_by("-version").first()
    corrected = ScoreCheck.objects.filter(result__batch=batch, state=ScoreCheck.State.CORRECTED)
    # Before a second person had to confirm, an answer was in force at once.
    corrected = corrected.annotate(since=Coalesce("confirmed_at", "answered_at"))
    return (corrected.filter(since__gt=last.sent_at) if last else corrected).count()


def may_go_up(batch: Batch, last: ResultReport | None) -> bool:
    """Whether the results may be sent up now: for the first time, after a return, or after a check corrected any."""
    return (
        last is None
        or last.state == ResultReport.State.RETURNED
        or (last.state == ResultReport.State.APPROVED and corrections_to_send(batch) > 0)
    )


def report_rows(batch: Batch) -> list[dict[str, Any]]:
    """One row a result; marks as text, null where there is none."""
    results = batch.results.select_related(
        "application__applicant",
        "application__line__scope_row__occupation",
        "application__line__level",
        "application__ticket",
    ).order_by("application_id")
    rows = []
    for result in results.iterator(chunk_size=2000):
        application = result.application
        applicant, row = application.applicant, application.line.scope_row
        rows.append(
            {
                "ticket_no": application.ticket.number if hasattr(application, "ticket") else None,
                "name": applicant.name,
                "id_type": applicant.get_id_type_display(),
                "id_number": applicant.id_number,
                "occupation": row.occupation.name,
                "job": row.job or None,
                "level": application.line.level.code,
                "theory": _text(result.theory),
                "theory_absent": result.theory_absent,
                "skill": _text(result.skill),
                "skill_absent": result.skill_absent,
                "review": _text(result.review),
                "review_absent": result.review_absent,
                "outcome": result.outcome,
                **{
                    f"{part}_left_out": LEFT_OUT[said["kind"]]
                    for part, said in sorted(result.basis.items())
                    if said["kind"] in LEFT_OUT
                },
            }
        )
    return rows


def _text(mark: Decimal | None) -> str | None:
    return None if mark is None else str(mark)
