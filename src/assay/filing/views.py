"""Pages of the filing of a batch."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch
from assay.catalogue.models import Level
from assay.centre.actors import actor
from assay.filing import acts, document
from assay.filing.deadline import deadline_of
from assay.filing.models import Filing
from assay.filing.printing import filing_form
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.models import OutboxMessage
from assay.kernel.offers import offer
from assay.kernel.outbox import messages_about
from assay.kernel.security_log import exports

READERS = ("E1", "E2", "E5", "L2", "E12")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it would be filed now, what was filed before, and the province's answers."""
    batch = get_object_or_404(Batch, pk=pk, route="exam")
    filings = list(batch.filings.order_by("-version"))
    latest = filings[0] if filings else None
    shown = latest.document if latest and latest.state != "returned" else document.build(batch, len(filings) + 1)
    titles = dict(Level.objects.values_list("code", "title"))
    context = {
        "title": f"上报备案：{batch}",
        "batch": batch,
        "filings": filings,
        "document": shown,
        "timetable": [
            {**t, "starts_at": _moment(t["starts_at"]), "ends_at": _moment(t["ends_at"])} for t in shown["timetable"]
        ],
        "lines": [{**line, "level": titles.get(line["level"], line["level"])} for line in shown["lines"]],
        "deadline": deadline_of(batch),
        "file": None
        if latest and latest.state == "approved"
        else offer(
            actor(request),
            acts.file,
            batch,
            title="上报省中心",
            url=reverse("filing:file", args=[batch.pk]),
            confirm="确认将本批次认定计划上报省职业技能鉴定指导中心？",
        ),
        "mending": batch.stage == "filing",
        "message": _message_of(latest),
    }
    return render(request, "filing/batch.html", context)


def _moment(written: str) -> str:
    """A moment of the filed document as people read it."""
    return clock.shown(datetime.fromisoformat(written))


def _message_of(filing: Filing | None) -> OutboxMessage | None:
    return messages_about(filing).first() if filing is not None else None


@require_POST
@duties("E5")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    filing = acts.file(actor(request), batch)
    messages.success(request, f"第 {filing.version} 版已进入发送队列，送达省平台后自动等待审批。")
    return redirect(reverse("filing:batch", args=[pk]))


@require_GET
@duties(*READERS)
@exports("认定计划申报表")
def form(request: HttpRequest, pk: int) -> HttpResponse:
    filing = get_object_or_404(Filing.objects.select_related("batch"), pk=pk)
    return pdf(filing_form(filing), f"认定计划申报表_{filing.batch.code}_{filing.version}")
