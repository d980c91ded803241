"""How the applicants of applications follow their persons: until somebody decides, and no longer."""

from __future__ import annotations

from collections.abc import Iterable

from assay.applications.models import DECIDED, IDENTITY, UNDECIDED, Applicant, Application, Person
from assay.batches.stages import Stage
from assay.kernel.acts import Context
from assay.kernel.clock import today
from assay.kernel.recorded import rewrite

CHUNK = 500


def give_photo(row: Person | Applicant, digest: str) -> None:
    """Make the file of that digest the photo, given today; the same photo given again gets no younger."""
    if row.photo_id != digest:
        row.photo_id, row.photo_on = digest, today()


def decided_over(person: Person) -> Application | None:
    """An application of the person that a review has passed and whose batch still goes on."""
    goes_on = person.applications.filter(state__in=DECIDED).exclude(batch__stage=Stage.CLOSED)
    return goes_on.select_related("batch").order_by("pk").first()


def hold_applications(person: Person) -> None:
    """Lock what counts of the person, so that no review passes meanwhile what is being changed."""
    live = person.applications.select_for_update(of=("self",)).filter(state__in=(*UNDECIDED, *DECIDED))
    list(live.order_by("pk").values_list("pk"))


def follow(ctx: Context, persons: Iterable[Person], *, but: Iterable[Application] = ()) -> None:
    """Bring what is not yet decided of these persons (rows as saved) up to date; `but` are written by the act itself."""
    by_pk = {person.pk: person for person in persons}
    written = {application.pk for application in but}
    pks = list(by_pk)
    for start in range(0, len(pks), CHUNK):
        found = (
            Application.objects.select_for_update(of=("self",))
            .filter(person__in=pks[start : start + CHUNK], state__in=UNDECIDED)
            .select_related("applicant")
        )
        rows = [row for row in found if row.pk not in written]
        moved = [row for row in rows if row.department_id != by_pk[row.person_id].department_id]
        for row in rows:
            row.applicant.take(by_pk[row.person_id])
            row.department_id = by_pk[row.person_id].department_id
        rewrite([row.applicant for row in rows], [field.name for field in IDENTITY])
        rewrite(moved, ["department"])
        ctx.record_all(row.applicant for row in rows)
        ctx.record_all(moved)
