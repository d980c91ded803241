"""Signing in with an account and a password: the same for staff and candidates, slowed down by `kernel.throttle`."""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse

from assay.centre.models import Account
from assay.kernel import devices, throttle
from assay.kernel.limits import Kind

LONGEST_PASSWORD = 128
"""Longer than any that somebody types; each is hashed before it is known to be wrong."""


def sign_in(request: HttpRequest, kind: Kind, *, username: str, password: str) -> Account | None:
    """The account, signed in; None when there is no such account in use with that password, whichever it is: the password is
    hashed in either case. Raises throttle.Wait."""
    turn = throttle.enter(request, kind, username)
    found = authenticate(request, username=username, password=password)
    if not isinstance(found, Account):
        return None
    turn.right()
    login(request, found)
    return found


def remembered(request: HttpRequest, response: HttpResponse, account: Account) -> HttpResponse:
    """The answer to a sign-in: this browser is known to the account from now on."""
    devices.remember(request, response, account.username)
    return response
