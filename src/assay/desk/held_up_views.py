"""Accounts that somebody has to wait for just now because wrong passwords were tried, and letting their holders in."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.centre.actors import actor
from assay.centre.acts import enrolling
from assay.centre.models import Account
from assay.desk.acts import SIGN_INS, release_sign_in
from assay.kernel import throttle
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused

FOUND_AT_MOST = 20
NOBODY = (
    "没有。连续输错密码只会让同一网络的下一次尝试等待几秒到一分钟，不会锁住账号；"
    "本人换一个网络（如手机流量）或在登录过的设备上不受影响。"
)


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.TextInput({"class": "form-control"}),
        help_text="如：本人在场，换了电脑，他人在同一网络连续输错。",
    )  # fmt: skip


@require_GET
@duties("L1", "L2", "E8")
def index(request: HttpRequest) -> HttpResponse:
    """Who is held up; and any other account by name, for who is held up because of the whole address or has lost the telephone."""
    names = Account.objects.filter(is_active=True).values_list("kind", "username")
    held = {
        username: until
        for kind, limits in SIGN_INS.items()
        for limit in limits
        for username, until in throttle.held_up(limit, (name for of, name in names if of == kind)).items()
    }
    accounts = Account.objects.filter(username__in=held).select_related("department")
    asked = request.GET.get("q", "").strip().replace("\x00", "")
    found = (
        Account.objects.filter(Q(username=asked) | Q(name=asked), is_active=True) if asked else Account.objects.none()
    )
    chosen = list(found.select_related("department", "second_factor")[:FOUND_AT_MOST])
    who = actor(request)
    releasing = offer(who, release_sign_in, title="放行", url=reverse("desk:held_up"))
    context = {
        "title": "登录放行",
        "held": sorted(((a, held[a.username]) for a in accounts), key=lambda row: row[1], reverse=True),
        "nobody": NOBODY,
        "found": chosen,
        "releasing": releasing,
        "purpose": "按账号或姓名放行" if releasing.open else "按账号或姓名查找",
        "resets": _resets(who, [one for one in chosen if hasattr(one, "second_factor")]),
        "asked": asked,
    }
    return render(request, "desk/held_up.html", context)


def _resets(who: Actor, accounts: Sequence[Account]) -> dict[int, Offer]:
    def form(account: Account) -> str:
        return reverse("desk:reset_second_factor", args=[account.pk])

    return offers(who, enrolling.reset, accounts, title="手机丢失：重置两步验证", url=form, main=False, page=True)


@require_http_methods(["GET", "POST"])
@duties("L1", "E8")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            release_sign_in(actor(request), account, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            minutes = int(throttle.RELEASED_FOR.total_seconds() // 60)
            messages.success(
                request, f"已放行 {account}：请本人在 {minutes} 分钟内登录。登录成功后，这台设备不再受他人影响。"
            )
            return redirect("desk:held_up")
    context = {
        "title": f"放行登录：{account}（{account.username}）", "form": form, "submit": "放行", "back": "/desk/held-up/",
        "lead": "不改密码。只免去登录前的等待，供确认是本人时使用；记入台账。",
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)
