"""Browsers on which an account has signed in before: what strangers try at the account does not hold up its holder there.

A signed cookie names, for each of the last few accounts of this browser, a random word that its tries are counted under. It
opens nothing: whoever takes it only gets a count of tries of their own.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from assay.kernel.sealing import blind_index

COOKIE = ("__Host-" if settings.SESSION_COOKIE_SECURE else "") + "assay_device"
_SALT = "assay.kernel.devices"
_LASTS = 180 * 24 * 3600
_ACCOUNTS = 8
"""A computer of the staff room is used by several; more would make the cookie long."""


def word_of(request: HttpRequest, subject: str) -> str:
    """The word under which this browser's tries at an account are counted; empty when it never signed in to it."""
    return dict(_known(request)).get(_named(subject), "")


def remember(request: HttpRequest, response: HttpResponse, subject: str) -> None:
    """Let the browser keep that it signed in to this account."""
    word = word_of(request, subject) or secrets.token_urlsafe(9)
    others = [(name, kept) for name, kept in _known(request) if name != _named(subject)]
    value = signing.dumps([(_named(subject), word), *others[: _ACCOUNTS - 1]], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=_LASTS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg/", "Edge"), ("HuaweiBrowser", "华为浏览器"), ("MiuiBrowser", "小米浏览器"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def named(request: HttpRequest) -> str:
    """What kind of browser it says to be, for people: Chrome · Windows. Nothing is concluded from it."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    found = [next((name for word, name in kinds if word in agent), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or "其他设备"


def _known(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return []
    return [(name, word) for name, word in kept]


def _named(subject: str) -> str:
    return blind_index("device", subject)[:12]
