"""Reads of the bank that other rooms use."""

from __future__ import annotations

from assay.bank.models import Paper, Specification
from assay.catalogue.models import Level, ScopeRow


def specification_for(row: ScopeRow, level: Level) -> Specification | None:
    """The specification of a job at a level: its own, else its occupation's."""
    found = Specification.objects.filter(occupation=row.occupation, level=level)
    return found.filter(job=row.job).first() or found.filter(job="").first()


def sealed_papers(specification: Specification) -> list[Paper]:
    """Papers of a specification that are sealed and not void, newest first."""
    return list(specification.papers.filter(state="sealed").order_by("-pk"))
