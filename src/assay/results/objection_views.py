"""Objections on the page of a batch: what was raised, who answers it, one by one or several together."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.offers import Offer, offer, offers
from assay.results.acts import notices
from assay.results.forms import ObjectionsForm
from assay.results.models import Objection, PublicNotice


@dataclass(frozen=True)
class Shown:
    """An objection, how its objector is reached (for the group that answers, and nobody else), and the answering of it."""

    objection: Objection
    contact: str
    answering: Offer


@dataclass(frozen=True)
class Objections:
    """The objections to a notice, and the answering of several with one reason while several wait."""

    rows: list[Shown]
    together: Offer | None


def objections_shown(notice: PublicNotice | None, reader: Actor) -> Objections:
    """The objections to a notice, the oldest first."""
    if notice is None:
        return Objections([], None)
    found = list(notice.objections.order_by("at"))
    answering = offers(
        reader, notices.answer_objection, found, title="答复", main=False,
        url=lambda one: reverse("results:answer_objection", args=[one.pk]),
    )  # fmt: skip
    of_the_group = reader.holds(*declaration_of(notices.answer_objection).duties)
    rows = [Shown(one, f"（{one.contact}）" if of_the_group else "", answering[one.pk]) for one in found]
    several = sum(one.answered_at is None for one in found) > 1
    return Objections(rows, _together(notice, reader) if several else None)


def _together(notice: PublicNotice, reader: Actor) -> Offer:
    return offer(
        reader, notices.answer_objections, notice, title="一并处理勾选的", main=False,
        url=reverse("results:answer_objections", args=[notice.pk]),
    )  # fmt: skip


@require_POST
@duties("Q6")
def answer_objections(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are ticked, with one reason."""
    notice = get_object_or_404(PublicNotice, pk=pk)
    given = ObjectionsForm.read(request)
    done = notices.answer_objections(actor(request), notice, given["chosen"], reason=given["reason"])
    messages.success(request, f"已一并处理 {len(done)} 件异议。")
    return redirect("results:batch", pk=notice.batch_id)


@require_POST
@duties("Q6")
def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    objection = get_object_or_404(Objection.objects.select_related("notice"), pk=pk)
    notices.answer_objection(actor(request), objection, answer=request.POST.get("answer", ""))
    messages.success(request, "已处理。")
    return redirect("results:batch", pk=objection.notice.batch_id)
