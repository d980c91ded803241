"""What the public sees: notices, lists on public notice, the certificate check."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assay.batches.models import Batch
from assay.batches.stages import STAGES
from assay.centre import parameters
from assay.centre.actors import SYSTEM
from assay.certificates import credential, verification
from assay.kernel.access import public
from assay.kernel.clock import today
from assay.kernel.given import whole
from assay.kernel.limits import CERTIFICATE_CHECK, OBJECTION
from assay.kernel.throttle import Wait, enter
from assay.portal.forms import CheckCertificateForm, ObjectionForm
from assay.results.acts.notices import raise_objection
from assay.results.models import PublicNotice

PUBLISHED = [stage for stage in STAGES if stage != "plan"]
ROWS_A_PAGE = 200


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    batches = Batch.objects.filter(stage__in=PUBLISHED).order_by("-pk")
    context = {
        "title": "职业技能等级认定",
        "open_batches": [b for b in batches.filter(stage="apply") if b.apply_from <= today() <= b.apply_to],
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
    return render(request, "portal/announcement.html", {"title": batch.name, "batch": batch, "lines": lines})


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
        "over": today() > notice.ends_on,
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
        "title": "证书查询", "form": form, "asked": form.is_valid(), "url": parameters.text("certificate.url"),
        "keys": _public_keys(),
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
        "title": "证书验证", "scanned": scanned, "found": scanned.found, "asked": True,
        "form": CheckCertificateForm(), "url": parameters.text("certificate.url"), "keys": _public_keys(),
    }  # fmt: skip
    return render(request, "portal/check.html", context)


def _public_keys() -> dict[str, str]:
    """What whoever checks QR codes without asking here has to know, by the id that a code names (none: 1)."""
    return {key_id: key.hex() for key_id, key in credential.public_keys().items()}
