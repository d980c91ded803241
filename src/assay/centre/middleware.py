"""The door: every page says who may open it; a refusal is answered by saying why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assay.centre.actors import actor
from assay.centre.duties import DUTIES
from assay.centre.models import Account
from assay.centre.refusing import answer
from assay.kernel.access import Access, may_open
from assay.kernel.expected import FIELD, given_by
from assay.kernel.refusals import Refused

Next = Callable[[HttpRequest], HttpResponse]


class Door:
    """Denies by default (HTTP 403), and answers a Refused raised in a view (`refusing`)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        access: Access = getattr(view, "access", Access())
        if request.method == "POST":
            request.seen = given_by(request.POST.getlist(FIELD))  # type: ignore[attr-defined]
        user = request.user
        kind = user.kind if isinstance(user, Account) else None
        if may_open(access, kind=kind, held=actor(request).duties, reading=request.method in ("GET", "HEAD")):
            return None
        if kind is None:
            return redirect_to_login(request.get_full_path())
        needed = [duty for code, duty in DUTIES.items() if code in access.duties]
        return render(request, "refused.html", {"title": "不能打开", "needed": needed}, status=403)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, Refused) else None
