"""`{{ clause|in_full }}`: where a rule stands, and what that clause is about; `{{ text|cited }}`: a text that cites clauses;
`{{ clause|place }}`: only where it stands. All by the basis of the centre."""

from __future__ import annotations

from django import template

from assay.kernel import citing
from assay.kernel.refusals import Refused

register = template.Library()


@register.filter
def in_full(citation: str) -> str:
    """See `kernel.citing.in_full`."""
    return citing.in_full(citation)


@register.filter
def with_its_basis(refused: Refused) -> str:
    """See `kernel.citing.with_its_basis`."""
    return citing.with_its_basis(refused)


@register.filter
def cited(text: str) -> str:
    """See `kernel.citing.cited`."""
    return citing.cited(text)


@register.filter
def place(clause: str) -> str:
    """See `kernel.citing.place`."""
    return citing.place(clause)
