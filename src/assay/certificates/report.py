"""Certificates, and what became of them, in the form in which they are sent up (docs/provincial-api.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from assay.batches.models import Batch
from assay.certificates.models import Certificate, Change
from assay.kernel import outbox
from assay.kernel.clock import SHANGHAI
from assay.kernel.ledger import canonical_json
from assay.kernel.models import OutboxMessage

_WITHDRAWN, _VALID = "withdrawn", "valid"
"""How the province calls what became of a certificate."""


def certificate_rows(certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    """One row a certificate; `digest` is the SHA-256 of the row's other values."""
    return [
        _with_digest(
            {
                **_said(c),
                "occupation": c.occupation,
                "job": c.job or None,
                "level": c.level_code,
            }
        )
        for c in certificates
    ]


def change_row(change: Change) -> dict[str, Any]:
    """What happened, and the certificate as it says now: with the newest change the province knows all that was before."""
    c = change.certificate
    return _with_digest(
        {
            **_said(c),
            "sequence": change.sequence,
            "change": change.kind,
            "state": _WITHDRAWN if c.is_withdrawn else _VALID,
            "reason": change.reason,
            "changed_on": change.at.astimezone(SHANGHAI).date().isoformat(),
        }
    )


def _said(c: Certificate) -> dict[str, Any]:
    """What a correction or another sheet may change, and the number."""
    return {
        "number": c.number,
        "name": c.name,
        "id_type": c.get_id_type_display(),
        "id_number": c.id_number,
        "issued_on": c.issued_on.isoformat(),
        "print_serial": c.print_serial or None,
    }


def _with_digest(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "digest": sha256(canonical_json(row)).hexdigest()}


def on_their_way(batches: Iterable[int]) -> set[str]:
    """Numbers of certificates whose first report waits to be delivered."""
    return outbox.waiting_rows("certificates", Batch, batches, "number")


def still_true(message: OutboxMessage) -> bool:
    """Whether a refused report of certificates still says what they say: none reported, withdrawn or changed meanwhile."""
    rows = message.payload["rows"]
    found = Certificate.objects.in_force().filter(number__in=[row["number"] for row in rows], reported=False)
    now = {row["number"]: row["digest"] for row in certificate_rows(list(found))}
    return all(now.get(row["number"]) == row["digest"] for row in rows)
