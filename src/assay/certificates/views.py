"""Pages of certificates: a batch's certificates, all certificates, one with its sheets, withdrawal, what the province knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch
from assay.centre import site
from assay.centre.actors import actor
from assay.certificates import blanks, given_numbers, published
from assay.certificates.acts import correcting, issuing, telling
from assay.certificates.acts.printing import draw
from assay.certificates.correction_views import PAPER_READERS, corrections_shown, open_correction
from assay.certificates.forms import HandOutForm, NewSheet, PrintForm, ReprintForm, WithdrawForm
from assay.certificates.layouts import LAYOUTS
from assay.certificates.models import Certificate, Change, certificate_of
from assay.certificates.queries import STAGE, to_hand_out, to_number, to_print, unreported
from assay.certificates.selection import classes_of
from assay.kernel.access import duties, public
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.documents import faces
from assay.kernel.identity import mask
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.models import OutboxMessage
from assay.kernel.offers import Offer, offer
from assay.kernel.outbox import messages_about

READERS = ("E13", "E10", "L2", "E12")


def _listing(request: HttpRequest, name: str, *, selectable: bool, empty: str, **filters: object) -> Listing:
    return Listing(
        request,
        Certificate.objects.filter(**filters)
        .select_related("application__batch", "application__applicant", "application__department")
        .prefetch_related("changes"),
        [
            Column("证书编号", _number_link, "number", plain=lambda c: c.number),
            Column("姓名", lambda c: c.name, "name"),
            Column("证件号码", lambda c: mask(c.id_number), whole=lambda c: c.id_number),
            Column("院系", lambda c: c.application.department or "", on_page=False),
            Column("班级", lambda c: c.application.applicant.class_name, on_page=False),
            Column("职业", lambda c: c.occupation, "occupation"),
            Column("工种", lambda c: c.job or "--", "job"),
            Column("等级", lambda c: c.level_title, "level_code"),
            Column("发证日期", lambda c: f"{c.issued_on:%Y年%m月%d日}", "issued_on", plain=lambda c: c.issued_on),
            Column("印制流水码", lambda c: c.print_serial),
            Column("状态", lambda c: c.get_state_display(), "state"),
            Column("报送", _told),
            Column("", _print_link, in_file=False),
        ],
        filters=[
            Filter("state", "状态", Certificate.State.choices, "state"),
            Filter("reported", "报送", [("1", "已报送"), ("0", "未报送")], lambda v: Q(reported=v == "1")),
            *_by_class(filters.get("application__batch")),
            Filter("changes", "变更", [("waiting", "待省平台接收"), ("refused", "省平台未接收")], _with_changes),
        ],
        search=["number", "name", "print_serial", "application__applicant__class_name"],
        search_hint="证书编号、姓名、流水码、班级",
        order="number",
        name=name,
        empty=empty,
        selectable=selectable,
        in_full=actor(request).holds("E13"),
    )


def _by_class(batch: object) -> list[Filter]:
    """Of one batch its classes can be told apart by a click."""
    if not isinstance(batch, Batch):
        return []
    classes = [(name, name) for name in classes_of(batch)]
    return [Filter("class_name", "班级", classes, "application__applicant__class_name")]


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
    if certificate.is_withdrawn:
        return ""
    return format_html("<a href='{}'>副本</a>", reverse("certificates:pdf", args=[certificate.pk]))


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    listing = _listing(request, "证书", selectable=False, empty="还没有证书。公示结束后在批次中编制。")
    return listing.respond(context={"title": "证书台账"})


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificates of a batch and what is next to do with them: numbered, printed, handed out, reported."""
    batch = get_object_or_404(Batch, pk=pk)
    who, waiting = actor(request), to_number(batch).count()
    numbering = _numbering(who, batch, waiting)
    printing = _on_each(who, issuing.print_certificates, batch, to_print(batch), "print")
    handing_out = _on_each(who, issuing.hand_out, batch, to_hand_out(batch), "hand-out")
    drawing = offer(
        who, draw, batch, title="打印证书", url=reverse("certificates:batch_print", args=[pk]), main=False, page=True
    )
    at_work = printing.open or handing_out.open or drawing.open
    on_the_way = messages_about(batch).filter(kind="certificates", state=OutboxMessage.State.PENDING).first()
    context = {
        "title": f"证书：{batch}",
        "batch": batch,
        "numbering": numbering,
        "reporting": _reporting(who, batch),
        "on_the_way": _on_the_way_said(on_the_way) if on_the_way else "",
        "printing": printing,
        "handing_out": handing_out,
        "drawing": drawing,
        "layouts": LAYOUTS.items(),
        "at_work": at_work,
        "in_fang": faces.has_fang(),
        "by_province": given_numbers.by_province() and who.holds("E13"),
        "next_serial": blanks.next_serial(),
        "site": site.opened_here_only() if printing.open or printing.said else "",
    }
    empty = _why_none(batch, waiting, numbering)
    return _listing(request, f"{batch.name}证书", selectable=at_work, empty=empty, application__batch=batch).respond(
        "certificates/batch.html", context
    )


def _numbering(who: Actor, batch: Batch, waiting: int) -> Offer | None:
    """Nothing while nobody waits for a number, or nobody can yet."""
    if not (waiting and batch.has_reached(STAGE)):
        return None
    return offer(
        who, issuing.number, batch, title=f"编制证书（{waiting} 人）", url=reverse("certificates:number", args=[batch.pk]),
        confirm=f"为 {waiting} 名合格人员编制证书，编号不能再改，确定吗？",
    )  # fmt: skip


def _reporting(who: Actor, batch: Batch) -> Offer | None:
    """Nothing while the province has all there are."""
    untold = unreported(batch).count()
    if not untold:
        return None
    return offer(
        who, issuing.report, batch, title=f"报送省平台（{untold} 本）", url=reverse("certificates:report", args=[batch.pk]),
        confirm=f"向省平台报送 {untold} 本证书的数据，确定吗？",
    )  # fmt: skip


def _on_each(who: Actor, deed: Callable[..., Any], batch: Batch, waiting: QuerySet[Certificate], what: str) -> Offer:
    """A deed on certificates that wait for it. Asked of the first: what can be said of one of them can be said of all."""
    url, title = reverse("certificates:on_chosen", args=[batch.pk, what]), declaration_of(deed).title
    return offer(who, deed, list(waiting[:1]), title=title, url=url, main=False)


def _on_the_way_said(message: OutboxMessage) -> str:
    tried = f"（已尝试 {message.attempts} 次，{message.last_error}）" if message.attempts else ""
    return f"证书数据在发送队列中，等待省平台接收{tried}"


def _why_none(batch: Batch, waiting: int, numbering: Offer | None) -> str:
    """Why a batch has no certificates, and what comes next."""
    if not batch.has_reached(STAGE):
        return "还没有证书。公示结束后在这里编制。"
    if not waiting:
        return "没有可以编制证书的人员：没有合格人员，或都决定暂不核发。"
    how = "点右上“编制证书”。" if numbering and numbering.open else "由证书管理员编制。"
    return f"还没有证书，有 {waiting} 人待编制：{how}"


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
    who, batch = actor(request), get_object_or_404(Batch, pk=pk)
    if what == "print":
        given = PrintForm.read(request)
        chosen, serial = _chosen(given, batch, to_print), given["first_serial"]
        done = issuing.print_certificates(who, chosen, first_serial=serial, reason=given["reason"])
        messages.success(request, f"已登记打印 {len(done)} 本。")
    else:
        given = HandOutForm.read(request)
        done = issuing.hand_out(who, _chosen(given, batch, to_hand_out), to=given["to"])
        messages.success(request, f"已登记发放 {len(done)} 本。")
    return redirect("certificates:batch", pk=pk)


def _chosen(
    given: Mapping[str, Any], batch: Batch, waiting: Callable[[Batch], QuerySet[Certificate]]
) -> QuerySet[Certificate]:
    if given["all"]:
        return waiting(batch)
    return Certificate.objects.filter(application__batch=batch, pk__in=given["chosen"])


@require_GET
@duties(*READERS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: its fields, its sheets, its corrections, what the province knows, and what may still be done with it."""
    certificate = get_object_or_404(Certificate.objects.select_related("application__batch", "photo"), pk=pk)
    who, changes = actor(request), list(certificate.changes.select_related("certificate__application__batch"))
    corrections = corrections_shown(certificate, who)
    context = {
        "title": f"证书 {certificate.number}",
        "certificate": certificate,
        "tone": "red" if certificate.is_withdrawn else "blue",
        "id_masked": mask(certificate.id_number),
        "spoiled": certificate.spoiled.all(),
        "sees_papers": who.holds(*PAPER_READERS),
        "corrections": corrections,
        "open": open_correction(certificate, corrections, who),
        "changes": changes,
        "resending": _resending(who, changes),
        "grounds": Certificate.GROUNDS,
        "correcting": _step(who, correcting.propose_correction, certificate, "更正印错的内容", "correct", page=True),
        "reprinting": _reprinting(who, certificate),
        "drawing": _drawing(who, certificate),
        "deciding_again": _deciding_again(who, certificate),
        "withdrawing": _step(who, issuing.withdraw, certificate, "撤销", "withdraw"),
        "next_serial": blanks.next_serial(),
    }
    return render(request, "certificates/one.html", context)


def _step(
    who: Actor, deed: Callable[..., Any], certificate: Certificate, title: str, address: str, *, page: bool = False
) -> Offer:
    url = reverse(f"certificates:{address}", args=[certificate.pk])
    return offer(who, deed, certificate, title=title, url=url, main=False, page=page)


def _reprinting(who: Actor, certificate: Certificate) -> Offer | None:
    """Nothing for a certificate without a sheet: its first one is noted with those of its batch."""
    if not certificate.print_serial:
        return None
    url = reverse("certificates:reprint", args=[certificate.pk])
    return offer(who, issuing.print_certificates, [certificate], title="登记重新打印", url=url, main=False)


def _drawing(who: Actor, certificate: Certificate) -> Offer | None:
    """The page that prints certificates of its batch; the link to it fills this one in."""
    if certificate.is_withdrawn:
        return None
    batch = certificate.application.batch
    url = reverse("certificates:batch_print", args=[batch.pk])
    return offer(who, draw, batch, title="打印", url=url, main=False, page=True)


def _deciding_again(who: Actor, certificate: Certificate) -> Offer | None:
    """Of a withdrawn certificate that is its application's last: whether another one comes in its place."""
    application = certificate.application
    waits = to_number(application.batch).filter(application=application).exists()
    if not certificate.is_withdrawn or certificate_of(application) != certificate or waits:
        return None
    url = reverse("certificates:decide_right", args=[application.pk])
    return offer(who, issuing.decide_right, application, title="同意重新核发", url=url, main=False)


def _resending(who: Actor, changes: list[Change]) -> dict[int, Offer]:
    """The change that the province did not take, by its key. Asked of the earliest alone: the others wait for it."""
    untold = next((change for change in changes if not change.told_at), None)
    if untold is None or not untold.refusal:
        return {}
    url = reverse("certificates:report_change", args=[untold.pk])
    return {untold.pk: offer(who, telling.report_change, untold, title="重新报送", url=url, main=False, small=True)}


@require_POST
@duties("E13")
def reprint(request: HttpRequest, pk: int) -> HttpResponse:
    """A new sheet for a certificate that is spoiled, wrong or lost."""
    chosen = get_object_or_404(Certificate, pk=pk)
    given = ReprintForm.read(request)
    reissued = given["kind"] == NewSheet.REISSUED
    (done,) = issuing.print_certificates(
        actor(request), [chosen], first_serial=given["first_serial"], reason=given["reason"], reissued=reissued
    )
    said = "已登记补发，证书上印“补发”和日期" if reissued else "已登记重新打印"
    messages.success(request, f"{said}，新流水码 {done.print_serial}，原流水码 {chosen.print_serial} 作废。")
    if done.reported:
        messages.info(request, "本证书的数据已报送，新流水码随即报送省平台。")
    return redirect("certificates:one", pk=pk)


@require_POST
@duties("L2")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate, pk=pk)
    done = issuing.withdraw(actor(request), certificate, **WithdrawForm.read(request))
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
    """For whoever checks QR codes of the first form without asking here: what is withdrawn or corrected, signed."""
    response = JsonResponse(published.revoked(), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"  # a saved copy of the page for offline checks reads it
    return response
