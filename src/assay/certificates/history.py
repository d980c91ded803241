"""What this room knows of earlier assessments: certificates in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assay.applications.history import Held, History, Sought
from assay.certificates.models import Certificate


def certificates_in_force(pairs: Sequence[tuple[Sought, History]]) -> None:
    """Add to each history the certificates of the same job and level that were not withdrawn."""
    found: dict[tuple[str, int, int], list[Certificate]] = defaultdict(list)
    rows = Certificate.objects.in_force().filter(
        id_index__in={sought.id_index for sought, _ in pairs},
        application__line__scope_row__in={sought.scope_row for sought, _ in pairs},
        application__line__level__in={sought.level for sought, _ in pairs},
    )
    for certificate in rows.select_related("application__line").order_by("issued_on", "number"):
        line = certificate.application.line
        found[certificate.id_index, line.scope_row_id, line.level_id].append(certificate)
    for sought, history in pairs:
        history.held += [
            Held(certificate.number, certificate.issued_on)
            for certificate in found[sought.key]
            if certificate.application.batch_id != sought.batch
        ]
