"""Nobody sees items or unsealed papers who has not promised secrecy this year (plan §三(一)2(1)⑪)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assay.bank.acts.items import has_promised
from assay.centre.actors import account
from assay.kernel import clock


def promised(request: HttpRequest) -> bool:
    """Whether whoever asks has promised secrecy for this year."""
    return has_promised(account(request).pk, clock.today().year)


def ask_to_promise(request: HttpRequest, said: str) -> HttpResponse:
    """To the page of the promise, saying why."""
    messages.info(request, said)
    return redirect("bank:secrecy")
