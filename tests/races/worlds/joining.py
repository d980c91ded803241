"""Candidates who sign up, are vouched for, and open their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from assay.applications.acts import importing
from assay.applications.people import PersonData
from assay.centre.acts.accounts import set_active
from assay.desk.acts import release_sign_in
from assay.kernel import clock
from assay.portal import acts
from assay.portal.codes import digest_of
from assay.portal.models import ActivationCode, Claim
from tests import factories as f
from tests.races.deeds import SYSTEM, Deed, People, deed, world
from tests.races.worlds.applying import a_batch, department, roster_row, somebody

_numbers = count(1)
HASHED = "argon2$made-up"


def claimed(people: People, data: PersonData, **fields: Any) -> Claim:
    columns = data.columns()
    return Claim.objects.create(
        **{
            "number": f"N{next(_numbers):06d}", "name": data.name, "sex": columns["sex"], "id_type": data.id_type,
            "id_number": data.id_number, "id_index": columns["id_index"], "ethnic": "汉族", "education": "中等专业学校",
            "phone": "13800000000", "source": "student", "department": department(people), "student_no": data.student_no,
            "password": HASHED, "at": clock.now(), "address_index": "0" * 64, **fields,
        }
    )  # fmt: skip


def newcomer(people: People) -> PersonData:
    n = next(_numbers)
    return PersonData(
        name="新来者", id_type="resident", id_number=f.resident_number(n, birth="20050505"), education="中等专业学校",
        phone="13800000000", department=department(people).pk, student_no=f"S{n}", class_name="汽修2301",
    )  # fmt: skip


@world("applications.import_roster", "portal.confirm_claims")
def somebody_unknown(people: People) -> Iterator[Deed]:
    batch, person = a_batch(people, "apply"), somebody(people)
    data = roster_row(batch, person).person
    row = roster_row(batch, person)
    person.delete()
    yield deed(people("E5"), importing.import_roster, batch=batch, rows=[row])
    yield deed(people("E5"), acts.confirm_claims, [claimed(people, data)])


@world("portal.sign_up", "portal.confirm_claims", "portal.refuse_claims")
def two_claims_to_be_one_person(people: People) -> Iterator[Deed]:
    data = newcomer(people)
    one, other = claimed(people, data), claimed(people, data)
    yield deed(people("E5"), acts.confirm_claims, [one], said="one")
    yield deed(people("E5"), acts.confirm_claims, [other], said="the other")
    yield deed(people("E5"), acts.refuse_claims, [one], reason="查无此人")
    yield deed(SYSTEM, acts._leave_claim, data, HASHED, "192.0.2.1")


@world(
    "portal.make_codes", "portal.activate", "portal.confirm_claims", "centre.set_active", "desk.release_sign_in",
    blurred=["portal.activationcode.#digest"],
)  # fmt: skip
def person_with_a_code(people: People) -> Iterator[Deed]:
    person = somebody(people)
    account = f.candidate(person)
    ActivationCode.objects.create(
        person=person, digest=digest_of(person.id_index, "ABCD"), made_by="系部", made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    data = PersonData(person.name, person.id_type, person.id_number, student_no=person.student_no)
    claim = claimed(people, data)
    yield deed(people("E5"), acts.make_codes, [person])
    yield deed(SYSTEM, acts._activate, person.id_index, "ABCD", HASHED)
    yield deed(people("E5"), acts.confirm_claims, [claim], despite=True)
    yield deed(people("L1"), set_active, account, False)
    yield deed(people("L1"), release_sign_in, account, reason="忘记密码")
