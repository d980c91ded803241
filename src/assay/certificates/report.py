"""Certificates in the form in which they are sent up (docs/provincial-api.md)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from assay.certificates.models import Certificate
from assay.kernel.ledger import canonical_json


def certificate_rows(certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    """One row a certificate; `digest` is the SHA-256 of the row's other values."""
    rows = []
    for c in certificates:
        row: dict[str, Any] = {
            "number": c.number,
            "name": c.name,
            "id_type": c.get_id_type_display(),
            "id_number": c.id_number,
            "occupation": c.occupation,
            "job": c.job or None,
            "level": c.level_code,
            "issued_on": c.issued_on.isoformat(),
            "print_serial": c.print_serial or None,
        }
        rows.append({**row, "digest": sha256(canonical_json(row)).hexdigest()})
    return rows
