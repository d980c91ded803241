"""Where one is signed in, and signing out there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.centre import open_sessions
from assay.centre.actors import account, actor
from assay.centre.acts import own
from assay.centre.departures import carry_out_and_say
from assay.kernel.access import signed_in
from assay.kernel.given import whole


@require_safe
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    limits = open_sessions.Limits.read()
    context = {
        "title": "我的登录",
        "sessions": open_sessions.going_on(account(request)),
        "this": open_sessions.own_number(request),
        "idle": int(limits.idle.total_seconds() // 60),
        "longest": int(limits.longest.total_seconds() // 3600),
    }
    return render(request, "desk/sessions.html", context)


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    """End one session of the own account (`number`), or all but this one."""
    who, given = account(request), request.POST
    chosen = open_sessions.going_on(who).exclude(pk=open_sessions.own_number(request))
    if "number" in given:
        chosen = chosen.filter(pk=whole(given["number"]) or 0)
    ended = own.end_sessions(actor(request), who, chosen)
    messages.success(
        request,
        f"已结束 {ended} 处登录，从那里打开的考场控制台一并失效（本机打开的也须重新打开）。如果不是您本人登录的，请马上修改密码。",
    )
    carry_out_and_say(request)
    return redirect("desk:sessions")


@require_safe
@signed_in
def alive(request: HttpRequest) -> HttpResponse:
    """Somebody goes on typing in a long form: that is work as well, though no page is opened. The answer is empty."""
    return HttpResponse("", content_type="text/plain")
