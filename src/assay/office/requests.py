"""What comes in and what goes out of every page: requests that nothing can be made of, answers that nobody may keep."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string

from assay.centre.refusing import answer
from assay.kernel.refusals import Refused

Next = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger(__name__)
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
"""What no database keeps: the character NUL, halves of characters."""
_HIGHEST = 2**63 - 1


class Readable:
    """Refuses what cannot be read as text (400) and numbers of rows that no row can have (404), before any view looks; says so
    when a value does not fit into its column, and when an address is not for opening."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("not in UTF-8")
        _require_text([request.path_info, *request.COOKIES.values()])
        _require_text(_texts(request.GET))
        response = self.get_response(request)
        return _only_sent_to(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if any(isinstance(value, int) and value > _HIGHEST for value in kwargs.values()):
            raise Http404
        _require_text(_texts(request.POST))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError | OverflowError):
            return None
        _log.error("a value that does not fit: %r", request.path, exc_info=exception)
        return answer(request, Refused("填写的内容太长，或数值太大，请改短后再提交"))


def _only_sent_to(request: HttpRequest, refused: HttpResponseNotAllowed) -> HttpResponse:
    """A page in words for whoever opens an address that only takes something in: from the history, or after signing in anew."""
    page = render(request, "405.html", status=405)
    page["Allow"] = refused["Allow"]
    return page


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what cannot be read. It asks nothing of the request: that would fail once more."""
    return HttpResponse(render_to_string("400.html"), status=400)


def _texts(given: QueryDict) -> Iterable[str]:
    for name, values in given.lists():
        yield name
        yield from values


def _require_text(texts: Iterable[str]) -> None:
    if any(_NOT_TEXT.search(text) for text in texts):
        raise BadRequest("not a text")


class NotKept:
    """Pages of whoever is signed in hold personal data: neither browser nor proxy keeps one, so that the next person at the
    same computer finds none, by the back button as little as in the cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
