"""Signing in with an account and a password: the same for staff and candidates, slowed down by `kernel.throttle`.

Whoever has a second factor is not signed in by the password: the session only remembers whose code is awaited, and gives nothing
away until it comes. There is no other way in: `open_sessions` ends a session that came to be without it.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assay.centre import second_factor
from assay.centre.acts.rehashing import rehash_if_weak
from assay.centre.models import Account
from assay.kernel import devices, throttle
from assay.kernel.clock import real_now
from assay.kernel.limits import SECOND_FACTOR, Kind
from assay.kernel.refusals import Refused
from assay.kernel.security_log import nobody, note

CODE_STEP = "desk:sign_in_code"
"""The page that asks for the code."""
_AWAITED = "second_factor_awaited"
_THEN = "second_factor_then"
_WAITS = timedelta(minutes=10)
_BACKEND = "django.contrib.auth.backends.ModelBackend"

LONGEST_PASSWORD = 128
"""Longer than any that somebody types; each is hashed before it is known to be wrong."""


def sign_in(request: HttpRequest, kind: Kind, *, username: str, password: str) -> Account | None:
    """The account, signed in or awaiting its code (`onwards` leads to either); None when there is no such account in use with that
    password, whichever it is: the password is hashed in either case. Raises throttle.Wait, and Refused for a first password that
    was not used in time."""
    require_no_staff(request)
    turn = throttle.enter(request, kind, username)
    found = authenticate(request, username=username, password=password)
    if not isinstance(found, Account):
        _note_failed(request, username)
        return None
    turn.right()
    if found.password_expires_at is not None and found.password_expires_at < real_now():
        note(request, "sign_in", failed=True, what="初始密码已过期", account=found)
        raise Refused("初始密码已过期，请联系领导小组重置", "工作方案 三(一)1")
    rehash_if_weak(found, password)
    if second_factor.of(found) is None:
        enter(request, found, "密码")
    else:
        _await_code(request, found)
    return found


def require_no_staff(request: HttpRequest) -> None:
    """Raises Refused while staff are signed in at this browser: whoever signed in over them would end their session without a word of
    the consoles that it opened."""
    if isinstance(request.user, Account) and request.user.is_staff_member:
        raise Refused(f"这台计算机正以工作人员“{request.user.name}”登录，请先退出登录", "工作方案 三(一)2(1)⑪")


def _note_failed(request: HttpRequest, username: str) -> None:
    known = Account.objects.filter(username=username).first()
    said = "密码不对" if known is None or known.is_active else "账号已停用"
    note(request, "sign_in", failed=True, what=said, account=known, who=nobody(username))


def enter(request: HttpRequest, account: Account, by: str) -> None:
    """Sign in whoever has shown enough: `by` says what."""
    login(request, account, backend=_BACKEND)
    note(request, "sign_in", what=by, account=account)


def _await_code(request: HttpRequest, account: Account) -> None:
    """The session, under a new name so that nobody shares it, remembers whose code comes next."""
    request.session.cycle_key()
    request.session[_AWAITED] = [account.pk, account.get_session_auth_hash(), real_now().timestamp()]


def awaited(request: HttpRequest) -> Account | None:
    """Whose code this browser is to give: the password was right a few minutes ago and is still the account's."""
    pk, fingerprint, at = request.session.get(_AWAITED) or (0, "", 0)
    found = Account.objects.filter(pk=pk, is_active=True).first()
    if found is None or found.get_session_auth_hash() != fingerprint:
        return None
    return found if real_now().timestamp() - at < _WAITS.total_seconds() else None


def give_code(request: HttpRequest, account: Account, code: str) -> str:
    """Sign in whose code is awaited, when it is right; what kind of code it was, nothing when it is wrong. Raises throttle.Wait."""
    by = try_code(request, account, code)
    if by:
        request.session.pop(_AWAITED, None)
        second_factor.mark_passed(request)
        enter(request, account, f"密码和{by}")
    return by


def try_code(request: HttpRequest, account: Account, code: str) -> str:
    """What kind of code it was; nothing when it is wrong. Raises throttle.Wait."""
    turn = throttle.enter(request, SECOND_FACTOR, account.username)
    by = second_factor.accepts(account, code)
    if by:
        turn.right()
    note(request, "second_factor", what=by or second_factor.why_refused(account, code), failed=not by, account=account)
    return by


def onwards(request: HttpRequest, account: Account, to: str) -> HttpResponse:
    """The answer to a right password or code: on to the page, with this browser known to the account from now on, or to the
    second step."""
    if not request.user.is_authenticated:
        request.session[_THEN] = to
        return redirect(CODE_STEP)
    response = redirect(request.session.pop(_THEN, to))
    devices.remember(request, response, account.username)
    return response
