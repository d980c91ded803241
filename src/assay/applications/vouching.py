"""Accounts that nobody vouched for: a roster or a correction that says otherwise takes them from the person."""

from __future__ import annotations

from assay.applications.models import Person
from assay.applications.people import PersonData
from assay.centre.within import end_unvouched
from assay.kernel.acts import Context
from assay.kernel.identity import same_name


def untie_if_doubted(ctx: Context, person: Person, given: PersonData) -> None:
    """Candidates once made accounts by themselves, and whoever came first with an ID number owned it. Where the department's
    roster has another name, student number or telephone number than the person, or another name than the account, that account is
    out of use; the person gets a code or is confirmed. To be called with the person locked, before the roster's facts are
    written."""
    if person.account is not None and (_differs(person, given) or not same_name(person.account.name, given.name)):
        _untie(ctx, person)


def untie_if_renamed(ctx: Context, person: Person) -> str:
    """The same where staff has put the name right that whoever made the account had given; what is to be said of it, '' where
    nothing has happened. To be called with the person locked, after the correction."""
    account = person.account
    if account is None or same_name(account.name, person.name) or not _untie(ctx, person):
        return ""
    return f"；以“{account.name}”自行注册的账号未经核实，已停用，请另发开通码"


def _untie(ctx: Context, person: Person) -> bool:
    if person.account is None or not end_unvouched(ctx, person.account.pk):
        return False
    person.account = None
    person.save(update_fields=["account"])
    ctx.record(person)
    return True


def _differs(person: Person, given: PersonData) -> bool:
    """A telephone number that the roster leaves out contradicts nobody."""
    same = same_name(person.name, given.name) and person.student_no == given.student_no
    return not same or bool(given.phone and person.phone != given.phone)
