"""What comes before anything else: an own password for whoever was given one by somebody else, and the second factor of whoever
should have had one by now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assay.centre import second_factor
from assay.centre.actors import actor
from assay.centre.models import Account

_ALWAYS_OPEN = frozenset({"desk:password", "desk:sign_out"})


class _First:
    """Sends whoever still owes something to the page where it is done; `open_pages` stay open meanwhile."""

    page: ClassVar[str]
    open_pages: ClassVar[frozenset[str]]

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        elsewhere = match is not None and match.view_name not in self.open_pages
        if elsewhere and isinstance(request.user, Account) and self.owes(request, request.user):
            return redirect(self.page)
        return None

    def owes(self, request: HttpRequest, account: Account) -> bool:
        raise NotImplementedError


class OwnPasswordFirst(_First):
    """An account marked `must_change_password`."""

    page = "desk:password"
    open_pages = _ALWAYS_OPEN

    def owes(self, request: HttpRequest, account: Account) -> bool:
        return account.must_change_password


class SecondFactorFirst(_First):
    """Somebody whose days without a second factor are over."""

    page = "desk:second_factor"
    open_pages = _ALWAYS_OPEN | {"desk:second_factor"}

    def owes(self, request: HttpRequest, account: Account) -> bool:
        missing = second_factor.missing(account, actor(request).duties, getattr(request, "second_factor_of", None))
        return missing is not None and missing.overdue
