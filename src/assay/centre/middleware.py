"""The door: every page says who may open it; a refusal is shown as a page that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from assay.centre.actors import actor
from assay.centre.duties import DUTIES
from assay.centre.duty_table import Posts
from assay.centre.models import Account
from assay.kernel.access import Access, may_open
from assay.kernel.expected import Repeated
from assay.kernel.refusals import Blocked, Refused
from assay.kernel.throttle import Wait

Next = Callable[[HttpRequest], HttpResponse]


class Door:
    """Denies by default, and turns a Refused raised in a view into a clear page (HTTP 403/409/429)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        access: Access = getattr(view, "access", Access())
        user = request.user
        kind = user.kind if isinstance(user, Account) else None
        if may_open(access, kind=kind, held=actor(request).duties, reading=request.method in ("GET", "HEAD")):
            return None
        if kind is None:
            return redirect_to_login(request.get_full_path())
        needed = [duty for code, duty in DUTIES.items() if code in access.duties]
        return render(request, "refused.html", {"title": "不能打开", "needed": needed}, status=403)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, Repeated):
            messages.info(request, exception.message)
            return redirect(_page_before(request))
        posts = Posts()
        blockers = [(b, posts.holding(b.duty)) for b in exception.blockers] if isinstance(exception, Blocked) else []
        context = {"title": "不能这样做", "refusal": exception, "blockers": blockers}
        response = render(request, "refused.html", context, status=409)
        return exception.on(response) if isinstance(exception, Wait) else response


def _page_before(request: HttpRequest) -> str:
    """The page that the request came from, when it is one of this site; else the start page."""
    before = request.META.get("HTTP_REFERER", "")
    return before if url_has_allowed_host_and_scheme(before, {request.get_host()}) else "/"
