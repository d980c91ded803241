"""`{{ clause|in_full }}`: where a rule stands, and what that clause is about."""

from __future__ import annotations

from django import template

from assay.kernel import clauses

register = template.Library()


@register.filter
def in_full(citation: str) -> str:
    """See `kernel.clauses.in_full`."""
    return clauses.in_full(citation)
