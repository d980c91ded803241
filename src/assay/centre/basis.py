"""The basis of the rules as the centre has entered it, version by version."""

from __future__ import annotations

from collections.abc import Sequence

from assay.centre.models import BasisVersion, Centre
from assay.kernel import clock
from assay.kernel.basis import Kind, in_force
from assay.kernel.citing import read_by


@read_by
def versions() -> Sequence[BasisVersion]:
    """In the order of entering; never none. A centre that began before a basis could be chosen has the plan; where there is no centre yet,
    nothing is shown that may be another school's."""
    found = list(BasisVersion.objects.all())
    if found:
        return found
    kind = Kind.DELIVERED if Centre.objects.exists() else Kind.NATIONAL
    return [BasisVersion(kind=kind, entered_at=clock.now())]


def now() -> BasisVersion:
    """What is in force."""
    return present(versions())


def present(rows: Sequence[BasisVersion]) -> BasisVersion:
    """The one in force of rows of which there is one at least."""
    found = in_force(rows, clock.today())
    assert found is not None
    return found
