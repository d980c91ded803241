"""The outbox: what must reach an outside system is written in the same transaction as the act that causes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from assay.kernel import clock
from assay.kernel.acts import Context
from assay.kernel.models import OutboxMessage
from assay.kernel.recorded import Recorded


def enqueue(ctx: Context, kind: str, subject: Recorded, payload: dict[str, Any], *, key: str) -> OutboxMessage:
    """Within an act: put a message out. `key` is its idempotency key: the same key is one message, however often it is sent."""
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "about": subject.subject(),
            "about_id": str(subject.pk),
            "payload": payload,
            "created_at": clock.now(),
            "next_at": clock.now(),
        },
    )
    ctx.record(message)
    return message


def messages_about(subject: Recorded) -> QuerySet[OutboxMessage]:
    """What was put out about a row, whatever became of it."""
    return OutboxMessage.objects.filter(about=subject.subject(), about_id=str(subject.pk))


def waiting_rows(kind: str, subject: type[Recorded], pks: Iterable[int], name: str) -> set[Any]:
    """What the rows of messages of a kind about these subjects say under `name`, as far as they wait to be delivered."""
    waiting = OutboxMessage.objects.filter(
        kind=kind, state="pending", about=subject.subject(), about_id__in=[str(pk) for pk in pks]
    )
    return {row[name] for payload in waiting.values_list("payload", flat=True) for row in payload["rows"]}
