"""A roster names people by documents of every kind, and by names with whatever dot."""

from __future__ import annotations

import pytest

from assay.applications.acts.importing import import_roster
from assay.applications.models import Person
from assay.applications.people import person_index
from assay.applications.roster import Roster
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
MORE = (*HEAD, "证件类型", "性别", "出生日期")


@pytest.fixture
def school() -> School:
    return School()


def read(school: School, *lines: list[object]) -> Roster:
    return school.read(workbook(("名册", [MORE, *lines])))


def of(school: School, number: str, kind: str = "", sex: str = "", birth: str = "", **more: object) -> list[object]:
    return [*school.line(1, 证件号码=number, **more), kind, sex, birth]


@pytest.mark.parametrize("kind", ["", "港澳台居民居住证", "台湾居民居住证"])
def test_a_residence_permit_is_known_by_its_word_or_its_number(school: School, kind: str) -> None:
    roster = read(school, of(school, "830000197810100019", kind))
    assert roster.problems == []
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    one = Person.objects.get()
    assert (one.get_id_type_display(), one.sex, str(one.birth)) == ("港澳台居民居住证", "男", "1978-10-10")


def test_a_number_of_a_residence_permit_is_of_no_identity_card(school: School) -> None:
    (problem,) = read(school, of(school, "830000197810100019", "居民身份证")).problems
    assert (problem.column, problem.message) == (
        "证件号码", "83 开头的是港澳台居民居住证的号码，证件类型应选“港澳台居民居住证”",
    )  # fmt: skip


def test_who_was_once_entered_under_an_identity_card_is_the_same_person(school: School) -> None:
    import_roster(school.head, batch=school.batch, rows=read(school, of(school, "830000197810100019")).rows)
    Person.objects.update(id_type="resident", id_index=person_index("resident", "830000197810100019"))
    import_roster(school.head, batch=school.batch, rows=read(school, of(school, "830000197810100019")).rows)
    assert [one.id_type for one in Person.objects.all()] == ["residence_permit"]


@pytest.mark.parametrize("kind", ["回乡证", "港澳居民来往内地通行证"])
def test_a_home_return_permit_with_its_issues_is_kept_without_and_it_is_said(school: School, kind: str) -> None:
    roster = read(school, of(school, "H0123456701", kind, "女"))
    assert roster.problems == []
    assert "名册.xlsx「名册」第 2 行：证件号码 H0123456701 的末两位是换证次数，按 H01234567 登记" in roster.notes
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    again = read(school, of(school, "H0123456702", kind, "女"))
    import_roster(school.head, batch=school.batch, rows=again.rows)
    assert [one.id_number for one in Person.objects.all()] == ["H01234567"]


def test_an_unknown_document_is_one_problem_with_what_there_is(school: School) -> None:
    (problem,) = read(school, of(school, "8300001978", "借书证")).problems
    assert problem.column == "证件类型"
    assert "港澳台居民居住证" in problem.message


@pytest.mark.parametrize(("birth", "said"), [("1850-01-01", "过早"), ("2096-01-01", "还没有到")])
def test_a_birth_date_beside_a_passport_can_be(school: School, birth: str, said: str) -> None:
    (problem,) = read(school, of(school, "E12345678", "护照", "男", birth)).problems
    assert problem.column == "出生日期"
    assert said in problem.message


def test_a_name_is_kept_with_the_middle_dot_and_who_was_kept_with_another_is_known_by_it(school: School) -> None:
    number = school.line(1)[1]
    rows = read(school, of(school, str(number), 姓名="古丽米热•艾比布力")).rows
    import_roster(school.head, batch=school.batch, rows=rows)
    assert Person.objects.get().name == "古丽米热·艾比布力"
    Person.objects.update(name="古丽米热•艾比布力")
    again = read(school, of(school, str(number), 姓名="古丽米热.艾比布力"))
    assert again.problems == []
    import_roster(school.head, batch=school.batch, rows=again.rows)
    assert Person.objects.get().name == "古丽米热·艾比布力"
