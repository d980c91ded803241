"""Accounts that nobody vouched for: a roster that says otherwise takes them from the person."""

from __future__ import annotations

from assay.applications.models import Person
from assay.applications.people import PersonData
from assay.centre.within import end_unvouched
from assay.kernel.acts import Context


def untie_if_doubted(ctx: Context, person: Person, given: PersonData) -> None:
    """Candidates once made accounts by themselves, and whoever came first with an ID number owned it. Where the department's
    roster has another name, student number or telephone number than the person, or another name than the account, that account is
    out of use; the person gets a code or is confirmed. To be called with the person locked, before the roster's facts are
    written."""
    if person.account is None or not (_differs(person, given) or person.account.name != given.name):
        return
    if end_unvouched(ctx, person.account.pk):
        person.account = None
        person.save(update_fields=["account"])
        ctx.record(person)


def _differs(person: Person, given: PersonData) -> bool:
    """A telephone number that the roster leaves out contradicts nobody."""
    same = (person.name, person.student_no) == (given.name, given.student_no)
    return not same or bool(given.phone and person.phone != given.phone)
