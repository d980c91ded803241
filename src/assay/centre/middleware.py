"""The door: every page says who may open it; a refusal is answered by saying why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assay.centre import open_sessions
from assay.centre.actors import actor
from assay.centre.duties import DUTIES
from assay.centre.models import Account
from assay.centre.refusing import answer, asks_for_a_part
from assay.kernel.access import Access, may_open
from assay.kernel.citing import held
from assay.kernel.expected import given_by
from assay.kernel.refusals import NotAllowed, Refused
from assay.kernel.security_log import Disclosure, note

Next = Callable[[HttpRequest], HttpResponse]
SHUT = (403, 404)
"""How a page says no: of rows that are not for the reader it says that there are none."""


class OneBasis:
    """The basis of the rules is read once for a page, whatever number of clauses it shows."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with held():
            return self.get_response(request)


class Sessions:
    """Whose session is over is nobody any more, and reads why."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Account) and (said := open_sessions.ended(request, request.user)):
            messages.info(request, said)
        return self.get_response(request)


class Door:
    """Denies by default, writes refusals and disclosures to the security log, and turns a Refused raised in a view into a clear
    page (HTTP 403/409/429)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = request.user
        if isinstance(user, Account):
            disclosed: Disclosure | None = getattr(request, "disclosing", None)
            if response.status_code in SHUT and request.resolver_match:
                note(request, "refused", failed=True, what=_shut(request))
            elif disclosed is not None and user.kind == "staff" and response.status_code == 200:
                note(request, disclosed.kind, what=disclosed.what)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        request.disclosing = getattr(view, "discloses", None)  # type: ignore[attr-defined]
        access: Access = getattr(view, "access", Access())
        if request.method == "POST":
            request.seen = given_by(request.POST)  # type: ignore[attr-defined]
        user = request.user
        kind = user.kind if isinstance(user, Account) else None
        if may_open(access, kind=kind, held=actor(request).duties, reading=request.method in ("GET", "HEAD")):
            return None
        if kind is None:
            return _to_the_door(request)
        needed = [duty for code, duty in DUTIES.items() if code in access.duties]
        return render(request, "refused.html", {"title": "不能打开", "needed": needed}, status=403)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            note(request, "refused", failed=True, what=exception.message)
        return answer(request, exception) if isinstance(exception, Refused) else None


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """To signing in; a page that asks for a part of itself is led there whole, by the header that htmx reads."""
    to = redirect_to_login(request.get_full_path())
    return HttpResponse(status=204, headers={"HX-Redirect": to.url}) if asks_for_a_part(request) else to


def _shut(request: HttpRequest) -> str:
    return f"{request.method} {request.resolver_match.view_name if request.resolver_match else ''}"
