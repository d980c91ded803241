"""Certificates, and what became of them, on their way to the province, which takes or refuses each by itself. Only what was sent is
looked at in its reply."""

from __future__ import annotations

from collections.abc import Mapping

from assay.batches.models import Batch
from assay.centre.actors import SYSTEM
from assay.certificates.acts.issuing import mark_reported
from assay.certificates.acts.telling import KIND as CHANGES
from assay.certificates.acts.telling import mark_changes_reported
from assay.certificates.report import still_true
from assay.kernel.correspondence import Correspondence, add_correspondence
from assay.kernel.models import OutboxMessage
from assay.kernel.outbox import subject_of


def _batch_of(message: OutboxMessage) -> Batch:
    batch = subject_of(message)
    assert isinstance(batch, Batch)
    return batch


def _received(message: OutboxMessage, accepted: set[str], refused: Mapping[str, str]) -> None:
    sent = [row["number"] for row in message.payload["rows"]]
    mark_reported(
        SYSTEM,
        _batch_of(message),
        accepted=[n for n in sent if n in accepted],
        refused={n: refused[n] for n in sent if n in refused},
    )


def _changes_received(message: OutboxMessage, accepted: set[str], refused: Mapping[str, str]) -> None:
    places = {row["number"]: int(row["sequence"]) for row in message.payload["rows"]}
    mark_changes_reported(
        SYSTEM,
        _batch_of(message),
        accepted={n: place for n, place in places.items() if n in accepted},
        refused={n: (place, refused[n]) for n, place in places.items() if n in refused},
    )


def _not_again(message: OutboxMessage) -> str:
    changed = "这些证书之后有报送、撤销或更正，内容已变，请在批次的证书页重新报送"
    return "" if still_true(message) else changed


def _changes_not_again(message: OutboxMessage) -> str:
    return "证书变更请在证书的页面重新报送：那里报送的是证书现在的内容"


add_correspondence(
    Correspondence("certificates", "证书数据", "/api/v1/certificates", by_row=_received, not_again=_not_again),
    Correspondence(
        CHANGES, "证书变更", "/api/v1/certificate-changes", by_row=_changes_received, not_again=_changes_not_again
    ),
)
