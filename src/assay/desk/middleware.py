"""Whoever was given a password by somebody else chooses an own one before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assay.centre.models import Account

_STILL_OPEN = frozenset({"desk:password", "desk:sign_out"})


class OwnPasswordFirst:
    """Sends an account marked `must_change_password` to the page where it is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        waiting = isinstance(request.user, Account) and request.user.must_change_password
        match = request.resolver_match
        if waiting and match is not None and match.view_name not in _STILL_OPEN:
            return redirect("desk:password")
        return None
