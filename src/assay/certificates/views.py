"""Pages of certificates: a batch's certificates, all certificates, one with its sheets, withdrawal, what the province knows."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch
from assay.centre import site
from assay.centre.actors import actor
from assay.certificates import verification
from assay.certificates.acts import issuing, telling
from assay.certificates.acts.correcting import said_of
from assay.certificates.models import Certificate, Change, SpoiledSheet
from assay.certificates.queries import to_number
from assay.kernel.access import duties, public
from assay.kernel.given import wholes
from assay.kernel.identity import mask
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.outbox import messages_about
from assay.kernel.refusals import Refused

READERS = ("E13", "E10", "L2", "E12")


def _listing(request: HttpRequest, name: str, *, selectable: bool, empty: str, **filters: object) -> Listing:
    return Listing(
        request,
        Certificate.objects.filter(**filters).select_related("application__batch").prefetch_related("changes"),
        [
            Column("证书编号", _number_link, "number", plain=lambda c: c.number),
            Column("姓名", lambda c: c.name, "name"),
            Column("证件号码", lambda c: mask(c.id_number)),
            Column("职业", lambda c: c.occupation, "occupation"),
            Column("工种", lambda c: c.job or "--", "job"),
            Column("等级", lambda c: c.level_title, "level_code"),
            Column("发证日期", lambda c: f"{c.issued_on:%Y年%m月%d日}", "issued_on"),
            Column("印制流水码", lambda c: c.print_serial),
            Column("状态", lambda c: c.get_state_display(), "state"),
            Column("报送", _told),
            Column("", _print_link, plain=lambda c: ""),
        ],
        filters=[
            Filter("state", "状态", Certificate.STATES, "state"),
            Filter("reported", "报送", [("1", "已报送"), ("0", "未报送")], lambda v: Q(reported=v == "1")),
            Filter("changes", "变更", [("waiting", "待省平台接收"), ("refused", "省平台未接收")], _with_changes),
        ],
        search=["number", "name", "print_serial"],
        search_hint="证书编号、姓名、流水码",
        order="number",
        name=name,
        empty=empty,
        selectable=selectable,
    )


def _told(certificate: Certificate) -> str:
    """What the province knows of the certificate."""
    untold = [change for change in certificate.changes.all() if change.told_at is None]
    if untold:
        kinds = "、".join(dict.fromkeys(change.get_kind_display() for change in untold))
        return f"{kinds}{'未接收' if any(change.refusal for change in untold) else '待报送'}"
    return "已报送" if certificate.reported else "未接收" if certificate.refusal else "未报送"


def _with_changes(which: str) -> Q:
    untold = Change.objects.filter(told_at=None)
    chosen = untold.exclude(refusal="") if which == "refused" else untold.filter(refusal="")
    return Q(pk__in=chosen.values("certificate"))


def _number_link(certificate: Certificate) -> str:
    return format_html("<a href='{}'>{}</a>", reverse("certificates:one", args=[certificate.pk]), certificate.number)


def _print_link(certificate: Certificate) -> str:
    if certificate.state == "withdrawn":
        return ""
    return format_html("<a href='{}'>证书</a>", reverse("certificates:pdf", args=[certificate.pk]))


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    listing = _listing(request, "证书", selectable=False, empty="还没有证书。公示结束后在批次中编制。")
    return listing.respond(context={"title": "证书台账"})


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    held = actor(request)
    may = held.holds("E13") and batch.stage == "certificates"
    may_again = held.holds("E13") and batch.has_reached("certificates")
    waiting = to_number(batch).count()
    context = {
        "title": f"证书：{batch}",
        "batch": batch,
        "may": may,
        "may_again": may_again,
        "to_number": waiting,
        "unreported": Certificate.objects.filter(application__batch=batch, reported=False)
        .exclude(state="withdrawn")
        .count(),
        "on_the_way": messages_about(batch).filter(kind="certificates", state="pending").first(),
        "next_serial": _next_serial(),
        "site": site.opened_here_only() if may else "",
    }
    empty = _why_none(batch, waiting, may)
    return _listing(request, f"{batch.name}证书", selectable=may_again, empty=empty, application__batch=batch).respond(
        "certificates/batch.html", context
    )


def _why_none(batch: Batch, waiting: int, may: bool) -> str:
    """Why a batch has no certificates, and what comes next."""
    if not batch.has_reached("certificates"):
        return "还没有证书。公示结束后在这里编制。"
    if not waiting:
        return "没有可以编制证书的人员：没有合格人员，或都决定暂不核发。"
    return f"还没有证书，有 {waiting} 人待编制：" + ("点右上“编制证书”。" if may else "由证书管理员编制。")


def _next_serial() -> str:
    """The number after the highest that was ever on a sheet; empty before the first."""
    on_sheets = Certificate.objects.exclude(print_serial="").aggregate(last=Max("print_serial"))["last"] or ""
    last = max(on_sheets, SpoiledSheet.objects.aggregate(last=Max("serial"))["last"] or "")
    return f"{int(last) + 1:0{len(last)}d}" if last else ""


@require_POST
@duties("E13")
def number(request: HttpRequest, pk: int) -> HttpResponse:
    made = issuing.number(actor(request), get_object_or_404(Batch, pk=pk))
    messages.success(request, f"已编 {len(made)} 本证书。")
    return redirect("certificates:batch", pk=pk)


@require_POST
@duties("E13")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    count = issuing.report(actor(request), get_object_or_404(Batch, pk=pk))
    messages.success(request, f"{count} 本证书的数据已进入发送队列。")
    return redirect("certificates:batch", pk=pk)


@require_POST
@duties("E13")
def on_chosen(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Print or hand out: the ticked certificates, or with all=1 all of the batch that can be."""
    if what not in ("print", "hand-out"):
        raise Http404(what)
    rows = Certificate.objects.filter(application__batch_id=pk)
    if "all" in request.POST:
        rows = rows.filter(state="numbered").exclude(corrections__state="proposed")
        rows = rows.filter(print_serial="") if what == "print" else rows.exclude(print_serial="")
    else:
        rows = rows.filter(pk__in=wholes(request.POST.getlist("chosen")))
    if what == "print":
        done = issuing.print_certificates(
            actor(request), rows, first_serial=request.POST.get("first_serial", "").strip()
        )
        messages.success(request, f"已登记打印 {len(done)} 本。")
    else:
        done = issuing.hand_out(actor(request), rows, to=request.POST.get("to", ""))
        if done:
            messages.success(request, f"已登记发放 {len(done)} 本。")
        else:
            messages.warning(request, "没有可发放的证书：须先勾选，且已登记打印、尚未发放。")
    return redirect("certificates:batch", pk=pk)


@require_GET
@duties(*READERS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: its fields, its sheets, its corrections, what the province knows, and what may still be done with it."""
    certificate = get_object_or_404(Certificate.objects.select_related("application__batch", "photo"), pk=pk)
    held = actor(request)
    in_force = certificate.state != "withdrawn"
    corrections = [(c, said_of(c, closely=held.holds("E13", "L2"))) for c in certificate.corrections.order_by("-pk")]
    open_one = next((c for c, _ in corrections if c.state == "proposed"), None) if in_force else None
    context = {
        "title": f"证书 {certificate.number}",
        "certificate": certificate,
        "id_masked": mask(certificate.id_number),
        "spoiled": certificate.spoiled.all(),
        "may_see": held.holds("E13", "L2"),
        "corrections": corrections,
        "open_correction": open_one,
        "changes": certificate.changes.all(),
        "grounds": Certificate.GROUNDS,
        "may_reprint": held.holds("E13") and bool(certificate.print_serial) and in_force and open_one is None,
        "may_correct": held.holds("E13") and in_force and open_one is None,
        "may_decide": held.holds("L2") and open_one is not None and open_one.proposed_account_id != held.account_id,
        "may_tell": held.holds("E13"),
        "may_withdraw": held.holds("L2") and in_force,
        "next_serial": _next_serial(),
    }
    return render(request, "certificates/one.html", context)


@require_POST
@duties("E13")
def reprint(request: HttpRequest, pk: int) -> HttpResponse:
    """A new sheet for a certificate that is spoiled, wrong or lost."""
    chosen = get_object_or_404(Certificate, pk=pk)
    serial, reason = request.POST.get("first_serial", "").strip(), request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise Refused("请写明重新打印的原因")
    (done,) = issuing.print_certificates(actor(request), [chosen], first_serial=serial, reason=reason)
    messages.success(request, f"已登记重新打印，新流水码 {done.print_serial}，原流水码 {chosen.print_serial} 作废。")
    if done.reported:
        messages.info(request, "本证书的数据已报送，新流水码随即报送省平台。")
    return redirect("certificates:one", pk=pk)


@require_POST
@duties("L2")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate, pk=pk)
    done = issuing.withdraw(
        actor(request), certificate, reason=request.POST.get("reason", ""), ground=request.POST.get("ground", "")
    )
    told = "，撤销随即报送省平台" if done.changes.exists() else ""
    messages.success(request, f"证书 {certificate.number} 已撤销{told}。")
    return redirect("certificates:one", pk=pk)


@require_POST
@duties("E13")
def report_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a change again that the province did not take."""
    change = telling.report_change(actor(request), get_object_or_404(Change, pk=pk))
    messages.success(request, f"{change.get_kind_display()}已进入发送队列。")
    return redirect("certificates:one", pk=change.certificate_id)


@require_GET
@public
def revoked(request: HttpRequest) -> HttpResponse:
    """For whoever checks QR codes without asking here: what is withdrawn or corrected, signed."""
    return JsonResponse(verification.revoked(), json_dumps_params={"ensure_ascii": False})
