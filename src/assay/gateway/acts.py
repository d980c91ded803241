"""What the gateway writes down of a message: delivered, refused, or to be tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assay.certificates.report import still_true
from assay.kernel.acts import Context, act
from assay.kernel.models import Checkpoint, OutboxMessage, OutsideHead
from assay.kernel.refusals import Refused

LONGEST_WAIT_S = 300


@act("gateway.record_delivery", duty="SYS", title="登记消息送达")
def record_delivery(
    ctx: Context, message: OutboxMessage, *, reply: dict[str, Any], head: Checkpoint | None = None
) -> None:
    """`head`: the head of the ledger that the province took down with the message."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    message.state, message.reply, message.sent_at, message.last_error = "sent", reply, ctx.at, ""
    message.attempts += 1
    message.save()
    ctx.record(message)
    ctx.note = f"{message.key} 已送达省平台"
    if head is not None:
        _held(ctx, "省平台", head)


@act("gateway.keep_head", duty="SYS", title="登记签署点已留存")
def keep_head(ctx: Context, place: str, head: Checkpoint, stamp: bytes = b"") -> None:
    """Somebody else holds the head now, or has stamped it. No ledger entry: each would ask for another head."""
    _held(ctx, place, head, stamp)


def _held(ctx: Context, place: str, head: Checkpoint, stamp: bytes = b"") -> None:
    said = {"at": ctx.at, "note": head.note, "stamp": stamp}
    OutsideHead.objects.get_or_create(place=place, size=head.size, defaults=said)


@act("gateway.record_refusal", duty="SYS", title="登记消息被拒收")
def record_refusal(ctx: Context, message: OutboxMessage, *, reason: str) -> None:
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    message.state, message.last_error = "refused", reason
    message.attempts += 1
    message.save()
    ctx.record(message)
    ctx.note = f"{message.key} 被省平台拒收：{reason}"


@act("gateway.put_off", duty="SYS", title="推迟发送消息")
def put_off(ctx: Context, message: OutboxMessage, *, reason: str) -> None:
    """Try again later, waiting twice as long each time, five minutes at most. No official fact: no ledger entry."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    message.attempts += 1
    message.last_error = reason
    message.next_at = ctx.at + timedelta(seconds=min(2**message.attempts, LONGEST_WAIT_S))
    message.save()


@act("gateway.send_again", duty="E5", title="重新发送被拒收的消息")
def send_again(ctx: Context, message: OutboxMessage) -> None:
    """After the cause is mended at the platform: put a refused message back in the queue."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if message.state != "refused":
        raise Refused(f"{message.key} {message.get_state_display()}，只有被拒收的消息可以重新发送")
    if message.kind == "certificate_changes":
        raise Refused("证书变更请在证书的页面重新报送：那里报送的是证书现在的内容")
    if message.kind == "certificates" and not still_true(message):
        raise Refused("这些证书之后有报送、撤销或更正，内容已变，请在批次的证书页重新报送")
    message.state, message.next_at = "pending", ctx.at
    message.save()
    ctx.record(message)
    ctx.note = f"{message.key} 重新排入发送队列"
