"""Reads of the bank that other rooms use."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from assay.bank.models import Item, Paper, Specification
from assay.catalogue.models import Level, ScopeRow
from assay.kernel.acts import Actor

UNDER_REVIEW = ["first_review", "second_review"]


def specification_for(row: ScopeRow, level: Level) -> Specification | None:
    """The specification of a job at a level: its own, else its occupation's."""
    found = Specification.objects.filter(occupation=row.occupation, level=level)
    return found.filter(job=row.job).first() or found.filter(job="").first()


def sealed_papers(specification: Specification) -> list[Paper]:
    """Papers of a specification that are sealed and not void: those that nobody has sat yet, newest first; when there are none
    of them, those that were sat."""
    found = list(specification.papers.filter(state="sealed").order_by("-pk"))
    return [paper for paper in found if paper.released_at is None] or found


def visible_to(who: Actor, items: QuerySet[Item]) -> QuerySet[Item]:
    """The items that somebody may see: the experts' head all, an expert the own ones and those under review."""
    if who.holds("X4"):
        return items
    if who.holds("R4"):
        return items.filter(Q(author=who.account_id, state__in=["draft", *UNDER_REVIEW]) | Q(state__in=UNDER_REVIEW))
    return items.none()


def on_a_closed_paper(item: Item) -> bool:
    """Whether an item stands on a paper that is sealed and was not yet sat: then nobody sees it."""
    return item.entries.filter(paper__state="sealed", paper__released_at=None).exists()
