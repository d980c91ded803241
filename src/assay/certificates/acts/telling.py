"""Telling the province what became of certificates that it has: withdrawn, corrected, printed on another sheet.

A change of a certificate whose first report is still on its way waits until the report is taken; after that each waits for
the one before it. So the province never hears of a certificate that it does not know, nor of two changes the wrong way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from django.db.models import Max

from assay.batches.models import Batch
from assay.certificates.models import Certificate, Change
from assay.certificates.report import change_row, on_their_way
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from assay.kernel.ledger import canonical_json
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)8"
KIND = "certificate_changes"


def note_changes(ctx: Context, certificates: Sequence[Certificate], kind: str, reason: str) -> None:
    """Within an act that holds the certificates' locks: what happened to those that the province has or is about to get."""
    travelling = on_their_way({c.application.batch_id for c in certificates if not c.reported})
    known = [c for c in certificates if c.reported or c.number in travelling]
    counted = Change.objects.filter(certificate__in=known).order_by().values_list("certificate")
    last = dict(counted.annotate(last=Max("sequence")))
    made = Change.objects.bulk_create(
        [Change(certificate=c, sequence=last.get(c.pk, 0) + 1, kind=kind, reason=reason, at=ctx.at) for c in known],
        batch_size=500,
    )
    send_next(ctx, known)
    ctx.record_all(Change.objects.filter(pk__in=[change.pk for change in made]))


def send_next(ctx: Context, certificates: Iterable[Certificate]) -> None:
    """Put out the next change of each certificate that the province has, unless one is on its way already. What the province
    refused is sent again on request only, or is told with the next change."""
    waiting = Change.objects.filter(
        certificate__in=[c.pk for c in certificates if c.reported], told_at=None, refusal=""
    )
    chosen: dict[int, Change] = {}
    for change in waiting.select_related("certificate__application__batch"):
        chosen.setdefault(change.certificate_id, change)
    travelling = _travelling({c.certificate.application.batch_id for c in chosen.values()})
    _send(ctx, [change for change in chosen.values() if change.certificate.number not in travelling])


def _travelling(batches: Iterable[int]) -> set[str]:
    """Numbers of certificates of which a change lies in the outbox."""
    return outbox.waiting_rows(KIND, Batch, batches, "number")


def _send(ctx: Context, changes: Sequence[Change]) -> None:
    """One message for each batch."""
    by_batch: dict[Batch, list[Change]] = {}
    for change in changes:
        change.sendings, change.refusal = change.sendings + 1, ""
        by_batch.setdefault(change.certificate.application.batch, []).append(change)
    rewrite(changes, ["sendings", "refusal"])
    ctx.record_all(changes)
    for batch, of_batch in by_batch.items():
        rows = [change_row(change) for change in of_batch]
        digest = sha256(canonical_json([rows, [change.sendings for change in of_batch]])).hexdigest()
        payload = {"batch_code": batch.code, "rows": rows}
        outbox.enqueue(ctx, KIND, batch, payload, key=f"certificate-changes-{batch.code}-{digest[:32]}")


def forget_changes(ctx: Context, certificates: Iterable[Certificate]) -> None:
    """The province did not take these certificates after all: there is nothing of theirs to change there."""
    for change in Change.objects.filter(certificate__in=list(certificates), told_at=None):
        ctx.record_removed(Change, change.pk)
        change.delete()


@act("certificates.mark_changes_reported", duty="SYS", title="登记证书变更已报送", clause="四(一)8")
def mark_changes_reported(
    ctx: Context, batch: Batch, *, accepted: Mapping[str, int], refused: Mapping[str, tuple[int, str]]
) -> int:
    """Take down which changes (certificate number → its place among the changes) the province took, and with each all before
    it; and which it did not, and why. The next ones go out."""
    certificates = {
        c.number: c
        for c in Certificate.objects.select_for_update(of=("self",))
        .filter(application__batch=batch, number__in=[*accepted, *refused])
        .select_related("application__batch")
        .order_by("number")
    }
    untold = list(
        Change.objects.filter(certificate__in=certificates.values(), told_at=None).select_related("certificate")
    )
    for change in untold:
        number = change.certificate.number
        place, why = refused.get(number, (0, ""))
        if change.sequence <= accepted.get(number, 0):
            change.told_at, change.refusal = ctx.at, ""
        elif change.sequence == place:
            change.refusal = why[:300]
    rewrite(untold, ["told_at", "refusal"])
    send_next(ctx, list(certificates.values()))
    ctx.record_all(Change.objects.filter(pk__in=[change.pk for change in untold]))
    said = "；".join(f"{number} {why}" for number, (_, why) in list(refused.items())[:20])
    ctx.note = f"省平台接收证书变更 {len(accepted)} 项" + (f"，未接收 {len(refused)} 项：{said}" if refused else "")
    return len(accepted)


def require_untold(change: Change) -> None:
    """Raises Refused unless the change is the next one that the province has to hear of, and none is on its way."""
    certificate = change.certificate
    if change.told_at is not None:
        raise Refused(f"证书 {certificate.number} 的这项变更省平台已接收", CLAUSE)
    if not certificate.reported:
        raise Refused(f"证书 {certificate.number} 的数据省平台尚未接收，接收后变更随即报送", CLAUSE)
    if certificate.number in _travelling([certificate.application.batch_id]):
        raise Refused(f"证书 {certificate.number} 的变更已在报送途中", CLAUSE)
    earlier = certificate.changes.filter(told_at=None, sequence__lt=change.sequence).first()
    if earlier is not None:
        raise Refused(f"请先报送较早的一项变更（{earlier.get_kind_display()}）", CLAUSE)


@act("certificates.report_change", duty="E13", title="重新报送证书变更", clause="四(一)8", guard=require_untold)
def report_change(ctx: Context, change: Change) -> Change:
    """Send a change again that the province did not take, with the certificate as it is now."""
    Certificate.objects.select_for_update().get(pk=change.certificate_id)
    change = Change.objects.select_related("certificate__application__batch").get(pk=change.pk)
    require_untold(change)
    _send(ctx, [change])
    ctx.record(change)
    return change
