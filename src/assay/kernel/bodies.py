"""How much a request may bring. A view that takes files says so beside its access: `@takes(UPLOAD)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., Any])

MB = 1024 * 1024
USUAL = 2 * MB
"""A form, the longest too: five thousand rows ticked at once are a tenth of it."""
PAPERS = 12 * MB
"""A paper as large as `files` keeps one, and a picture."""
TABLE = 32 * MB
"""A workbook as large as `tables` opens one."""


def takes(size: int) -> Callable[[View], View]:
    """Requests of so many bytes may come in here, from whoever is signed in."""

    def declare(view: View) -> View:
        view.takes = size  # type: ignore[attr-defined]
        return view

    return declare


def taken_at(path: str) -> int:
    """How many bytes a request to this address of ours may bring."""
    try:
        return int(getattr(resolve(path).func, "takes", USUAL))
    except Resolver404:
        return USUAL
