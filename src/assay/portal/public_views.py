"""What the public sees: notices, lists on public notice, the certificate check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assay.batches.acts import is_open_today
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre import parameters
from assay.centre.actors import SYSTEM
from assay.certificates import verification
from assay.kernel.access import public
from assay.kernel.given import whole
from assay.kernel.limits import CERTIFICATE_CHECK, OBJECTION
from assay.kernel.offers import offer
from assay.kernel.throttle import Wait, enter
from assay.portal.forms import CheckCertificateForm, ObjectionForm
from assay.results.acts.notices import raise_objection
from assay.results.models import PublicNotice

PUBLISHED = [stage for stage in Stage if stage != Stage.PLAN]
ROWS_A_PAGE = 200


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    batches = Batch.objects.filter(stage__in=PUBLISHED).order_by("-pk")
    context = {
        "title": "职业技能等级认定",
        "open_batches": [b for b in batches.filter(stage=Stage.APPLY) if is_open_today(b)],
        "batches": batches[:20],
        "notices": PublicNotice.objects.filter(closed_at=None).order_by("-starts_on")[:10],
        "form": CheckCertificateForm(),
    }
    return render(request, "portal/home.html", context)


@require_GET
@public
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.filter(stage__in=PUBLISHED), pk=pk)
    lines = batch.lines.select_related("scope_row__occupation", "level").prefetch_related("scope_row__majors")
    context = {
        "title": batch.name, "batch": batch, "lines": lines, "is_open": is_open_today(batch), "dates": dates_of(batch),
    }  # fmt: skip
    return render(request, "portal/announcement.html", context)


def dates_of(batch: Batch) -> str:
    """By which route, when one applies and when the exam begins."""
    lasts = f" 至 {_day(batch.exam_lasts_to)}" if batch.exam_lasts_to else ""
    exam = f"考核时间：{_day(batch.exam_on)}{lasts}。" if batch.exam_on else ""
    period = f"报名时间：{_day(batch.apply_from)} 至 {_day(batch.apply_to)}。"
    return f"认定方式：{batch.get_route_display()}。{period}{exam}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@never_cache
@require_http_methods(["GET", "POST"])
@public
def public_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A list on public notice; it goes off the site when the notice has ended. Anybody may object meanwhile."""
    notice = get_object_or_404(PublicNotice.objects.select_related("batch"), pk=pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter(request, OBJECTION, str(pk))
            raise_objection(SYSTEM, notice, **form.cleaned_data)
        except Wait as wait:
            form.add_error(None, f"{wait.message}还要反映的，可以写在一份异议里。")
            return wait.on(_notice_page(request, notice, form))
        messages.success(request, "已收到，质量督导组将调查核实并答复。")
        return redirect("portal:public_notice", pk=pk)
    return _notice_page(request, notice, form)


def _notice_page(request: HttpRequest, notice: PublicNotice, form: ObjectionForm) -> HttpResponse:
    number = max(whole(request.GET.get("page", "")) or 1, 1)
    shown = notice.rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE] if notice.closed_at is None else []
    context = {
        "title": notice.title, "notice": notice, "rows": shown, "form": form, "number": number,
        "start": (number - 1) * ROWS_A_PAGE, "more": len(notice.rows) > number * ROWS_A_PAGE,
        "objecting": offer(SYSTEM, raise_objection, notice, title="提出异议", url=request.path),
        "lead": f"公示期 {_day(notice.starts_on)} 至 {_day(notice.ends_on)}。对名单有异议的，请在公示期内如实反映。",
    }  # fmt: skip
    return render(request, "portal/public_notice.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def check_certificate(request: HttpRequest) -> HttpResponse:
    """By number and name, which stand in no address that browsers and proxies remember. Whoever misses again and again has to
    wait."""
    form = CheckCertificateForm(request.POST or None)
    context = {
        "title": "证书查询", "form": form, "asked": form.is_valid(), **_other_ways(),
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "portal/check.html", context)
    try:
        turn = enter(request, CERTIFICATE_CHECK, form.cleaned_data["number"].upper())
    except Wait as wait:
        return wait.on(render(request, "portal/check.html", {**context, "wait": wait}))
    found = verification.find(**form.cleaned_data)
    if found is not None:
        turn.right()
    return render(request, "portal/check.html", {**context, "found": found})


@never_cache
@require_GET
@public
def check_token(request: HttpRequest, token: str) -> HttpResponse:
    """By the QR code on a certificate."""
    scanned = verification.by_token(token)
    context = {
        "title": "证书验证", "found": scanned.found, "not_so": not_so(scanned), "form": CheckCertificateForm(), **_other_ways(),
    }  # fmt: skip
    return render(request, "portal/check.html", context)


@dataclass(frozen=True)
class NotSo:
    """What is wrong with a sheet by its QR code; `advice` ends where the centre's telephone number follows."""

    said: str
    advice: str = ""


def not_so(scanned: verification.Scanned) -> NotSo | None:
    """Why a code does not show the certificate as it stands now; None when it does."""
    if scanned.found is not None:
        return None
    if scanned.claim is None:
        return NotSo("二维码不是本中心签发的，或已被改动。")
    if not scanned.corrected_on:
        return NotSo("签名是本中心的，但与现存证书记录不符。", "请联系本中心核实：")
    return NotSo(
        "这张纸质证书已作废：",
        f"该证书（编号 {scanned.claim.number}）的内容已于 {scanned.corrected_on} 更正，换发了新证。"
        "请查验更正后的证书，或用证书编号和姓名在下面查询；有疑问请联系本中心：",
    )


def _other_ways() -> dict[str, Any]:
    """Where else a certificate is checked."""
    return {"url": parameters.text("certificate.url")}
