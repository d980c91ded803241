"""A candidate's own account: made by the candidate, tied to the person by ID number."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from assay.applications.acts import register_person
from assay.applications.models import Person
from assay.applications.people import PersonData, person_index
from assay.centre.models import Account
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)2"


def username_for(id_type: str, id_number: str) -> str:
    """The account's name: derived from the ID number, telling nothing of it."""
    return f"k-{person_index(id_type, id_number)[:24]}"


@act("portal.sign_up", duty="SYS", title="考生注册", clause="四(一)2")
def sign_up(ctx: Context, data: PersonData, *, password: str) -> Account:
    """Make a candidate's account. A person who is already on a roster must name the same name and student number, and the
    telephone number where the roster has one: classmates know the rest."""
    username = username_for(data.id_type, data.id_number)
    if Account.objects.filter(username=username).exists():
        raise Refused("该证件号码已注册，请直接登录；忘记口令请到系部办理", CLAUSE)
    known = Person.objects.filter(id_index=person_index(data.id_type, data.id_number)).first()
    if known is not None and not _is_the_person(known, data):
        raise Refused("姓名、学号或手机号码与系部报送的名册不符，请核对或联系系部", CLAUSE)
    account = Account(username=username, name=data.name, kind="candidate", department_id=data.department)
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Refused("；".join(weak.messages)) from weak
    account.set_password(password)
    account.save()
    ctx.record(account)
    if known is None:
        register_person(_registrar(ctx), data, account=account)
    else:
        known.account = account
        known.save(update_fields=["account"])
        ctx.record(known)
    return account


def _is_the_person(known: Person, data: PersonData) -> bool:
    same = (known.name, known.student_no) == (data.name, data.student_no)
    return same and (not known.phone or known.phone == data.phone)


def _registrar(ctx: Context) -> Actor:
    """The sign-up page registers the new person on the candidate's behalf."""
    return Actor(None, ctx.actor.name, frozenset({"E5"}))
