"""The certificate that an application came to, as its form names it. A later room knows; it registers how many are asked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assay.applications.models import Application

Numbers = Callable[[Sequence[Application]], Mapping[int, str]]
"""Applications → by the key of each that has a certificate, the certificate's number."""
_known: list[Numbers] = []


def add_numbers(tell: Numbers) -> None:
    """Register a later room's answer."""
    _known.append(tell)


def numbers_of(applications: Sequence[Application]) -> Mapping[int, str]:
    """What all rooms know."""
    return {pk: number for tell in _known for pk, number in tell(applications).items()}
