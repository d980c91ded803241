"""The outbox on screen: what was sent, what waits, what was refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from assay.centre.actors import actor
from assay.gateway import acts, delivery
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.clock import SHANGHAI
from assay.kernel.correspondence import kinds
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.models import OutboxMessage
from assay.kernel.offers import Offer, offers

SENDERS = ("E5", "E9", "E13")


@require_GET
@duties(*SENDERS, "E12")
def outbox(request: HttpRequest) -> HttpResponse:
    """All messages to the province."""
    listing = Listing(
        request,
        OutboxMessage.objects.all(),
        [
            Column(
                "时间",
                lambda m: m.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
                "created_at",
                lambda m: m.created_at,
            ),
            Column("内容", lambda m: kinds[m.kind].title),
            Column("消息号", lambda m: m.key),
            Column("状态", lambda m: m.get_state_display(), "state"),
            Column("次数", lambda m: m.attempts),
            Column("说明", _explained, plain=lambda m: m.last_error),
        ],
        filters=[
            Filter("state", "状态", OutboxMessage.State.choices, "state"),
            Filter("kind", "内容", [(one.kind, one.title) for one in kinds.values()], "kind"),
        ],
        search=["key"],
        search_hint="消息号",
        order="-created_at",
        name="省平台消息",
        empty="还没有发往省平台的消息：上报备案、成绩或证书后会出现在这里。",
    )
    who, refused = actor(request), _refused()
    context = {
        "title": "省平台消息",
        "deliver": _delivering(who),
        "refused": [(message, kinds[message.kind].not_again(message)) for message in refused],
        "again": offers(
            who, acts.send_again, refused, title="重新发送", url=lambda m: reverse("gateway:send_again", args=[m.pk]), main=False
        ),
    }  # fmt: skip
    return listing.respond("gateway/outbox.html", context)


def _explained(message: OutboxMessage) -> str:
    return format_html("<span class='text-warning'>{}</span>", message.last_error) if message.last_error else ""


def _delivering(who: Actor) -> Offer | None:
    """To send now is nobody's act: what is sent and answered is taken down by the system's own."""
    return Offer("立即发送并查询审批", reverse("gateway:deliver"), None) if who.holds(*SENDERS) else None


def _refused() -> list[OutboxMessage]:
    """Messages that were refused, the oldest first."""
    return list(OutboxMessage.objects.filter(state=OutboxMessage.State.REFUSED).order_by("created_at")[:20])


@require_POST
@duties(*SENDERS)
def deliver(request: HttpRequest) -> HttpResponse:
    """Send now and ask for answers, without waiting for the next round."""
    sent = delivery.deliver_due()
    answers = delivery.poll_answers()
    messages.info(
        request,
        f"已发送 {sent.sent} 条，推迟 {sent.put_off} 条，被拒收 {sent.refused} 条；收到审批 {answers.answered} 条。",
    )
    return redirect("gateway:outbox")


@require_POST
@duties("E5")
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    acts.send_again(actor(request), get_object_or_404(OutboxMessage, pk=pk))
    return redirect("gateway:outbox")
