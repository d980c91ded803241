"""What the gateway writes down of a message: delivered, refused, or to be tried again."""

from __future__ import annotations

from typing import Any

from assay.kernel import ledger, outbox
from assay.kernel.acts import Context, act
from assay.kernel.correspondence import kinds
from assay.kernel.models import Checkpoint, OutboxMessage
from assay.kernel.refusals import Refused


@act("gateway.record_delivery", duty="SYS", title="登记消息送达")
def record_delivery(
    ctx: Context, message: OutboxMessage, *, reply: dict[str, Any], head: Checkpoint | None = None
) -> None:
    """`head`: the head of the ledger that the province took down with the message."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    outbox.delivered(ctx, message, reply)
    ctx.note = f"{message.key} 已送达省平台"
    if head is not None:
        ledger.held_outside("省平台", head, ctx.at)


@act("gateway.keep_head", duty="SYS", title="登记签署点已留存")
def keep_head(ctx: Context, place: str, head: Checkpoint, stamp: bytes = b"") -> None:
    """Somebody else holds the head now, or has stamped it. No ledger entry: each would ask for another head."""
    ledger.held_outside(place, head, ctx.at, stamp)


@act("gateway.record_refusal", duty="SYS", title="登记消息被拒收")
def record_refusal(ctx: Context, message: OutboxMessage, *, reason: str) -> None:
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    outbox.refused(ctx, message, reason)
    ctx.note = f"{message.key} 被省平台拒收：{reason}"


@act("gateway.put_off", duty="SYS", title="推迟发送消息")
def put_off(ctx: Context, message: OutboxMessage, *, reason: str) -> None:
    """Try again later, waiting twice as long each time, five minutes at most. No official fact: no ledger entry."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    outbox.put_off(ctx, message, reason)


def require_refused(message: OutboxMessage) -> None:
    """Raises Refused unless the province would not take the message, and it still says what is so."""
    if message.state != OutboxMessage.State.REFUSED:
        raise Refused(f"{message.key} {message.get_state_display()}，只有被拒收的消息可以重新发送")
    against = kinds[message.kind].not_again(message)
    if against:
        raise Refused(against)


@act("gateway.send_again", duty="E5", title="重新发送被拒收的消息", guard=require_refused)
def send_again(ctx: Context, message: OutboxMessage) -> None:
    """After the cause is mended at the platform: put a refused message back in the queue."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    require_refused(message)
    outbox.queue_again(ctx, message)
    ctx.note = f"{message.key} 重新排入发送队列"
