"""What later rooms made of an application that is taken back: they say beforehand what goes with it, and take it back themselves.

A later room registers both: the arrangement, say, has given a seat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assay.applications.models import Application
from assay.kernel.acts import Context

Foretell = Callable[[Application], str]
"""What goes with it, in Chinese; '' when nothing does."""
TakeBack = Callable[[Context, Sequence[Application]], str]
"""Within the act that takes them back: what went with them, in Chinese; '' when nothing did."""
_known: list[tuple[Foretell, TakeBack]] = []


def add_leaving(foretell: Foretell, take_back: TakeBack) -> None:
    """Register a later room's answer and deed."""
    _known.append((foretell, take_back))


def what_goes_with(application: Application) -> list[str]:
    """Everything that later rooms made of it."""
    return [said for foretell, _ in _known if (said := foretell(application))]


def take_back_with(ctx: Context, applications: Sequence[Application]) -> list[str]:
    """Everything that went with them."""
    return [said for _, take_back in _known if (said := take_back(ctx, applications))]
