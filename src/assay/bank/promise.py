"""Nobody sees items or unsealed papers who has not promised secrecy this year (plan §三(一)2(1)⑪)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from assay.bank.writing.acts.items import has_promised
from assay.centre.actors import account
from assay.kernel import clock


def promised(request: HttpRequest) -> bool:
    """Whether whoever asks has promised secrecy for this year."""
    return has_promised(account(request).pk, clock.today().year)


def ask_to_promise(request: HttpRequest, said: str) -> HttpResponse:
    """To the page of the promise, saying why; from there back to the page that was asked for."""
    messages.info(request, said)
    asked = request.get_full_path() if request.method == "GET" else ""
    return redirect(f"{reverse('bank:secrecy')}?{urlencode({'next': asked})}" if asked else reverse("bank:secrecy"))


def back_to(request: HttpRequest) -> str:
    """The page of this site that was asked for before the promise; "" when none was."""
    asked = request.GET.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
