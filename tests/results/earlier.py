"""An earlier assessment of a person, for tests of what is kept of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from assay.applications.models import Application, Person
from assay.batches.models import Batch
from assay.catalogue.models import ScopeRow
from assay.kernel import clock
from assay.results.models import Result
from tests import factories as f


def assessed(
    person: Person, row: ScopeRow, level: str = "4", *, ago: int = 30, released: bool = True, parts: dict[str, str] | None = None,
    **marks: Any,
) -> Result:  # fmt: skip
    """`ago` days ago the results came out: theory passed, skill failed unless said otherwise."""
    at: datetime = clock.now() - timedelta(days=ago)
    batch = f.batch("exam", "closed", [(row, level, 10)])
    day = at.date()
    Batch.objects.filter(pk=batch.pk).update(
        apply_from=day - timedelta(days=40), apply_to=day - timedelta(days=30), exam_on=day, exam_to=day
    )
    application = f.application(batch, person=person, **(parts or {}))
    values = {"theory": Decimal(86), "skill": Decimal("45.3"), "outcome": "fail", **marks}
    return Result.objects.create(
        application=application, batch=batch, computed_at=at, released_at=at if released else None, **values
    )


def applying(person: Person, row: ScopeRow, level: str = "4", stage: str = "review", **fields: Any) -> Application:
    """The same person now, in a batch of the same job and level."""
    made = f.application(f.batch("exam", stage, [(row, level, 10)]), "submitted", person=person, **fields)
    return Application.objects.select_related("batch", "line__level", "line__scope_row", "person").get(pk=made.pk)
