"""The second factor: setting up the own telephone, other recovery codes, and taking it off for somebody who lost the telephone."""

from __future__ import annotations

import base64

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assay.centre import second_factor
from assay.centre.actors import account, actor
from assay.centre.acts import enrolling
from assay.centre.departures import carry_out_and_say
from assay.centre.models import Account, SecondFactor
from assay.centre.open_sessions import keep_this_one
from assay.centre.signing_in import try_code
from assay.desk.forms import CodeForm
from assay.kernel import clock, qr, totp
from assay.kernel.access import duties, staff
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.refusals import Refused
from assay.kernel.sealing import decrypt, encrypt
from assay.kernel.security_log import note
from assay.kernel.throttle import Wait

_OFFERED = "second_factor_offered"
"""Where the session keeps the secret that the page shows until a code of it comes, encrypted."""
FEW_CODES = 3
"""With fewer codes on paper the holder is told to get others."""
_ISSUER = "考评通"
"""What the telephone shows above the code. Short, so that the picture is coarse enough for any camera."""


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def own(request: HttpRequest) -> HttpResponse:
    """Set up, another telephone, other recovery codes. Who has one already proves it by a code before anything is changed."""
    who = account(request)
    factor = second_factor.of(who)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, asked = form.cleaned_data["code"], request.POST.get("for", "")
        try:
            if factor is None or (asked == "confirm" and _OFFERED in request.session):
                return _confirm(request, who, code)
            if try_code(request, who, code):
                return _codes(request, who) if asked == "codes" else _offer_another(request, who)
            form.add_error("code", "验证码不对，或已用过。请等手机上出现新的一组再输。")
        except Wait as wait:
            form.add_error("code", wait.message)
            return wait.on(_page(request, who, factor, form))
        except Refused as refused:
            form.add_error("code", refused.message)
    elif request.method != "POST" and factor is not None:
        request.session.pop(_OFFERED, None)  # the present telephone speaks first, each time anew
    return _page(request, who, factor, form)


def _page(request: HttpRequest, who: Account, factor: SecondFactor | None, form: CodeForm) -> HttpResponse:
    if factor is None or _OFFERED in request.session:
        return _set_up(request, who, form)
    context = {"title": "两步验证", "form": form, "said": _since_when(factor)}
    return render(request, "desk/second_factor.html", context)


def _since_when(factor: SecondFactor) -> str:
    """Since when the holder has one, and how many codes on paper are left."""
    few = "，请更换" if factor.recovery_left < FEW_CODES else ""
    return f"已于 {clock.shown(factor.since)} 启用。恢复码还剩 {factor.recovery_left} 个{few}。"


def _offer_another(request: HttpRequest, who: Account) -> HttpResponse:
    """The present telephone has spoken; the next form is for the new one."""
    _offered(request)
    return _set_up(request, who, CodeForm())


def _set_up(request: HttpRequest, who: Account, form: CodeForm) -> HttpResponse:
    secret = _offered(request)
    address = totp.address(secret, issuer=_ISSUER, holder=who.username)
    context = {
        "title": "启用两步验证",
        "form": form,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(qr.svg(address)).decode(),
        "address": address,
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "overdue": _overdue(actor(request), who),
    }
    return render(request, "desk/second_factor_set_up.html", context)


def _overdue(holder: Actor, who: Account) -> str:
    """What keeps from any other work whoever has no second factor in time, and who helps; else nothing."""
    missing = second_factor.missing(who, holder.duties)
    if missing is None or not missing.overdue:
        return ""
    helps_others = holder.holds(*declaration_of(enrolling.reset).duties)
    helpers = "领导小组的其他成员或系统管理员" if helps_others else "领导小组"
    return f"您的职责要求两步验证：启用后才能继续工作。没有手机可用的，请找{helpers}。"


def _offered(request: HttpRequest) -> str:
    """The secret that this session offers, the same until it is confirmed: a page that is opened again shows what was scanned."""
    kept = request.session.get(_OFFERED)
    if kept:
        return decrypt(kept, _OFFERED)
    secret = totp.new_secret()
    request.session[_OFFERED] = encrypt(secret, _OFFERED)
    return secret


def _confirm(request: HttpRequest, who: Account, code: str) -> HttpResponse:
    recovery = second_factor.new_codes()
    try:
        changed = enrolling.enrol(actor(request), who, secret=_offered(request), code=code, recovery=recovery)
    except Refused:
        note(request, "second_factor", what="启用时验证码不对", failed=True)
        raise
    request.session.pop(_OFFERED, None)
    keep_this_one(request, changed)
    note(request, "second_factor", what="启用两步验证")
    carry_out_and_say(request)
    return _shown_once(request, recovery)


def _codes(request: HttpRequest, who: Account) -> HttpResponse:
    recovery = second_factor.new_codes()
    enrolling.renew_codes(actor(request), who, recovery=recovery)
    return _shown_once(request, recovery)


def _shown_once(request: HttpRequest, recovery: list[str]) -> HttpResponse:
    context = {"title": "恢复码", "codes": recovery, "who": account(request)}
    return render(request, "desk/recovery_codes.html", context)


class ResetForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.TextInput({"class": "form-control"}),
        help_text="如：考试当天本人在场，手机丢失，恢复码不在身边。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@duties("L1", "L2")
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """For another person, on the spot: nobody takes the own one off this way."""
    of = get_object_or_404(Account, pk=pk)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = enrolling.reset(actor(request), of, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"已重置 {done}：{second_factor.afterwards(done)}")
            carry_out_and_say(request)
            return redirect("desk:held_up")
    context = {
        "title": f"重置两步验证：{of}（{of.username}）", "form": form, "submit": "重置", "back": "/desk/held-up/",
        "lead": "请当面确认是本人。不改密码；其已有的登录和恢复码都作废，本人凭密码登录后重新启用。记入台账。",
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)
