"""What later rooms have made of an application, so that what it says of its person is no longer put right here.

A later room registers how to tell: a certificate, once numbered, has its own copy and a correction of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from assay.applications.models import Application

Resting = Callable[[Application], str | None]
"""Why nothing of the application's applicant may be put right any more, in Chinese; None when nothing rests on it."""
_known: list[Resting] = []


def add_resting(tell: Resting) -> None:
    """Register a later room's answer."""
    _known.append(tell)


def what_rests_on(application: Application) -> str | None:
    """The first reason of any room."""
    return next((said for tell in _known if (said := tell(application))), None)
