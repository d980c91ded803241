"""The stock of blank sheets: its page, what is noted there, its register on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.centre.actors import actor
from assay.certificates import blanks as stock
from assay.certificates import serials
from assay.certificates.acts import blanks as acts
from assay.certificates.blank_register import blank_register
from assay.certificates.forms import DestroyForm, ReceiveForm, SheetsForm, SpoilForm
from assay.certificates.models import BlankReceipt, Destruction, SpoiledSheet
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.clock import today
from assay.kernel.documents.response import pdf
from assay.kernel.offers import Offer, offer

READERS = ("E13", "E10", "L2", "E12")
SPANS = 12
"""So many stretches of what is left are named; the register has all."""


@require_GET
@duties(*READERS)
def blanks(request: HttpRequest) -> HttpResponse:
    """What came in, what became of it, what is left; and what can be noted."""
    who, now = actor(request), stock.stock()
    kept = SpoiledSheet.objects.filter(destruction=None).select_related("certificate")
    context = {
        "title": "空白证书",
        "stock": now,
        "left": serials.said(now.left[:SPANS]) + (" 等" if len(now.left) > SPANS else ""),
        "receipts": BlankReceipt.objects.order_by("-received_on", "-pk"),
        "outside": kept.filter(returned_at=None),
        "inside": kept.exclude(returned_at=None),
        "destructions": Destruction.objects.order_by("-destroyed_on", "-pk"),
        "receiving": _step(who, acts.receive_blanks, "登记领入", "receive_blanks"),
        "spoiling": _step(who, acts.spoil_blanks, "登记作废", "spoil_blanks"),
        "taking_back": _step(who, acts.take_back, "登记收回（勾选）", "take_back"),
        "destroying": _step(who, acts.destroy_sheets, "登记销毁（勾选）", "destroy_sheets"),
        "receive_form": ReceiveForm(initial={"received_on": today()}, auto_id="receive-%s"),
        "spoil_form": SpoilForm(auto_id="spoil-%s"),
        "destroy_form": DestroyForm(initial={"destroyed_on": today()}, auto_id="destroy-%s"),
    }
    return render(request, "certificates/blanks.html", context)


def _step(who: Actor, deed: Callable[..., Any], title: str, address: str) -> Offer:
    return offer(who, deed, title=title, url=reverse(f"certificates:{address}"))


def _ticked(given: dict[str, Any]) -> QuerySet[SpoiledSheet]:
    return SpoiledSheet.objects.filter(pk__in=given.pop("chosen"))


@require_POST
@duties("E13")
def receive(request: HttpRequest) -> HttpResponse:
    receipt = acts.receive_blanks(actor(request), **ReceiveForm.read(request))
    messages.success(request, f"已登记领入 {receipt.count} 张：{receipt}。")
    return redirect("certificates:blanks")


@require_POST
@duties("E13")
def spoil(request: HttpRequest) -> HttpResponse:
    made = acts.spoil_blanks(actor(request), **SpoilForm.read(request))
    messages.success(request, f"已登记作废 {len(made)} 张。")
    return redirect("certificates:blanks")


@require_POST
@duties("E13")
def take_back(request: HttpRequest) -> HttpResponse:
    rows = acts.take_back(actor(request), _ticked(SheetsForm.read(request)))
    messages.success(request, f"已登记收回 {len(rows)} 张旧证。")
    return redirect("certificates:blanks")


@require_POST
@duties("E13")
def destroy(request: HttpRequest) -> HttpResponse:
    given = DestroyForm.read(request)
    destruction = acts.destroy_sheets(actor(request), _ticked(given), **given)
    messages.success(request, f"已登记销毁 {destruction.count} 张，监销人 {destruction.witness}。")
    return redirect("certificates:blanks")


@require_GET
@duties(*READERS)
def register(request: HttpRequest) -> HttpResponse:
    return pdf(blank_register(), "空白证书台账")
