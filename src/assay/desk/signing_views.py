"""Signing in and out, and the own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assay.centre import open_sessions, second_factor
from assay.centre.actors import account, actor
from assay.centre.acts import own
from assay.centre.departures import carry_out, carry_out_and_say
from assay.centre.models import Account
from assay.centre.open_sessions import keep_this_one
from assay.centre.signing_in import awaited, give_code, onwards
from assay.centre.signing_in import sign_in as sign_in_with
from assay.desk.forms import CodeForm, OwnPasswordForm, SignInForm
from assay.exam import opened_consoles
from assay.kernel.access import public, signed_in
from assay.kernel.limits import OWN_PASSWORD, STAFF_SIGN_IN
from assay.kernel.refusals import Refused
from assay.kernel.security_log import note
from assay.kernel.throttle import Wait, enter

NOT_TOLD = (
    "已退出，但没有联系上考试端：从这里打开的考场控制台可能还开着。请现在就关掉控制台的页面和浏览器；"
    "教务端会接着通知，连上后它自动失效，一直连不上的，最迟在其链接到期时（本场结束两小时后）失效。"
)
"""No names: whoever comes next reads it too."""


def _landing(request: HttpRequest, who: Account) -> str:
    """Where to go after signing in: the page asked for, if it is one of ours; else the first screen of that kind."""
    wanted = request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("desk:home") if who.is_staff_member else reverse("portal:home")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door for staff; a candidate who was on the way to an own page is shown the candidates' door."""
    if isinstance(request.user, Account):
        return redirect(_landing(request, request.user))
    if request.method != "POST" and request.GET.get("next", "").startswith(reverse("portal:home")):
        return redirect("portal:sign_in")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = sign_in_with(request, STAFF_SIGN_IN, **form.cleaned_data)
        except Wait as wait:
            form.add_error(None, wait.message)
            return wait.on(_door(request, form))
        except Refused as refused:
            form.add_error(None, refused.message)
            return _door(request, form)
        if found is not None:
            return onwards(request, found, _landing(request, found))
        form.add_error(None, "账号或密码不对。")
    return _door(request, form)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of whoever has just given the right password here. Nobody else finds anything."""
    who = awaited(request)
    if who is None:
        messages.info(request, "请先输入账号和密码。")
        return redirect("desk:sign_in")
    form = CodeForm(request.POST or None)
    context = {"title": "两步验证", "form": form, "who": who}
    if request.method == "POST" and form.is_valid():
        try:
            by = give_code(request, who, form.cleaned_data["code"])
        except Wait as wait:
            form.add_error(None, wait.message)
            return wait.on(render(request, "desk/sign_in_code.html", context))
        if by:
            if by == second_factor.RECOVERY:
                left = second_factor.codes_left(who)
                messages.info(request, f"这次用的恢复码已作废，还剩 {left} 个。手机丢了的，请在“两步验证”里换一部。")
            return onwards(request, who, _landing(request, who))
        form.add_error("code", "验证码不对，或已用过。请等手机上出现新的一组再输；恢复码每个只能用一次。")
    return render(request, "desk/sign_in_code.html", context)


def _door(request: HttpRequest, form: SignInForm) -> HttpResponse:
    return render(request, "desk/sign_in.html", {"title": "工作人员登录", "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """Consoles that were opened from this session end with it; while they may be at work their holder is asked once (GET), and says
    so (`close`). Everybody else is out at once."""
    who = account(request)
    at_work = opened_consoles.at_work(request, who)
    if request.method != "POST":
        context = {"title": "退出登录", "consoles": at_work, "back": reverse("desk:home")}
        return render(request, "desk/sign_out.html", context) if at_work else redirect(_landing(request, who))
    if at_work and "close" not in request.POST:
        return redirect("desk:sign_out")
    with_consoles = opened_consoles.were_opened(request, who)
    if with_consoles:
        own.end_sessions(actor(request), who, open_sessions.own(request))
    note(request, "sign_out")
    logout(request)
    if with_consoles and carry_out():
        messages.warning(request, NOT_TOLD)
    else:
        messages.success(request, "已退出，从这里打开的考场控制台已关闭。" if with_consoles else "已退出。")
    return redirect("desk:sign_in")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; other sessions of the account end."""
    who = account(request)
    form = OwnPasswordForm(who, request.POST or None)
    if request.method == "POST" and _lets_in(request, who, form):
        changed = own.change_password(actor(request), who, form.cleaned_data["new_password1"])
        keep_this_one(request, changed)
        messages.success(request, "密码已修改。")
        carry_out_and_say(request)
        return redirect(_landing(request, changed))
    context = {"title": "修改密码", "form": form, "forced": who.must_change_password}
    return render(request, "desk/password.html", context)


def _lets_in(request: HttpRequest, who: Account, form: OwnPasswordForm) -> bool:
    """Whether the form is right. Only a wrong present password counts as a try. Raises Wait."""
    turn = enter(request, OWN_PASSWORD, who.username)
    valid = form.is_valid()
    if "old_password" not in form.errors:
        turn.right()
    return valid
