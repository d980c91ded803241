"""How a refusal is answered: at the page that asked, with what was typed there; as a page of its own only where there is none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from assay.centre.duty_table import Posts
from assay.kernel.citing import in_full
from assay.kernel.expected import Repeated
from assay.kernel.refusals import Blocked, NotAllowed, Refused
from assay.kernel.throttle import Wait

COMES_BACK = "refused"
"""Marks the message by which `assay.js` knows that what was typed is to be put back."""


def asks_for_a_part(request: HttpRequest) -> bool:
    """Whether htmx puts the answer into a page that stands already."""
    return request.headers.get("HX-Request") == "true"


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Back to the page that the form was sent from, with the refusal on it; a part of a page says it in its own place. A page of its
    own (HTTP 409/429) for whoever may not do it at all, must wait or has several things to do first, and where nothing was sent from."""
    before = page_before(request)
    if isinstance(refusal, Repeated):
        messages.info(request, refusal.message)
        return redirect(before or "/")
    if request.method == "POST" and not isinstance(refusal, NotAllowed | Blocked | Wait):
        if asks_for_a_part(request):
            return render(request, "refused_part.html", {"refusal": refusal})
        if before:
            messages.error(request, _said(refusal), extra_tags=COMES_BACK)
            return redirect(before)
    return _own_page(request, refusal)


def _said(refusal: Refused) -> str:
    basis = f"（依据：{in_full(refusal.clause)}）" if refusal.clause else ""
    return f"{refusal.message.rstrip('。')}{basis}。没有改动任何内容。"


def _own_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    posts = Posts()
    blockers = [(b, posts.holding(b.duty)) for b in refusal.blockers] if isinstance(refusal, Blocked) else []
    context = {"title": "不能这样做", "refusal": refusal, "blockers": blockers}
    response = render(request, "refused.html", context, status=409)
    return refusal.on(response) if isinstance(refusal, Wait) else response


def page_before(request: HttpRequest) -> str:
    """The page that the request came from, when it is one of this site; else nothing."""
    before = request.META.get("HTTP_REFERER", "")
    return before if url_has_allowed_host_and_scheme(before, {request.get_host()}) else ""
