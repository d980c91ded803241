"""Places in the status list, drawn by lot for new certificates and new editions of such."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from assay.certificates.models import Certificate, CodeIndex
from assay.certificates.status_list import SIZE
from assay.kernel.acts import Context


def give_indexes(ctx: Context, certificates: Sequence[Certificate]) -> None:
    """Within an act that holds the certificates: a place for the edition that each has now. Whoever draws at the same moment may draw
    the same; then the later act is run once more (`kernel/contention.py`)."""
    taken = set(CodeIndex.objects.values_list("index", flat=True))
    made = [CodeIndex(certificate=c, edition=c.edition, index=_drawn(taken)) for c in certificates]
    CodeIndex.objects.bulk_create(made, batch_size=500)
    ctx.record_all(made)


def _drawn(taken: set[int]) -> int:
    """A place that nobody has; it is taken from now on."""
    index = secrets.randbelow(SIZE)
    while index in taken:
        index = secrets.randbelow(SIZE)
    taken.add(index)
    return index
