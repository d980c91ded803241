"""Pages of the filing of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.catalogue.models import Level
from assay.centre.actors import actor
from assay.filing import acts, document
from assay.filing.deadline import deadline_of
from assay.filing.models import Filing
from assay.filing.printing import filing_form
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.documents.response import pdf
from assay.kernel.models import OutboxMessage
from assay.kernel.offers import Offer, offer
from assay.kernel.outbox import messages_about
from assay.kernel.security_log import exports

READERS = ("E1", "E2", "E5", "L2", "E12")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it would be filed now, what was filed before, and the province's answers."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    filings = list(batch.filings.order_by("-version"))
    latest = filings[0] if filings else None
    shown = latest.document if latest and not latest.is_returned else document.build(batch, len(filings) + 1)
    context = {
        "title": f"上报备案：{batch}",
        "batch": batch,
        "filings": filings,
        "latest": latest,
        "document": shown,
        "timetable": _timetable(shown),
        "lines": _lines(shown),
        "people": people_said(shown),
        "rooms": shown.get("rooms", []),
        "deadline": deadline_of(batch),
        "file": None if latest and latest.is_approved else _filing(actor(request), batch),
        "mending": batch.stage == Stage.FILING,
        "on_the_way": _on_the_way(latest),
    }
    return render(request, "filing/batch.html", context)


def _filing(who: Actor, batch: Batch) -> Offer:
    return offer(
        who, acts.file, batch, title="上报省中心", url=reverse("filing:file", args=[batch.pk]),
        confirm="确认将本批次认定计划上报省职业技能鉴定指导中心？",
    )  # fmt: skip


def _timetable(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sessions of a filed document with their moments as people read them."""
    return [
        {**session, **{name: clock.shown(datetime.fromisoformat(session[name])) for name in ("starts_at", "ends_at")}}
        for session in shown["timetable"]
    ]


def _lines(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    titles = dict(Level.objects.values_list("code", "title"))
    return [{**line, "level": titles.get(line["level"], line["level"])} for line in shown["lines"]]


def people_said(shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Who does what by the document: the names under each kind of work; examiners with their cards."""
    kinds = (
        ("invigilators", "监考人员", _name),
        ("examiners", "考评员", lambda person: f"{person['name']}（{person['card_no']}）"),
        ("supervisors", "内部督导员", _name),
        ("staff", "工作人员", _name),
    )
    return [(title, [named(person) for person in shown.get(key, [])]) for key, title, named in kinds]


def _name(person: Mapping[str, Any]) -> str:
    return str(person["name"])


def _on_the_way(filing: Filing | None) -> OutboxMessage | None:
    """The message with the newest document, while the province has not taken it."""
    found = messages_about(filing).first() if filing is not None else None
    return None if found is None or found.is_sent else found


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
