"""What acts of later rooms do to persons: within their act, in this room's own words."""

from __future__ import annotations

from assay.applications.models import Person
from assay.applications.people import PersonData, person_index
from assay.centre.models import Account
from assay.kernel.acts import Context
from assay.kernel.clock import today
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)2"


def register(ctx: Context, data: PersonData) -> Person:
    """Create the person. Somebody who is known already is corrected by acts that say so, never by registering again."""
    problems = data.problems(today())
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    if Person.objects.filter(id_index=person_index(data.id_type, data.id_number)).exists():
        raise Refused("该证件号码已经登记，不能重复登记；信息有误请到系部更正", CLAUSE)
    person = Person(**data.columns())
    person.save()
    ctx.record(person)
    return person


def give_account(ctx: Context, person: Person, account: Account) -> None:
    """The account with which the person signs in from now on."""
    person.account = account
    person.save(update_fields=["account"])
    ctx.record(person)
