"""Pages of accounts: the list, a new one, one account with its posts and password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.centre import open_sessions, second_factor
from assay.centre.actors import account as signed_in_account
from assay.centre.actors import actor
from assay.centre.acts import accounts, enrolling
from assay.centre.departures import carry_out_and_say
from assay.centre.editing import tabs_of
from assay.centre.editors import READERS, TABS
from assay.centre.forms import AccountForm, AppointForm, EndForm, NewAccountForm
from assay.centre.models import Account, Appointment, Department, Post
from assay.centre.passwords import first_password
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not
from assay.kernel.clock import today
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.meanwhile import told
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused


def _posts(account: Account) -> str:
    day = today()
    return "、".join(a.post.title for a in account.appointments.all() if a.in_force(day))


def _state(account: Account) -> str:
    colour, said = ("green", "启用") if account.is_active else ("secondary", "停用")
    return format_html("<span class='badge bg-{}-lt'>{}</span>", colour, said)


@require_GET
@duties("L1", *READERS)
def index(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    adding = offer(who, accounts.create_account, title="新增", url=reverse("centre:account_add"), page=True)
    listing = Listing(
        request,
        Account.objects.select_related("department").prefetch_related("appointments__post"),
        [
            Column("账号", lambda a: a.username, "username"),
            Column("姓名", lambda a: a.name, "name"),
            Column("类别", lambda a: a.get_kind_display(), "kind"),
            Column("部门", lambda a: a.department or "", "department__code"),
            Column("岗位", _posts),
            Column("状态", _state, "is_active", plain=lambda a: "启用" if a.is_active else "停用"),
        ],
        filters=[
            Filter("kind", "类别", Account.KINDS, "kind"),
            Filter("post", "岗位", [(p.pk, p.title) for p in Post.objects.all()], "appointments__post"),
            Filter("department", "部门", [(d.pk, d.name) for d in Department.objects.all()], "department"),
        ],
        search=("username", "name"),
        search_hint="账号或姓名",
        order="username",
        name="账号",
        empty="没有符合条件的账号。点“新增”建立，或在“建校工作簿”中成批导入。",
        row_url=(lambda a: reverse("centre:account", args=[a.pk]))
        if why_not(accounts.save_account, who) is None
        else None,
    )
    context = {
        "title": "账号",
        "tabs": tabs_of(request, TABS),
        "add": adding.url if adding.open else "",
    }
    return listing.respond("centre/editor_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@duties("L1")
def add(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drawn = first_password()
        try:
            made = accounts.create_account(
                actor(request), kind="staff", password=drawn, must_change_password=True, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return _first_password(request, made, drawn, f"已建立账号 {made.username}（{made.name}）")
    context = {"title": "新增账号", "form": form, "back": reverse("centre:accounts"), "list_title": "账号"}
    return render(request, "centre/editor_form.html", context)


@require_http_methods(["GET", "POST"])
@duties("L1")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its name and department, its appointments, its password."""
    account = get_object_or_404(Account, pk=pk)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.save_account(actor(request), account, **form.cleaned_data)
        except Refused as refused:
            form = told(form, refused, lambda: AccountForm(instance=Account.objects.get(pk=pk)))
        else:
            messages.success(request, "已保存账号")
            return redirect("centre:account", pk)
    return _page(request, pk, form=form)


def _page(request: HttpRequest, pk: int, **forms_given: forms.BaseForm) -> HttpResponse:
    account, who = get_object_or_404(Account, pk=pk), actor(request)
    appointments = list(account.appointments.select_related("post").order_by("-since", "post__code"))
    context = {
        "title": f"账号 {account.username}（{account.name}）",
        "account": account,
        "form": AccountForm(instance=account),
        "appoint_form": AppointForm(),
        "end_form": EndForm(),
        "standing": _standing(account),
        "password_said": _password_said(account),
        "factor_said": _factor_said(account),
        "sessions": open_sessions.going_on(account),
        "appointments": _appointments(who, appointments),
        "myself": account == signed_in_account(request),
        **_steps(who, account),
        **forms_given,
    }
    return render(request, "centre/account.html", context)


def _standing(account: Account) -> SafeString:
    """Whether it can be signed in with."""
    in_use = "启用中" if account.is_active else format_html("<b>{}</b>", "已停用")
    owed = "，下次登录须改密码" if account.must_change_password else ""
    return format_html("{}账号，{}{}。", account.get_kind_display(), in_use, owed)


def _password_said(account: Account) -> str:
    if not account.must_change_password:
        return "本人已设"
    until = account.password_expires_at
    return f"初始密码，{_day_and_time(until)} 前有效" if until else "初始密码"


def _factor_said(account: Account) -> str:
    factor = second_factor.of(account)
    if factor is not None:
        return f"{_day(localtime(factor.since))} 启用，恢复码剩 {factor.recovery_left} 个"
    by = account.second_factor_by
    return f"没有启用，须在 {_day(by)} 前启用" if by else "没有启用"


def _day(when: date) -> str:
    return date_format(when, "Y年n月j日")


def _day_and_time(when: datetime) -> str:
    return date_format(localtime(when), "n月j日 H:i")


def _steps(who: Actor, account: Account) -> dict[str, Offer]:
    """What can be done with an account besides its name and its posts."""
    key = [account.pk]
    return {
        "activating": offer(
            who, accounts.set_active, account, title="停用" if account.is_active else "启用", url=reverse("centre:active", args=key),
            confirm="停用后此人不能登录，确定吗？" if account.is_active else "确定重新启用吗？",
        ),
        "giving_password": offer(
            who, accounts.set_password, account, title="重置密码", url=reverse("centre:password", args=key), main=False,
            confirm="重置后原密码作废，其全部登录结束。新密码只显示一次，确定吗？",
        ),
        "resetting_factor": offer(
            who, enrolling.reset, account, title="手机丢失：重置", url=reverse("desk:reset_second_factor", args=key), main=False,
            page=True,
        ),
        "ending_sessions": offer(
            who, accounts.end_sessions, account, title="全部结束", url=reverse("centre:end_sessions", args=key), main=False,
            confirm="结束此人的全部登录？",
        ),
    }  # fmt: skip


def _appointments(who: Actor, appointments: Sequence[Appointment]) -> list[tuple[Appointment, Offer]]:
    """Each with its end."""
    ending = offers(
        who, accounts.end_appointment, appointments, title="免职",
        url=lambda one: reverse("centre:end_appointment", args=[one.account_id, one.pk]),
    )  # fmt: skip
    return [(one, ending[one.pk]) for one in appointments]


@require_http_methods(["GET", "POST"])
@duties("L1")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "GET":
        return redirect("centre:account", pk)  # from a page that came back with what was wrong in this form
    form = AppointForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, appoint_form=form)
    made = accounts.appoint(actor(request), get_object_or_404(Account, pk=pk), **form.cleaned_data)
    messages.success(request, f"{made.account} 自 {made.since} 起任 {made.post}")
    return redirect("centre:account", pk)


@require_http_methods(["GET", "POST"])
@duties("L1")
def end(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    if request.method == "GET":
        return redirect("centre:account", pk)  # from a page that came back with what was wrong in this form
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, end_form=form)
    held = get_object_or_404(Appointment.objects.select_related("post", "account"), pk=number, account=pk)
    last = form.last_day()
    accounts.end_appointment(actor(request), held, last)
    messages.success(request, f"{held.account} 的 {held.post} {_ended(last)}")
    carry_out_and_say(request)
    return redirect("centre:account", pk)


def _ended(last: date | None) -> str:
    """What an end means, and from when."""
    if last is None:
        return "已免职，职责和已打开的考场控制台即时失效"
    return f"任至 {last}" + ("" if last < today() else "（当日仍有效，须马上停止的请点“立即免职”）")


@never_cache
@require_http_methods(["GET", "POST"])
@duties("L1")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Another first password, drawn by lot; asked for once more, there is once more another."""
    if request.method == "GET":
        return redirect("centre:account", pk)  # from a page that came back to the one with the password
    drawn = first_password()
    account = accounts.set_password(actor(request), get_object_or_404(Account, pk=pk), drawn)
    carry_out_and_say(request)
    return _first_password(request, account, drawn, f"已重置 {account} 的密码")


def _first_password(request: HttpRequest, account: Account, drawn: str, title: str) -> HttpResponse:
    """The only page on which it is ever to be read: it is kept nowhere but as a hash."""
    context = {
        "title": title,
        "account": account,
        "password": drawn,
        "back": reverse("centre:account", args=[account.pk]),
    }
    return render(request, "centre/first_password.html", context)


@require_POST
@duties("L1")
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    account = accounts.end_sessions(actor(request), get_object_or_404(Account, pk=pk))
    messages.success(request, f"已结束 {account} 的全部登录")
    carry_out_and_say(request)
    return redirect("centre:account", pk)


@require_POST
@duties("L1")
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable an account in use, or enable a disabled one."""
    account = get_object_or_404(Account, pk=pk)
    wanted = request.POST.get("active") == "1"
    accounts.set_active(actor(request), account, wanted)
    messages.success(request, f"已{'启用' if wanted else '停用'}账号 {account.username}")
    carry_out_and_say(request)
    return redirect("centre:account", pk)
