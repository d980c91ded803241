"""Where the department vouches for those who signed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from assay.applications.models import Person
from assay.centre.actors import account, actor
from assay.centre.models import Department
from assay.kernel.access import duties
from assay.kernel.clock import now, shown
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import offer
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity
from assay.kernel.templatetags.pieces import badge
from assay.portal import acts
from assay.portal.forms import ClaimsForm, Verdict
from assay.portal.models import CLAIM_LASTS, Claim
from assay.portal.reach import concerning

READS_ALL = frozenset({"E5", "Q4"})
_COLOURS: dict[str, str] = {Claim.State.WAITING: "yellow", Claim.State.CONFIRMED: "green"}


def _in_reach(request: HttpRequest) -> QuerySet[Claim]:
    """Claims that the reader has to do with; those that waited too long have expired and wait no more."""
    rows = Claim.objects.select_related("department", "major").exclude(
        state=Claim.State.WAITING, at__lte=now() - CLAIM_LASTS
    )
    return rows if actor(request).duties & READS_ALL else rows.filter(concerning(account(request).department_id))


@require_GET
@duties("R1", "E5")
def index(request: HttpRequest) -> HttpResponse:
    """What was claimed, and beside it what the roster says where that differs."""
    rows = _in_reach(request)
    deciding = offer(actor(request), acts.confirm_claims, title="办理", url=reverse("portal:decide_claims"))
    known = acts.on_rosters(set(rows.filter(state=Claim.State.WAITING).values_list("id_index", flat=True)))
    filters = [Filter("state", "状态", Claim.State.choices, "state")]
    if actor(request).duties & READS_ALL:
        filters.append(Filter("department", "院系", [(d.pk, d.name) for d in Department.objects.all()], "department"))
    listing = Listing(
        request,
        rows,
        [
            Column("受理号", lambda c: c.number, "number"),
            Column("姓名", _beside(known, "姓名", lambda c: c.name), "name", plain=lambda c: c.name),
            Column("证件号码", lambda c: c.id_masked),
            Column(
                "学号/工号",
                _beside(known, "学号/工号", lambda c: c.student_no),
                "student_no",
                plain=lambda c: c.student_no,
            ),
            Column("手机号码", _beside(known, "手机号码", lambda c: c.phone), plain=lambda c: c.phone),
            Column("院系", lambda c: c.department, "department__code"),
            Column("班级", _beside(known, "班级", lambda c: c.class_name), "class_name", plain=lambda c: c.class_name),
            Column("与名册", _compared(known)),
            Column("提交时间", lambda c: shown(c.at), "at", lambda c: c.at),
            Column("状态", _state, "state", plain=lambda c: c.get_state_display()),
        ],
        filters=filters,
        search=lambda text: Q(name__icontains=text) | Q(number__iexact=text) | Q(student_no__iexact=text),
        search_hint="受理号、姓名或学号",
        order="at",
        name="考生注册",
        empty="没有考生注册。考生在网站“考生注册”中填写后，在这里核实。",
        selectable=deciding.open,
        tickable=lambda c: acts.still_waits(c, now()),
        presets={"state": Claim.State.WAITING},
        row_url=lambda c: reverse("portal:claim", args=[c.pk]),
    )
    return listing.respond("portal/claims.html", {"title": "考生注册核实", "deciding": deciding})


@require_GET
@duties("R1", "E5")
@shows_identity("考生注册")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim with its whole ID number: whom no roster names is compared with the document and the register of students."""
    claim = get_object_or_404(_in_reach(request), pk=pk)
    known = acts.on_rosters({claim.id_index} if claim.is_waiting else set())
    person = known.get(claim.id_index)
    who, decide_it = actor(request), reverse("portal:decide_claims")
    context = {
        "title": f"考生注册 {claim.name}",
        "claim": claim,
        "known": person,
        "confirm": offer(who, acts.confirm_claims, claim, title="确认（已核对本人）", url=decide_it),
        "refuse": offer(who, acts.refuse_claims, claim, title="退回", url=decide_it),
        "compared": _compared(known)(claim),
        "differences": acts.differences(claim, person) if person else [],
    }
    return render(request, "portal/claim.html", context)


def _beside(known: Any, title: str, claimed: Callable[[Claim], str]) -> Callable[[Claim], str]:
    def value(claim: Claim) -> str:
        person: Person | None = known.get(claim.id_index) if claim.is_waiting else None
        there = (
            next((there for what, _, there in acts.differences(claim, person) if what == title), "") if person else ""
        )
        if not there:
            return claimed(claim)
        return format_html("{}<br>{}", claimed(claim) or "（未填）", badge(f"名册：{there}", "red"))

    return value


def _compared(known: Any) -> Callable[[Claim], str]:
    """What a confirmation would do."""

    def value(claim: Claim) -> str:
        if not claim.is_waiting:
            return ""
        person: Person | None = known.get(claim.id_index)
        if person is None:
            return "名册上没有，确认后建档"
        said = ["有不一致" if acts.differences(claim, person) else "一致"]
        if person.department_id not in (None, claim.department_id):
            said.append(f"名册上属于{person.department}，由该院系确认")
        if person.account_id:
            said.append("已有账号，确认即更换密码")
        return "；".join(said)

    return value


def _state(claim: Claim) -> str:
    colour = _COLOURS.get(claim.state, "secondary")
    by = f"{claim.decided_by} {claim.reason}".strip()
    return format_html("{} {}", badge(claim.get_state_display(), colour), by)


@require_POST
@duties("R1", "E5")
def decide(request: HttpRequest) -> HttpResponse:
    """Confirm or refuse the ticked claims, or the one of a page of its own."""
    form = ClaimsForm(request.POST)
    if not form.is_valid():
        raise Refused("请选择确认或退回，原因不超过 300 字", acts.CLAUSE)
    given = form.cleaned_data
    chosen = list(_in_reach(request).filter(pk__in=given["chosen"]))
    if given["verdict"] == Verdict.REFUSE:
        said = f"已退回 {len(acts.refuse_claims(actor(request), chosen, reason=given['reason']))} 份注册。"
    else:
        said = _told(acts.confirm_claims(actor(request), chosen, despite=given["despite"]))
    messages.success(request, said)
    return redirect("portal:claims")


def _told(confirmed: list[acts.Confirmed]) -> str:
    known = sum(c.known for c in confirmed)
    changed = f"，其中 {known} 人原有账号，密码已换成注册时填的，原来的登录已失效" if known else ""
    return f"已确认 {len(confirmed)} 份注册{changed}。"
