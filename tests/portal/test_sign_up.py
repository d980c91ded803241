"""Who is on a roster makes the own account only by naming what the department reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.applications.models import Person
from assay.applications.people import PersonData, person_index
from assay.kernel.refusals import Refused
from assay.portal.acts import sign_up
from tests import factories as f

pytestmark = pytest.mark.django_db
SYSTEM = f.actor_with("SYS")
PASSWORD = "kao-ping-2026-x"


@pytest.fixture
def data() -> PersonData:
    number = f.resident_number(77)
    department = f.department()
    f.person(
        id_number=number, id_index=person_index("resident", number), name="柳一", student_no="S77", phone="13900000077",
        department=department,
    )  # fmt: skip
    return PersonData(
        name="柳一", id_type="resident", id_number=number, student_no="S77", phone="13900000077", department=department.pk,
        education="中等专业学校",
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [{"name": "柳二"}, {"student_no": "S78"}, {"phone": "13900000078"}])
def test_one_wrong_fact_of_the_roster_and_there_is_no_account(data: PersonData, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused, match="名册不符"):
        sign_up(SYSTEM, replace(data, **wrong), password=PASSWORD)
    assert Person.objects.get().account is None


def test_all_facts_right_and_the_account_is_tied_to_the_person(data: PersonData) -> None:
    account = sign_up(SYSTEM, data, password=PASSWORD)
    assert Person.objects.get().account == account


def test_where_the_roster_has_no_number_any_will_do(data: PersonData) -> None:
    Person.objects.update(phone="")
    assert sign_up(SYSTEM, replace(data, phone="13900000099"), password=PASSWORD).pk
