"""A roster changes nobody who is not its department's, renames nobody, and leaves alone what was reviewed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from assay.applications import within
from assay.applications.acts.importing import import_roster
from assay.applications.models import Application, Person
from assay.applications.people import PersonData
from assay.applications.photos import read_photos
from assay.applications.roster import Roster, read_roster
from assay.applications.roster_lookup import Lookup
from assay.applications.roster_rows import RosterRow
from assay.kernel import files, verification
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import HEAD, photo, photos, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
NUMBER = f.resident_number(1)


@pytest.fixture
def school() -> School:
    return School()


def known(school: School, state: str | None = None, stage: str = "review", **facts: object) -> Person:
    """The person of the roster's first row as known before, perhaps with an application in a batch of before."""
    person = f.person(
        **{
            "name": f.name(1), "id_number": NUMBER, "department": school.department, "major": school.major,
            "class_name": "汽修2401", "student_no": "20240001", "graduates_on": school.graduates,
            "photo": files.keep(photo("red")), "phone": "13900000001", "email": "old@example.cn", **facts,
        }
    )  # fmt: skip
    if state is not None:
        f.application(f.batch("exam", stage=stage, name="先前批次"), state=state, person=person)
    return person


def facts() -> list[object]:
    people = [(p.pk, *(getattr(p, column) for column in FACTS)) for p in Person.objects.order_by("pk")]
    applicants = [(a.pk, a.state, a.applicant.name, a.applicant.class_name) for a in Application.objects.order_by("pk")]
    return [people, applicants, f.kept_files()]


FACTS = ("name", "id_number", "department_id", "class_name", "student_no", "phone", "photo_id", "email")


def problems(school: School, *lines: list[object], **options: bytes) -> list[tuple[int, str, str]]:
    return school.problems(*lines, **options)


def rows(school: School, *lines: list[object], zipped: bytes | None = None) -> list[RosterRow]:
    """The rows as somebody reads them for whom all departments are the own: what the import has to look at once more."""
    found = read_photos("照片.zip", zipped) if zipped else None
    roster: Roster = read_roster("名册.xlsx", workbook(("名册", [HEAD, *lines])), Lookup(school.batch), found)
    return roster.rows


def test_another_departments_person_and_department_are_refused_with_all_else_and_nothing_changes(
    school: School,
) -> None:
    other = f.department(name="机电工程系")
    known(school, department=other)
    before = facts()
    found = problems(
        school, school.line(1, 班级="被外系改的班"), school.line(2, 院系="机电工程系"), school.line(3, 等级="9")
    )
    assert [(row, column) for row, column, _ in found] == [(2, "证件号码"), (3, "院系"), (4, "等级")]
    assert "登记在其他系部" in found[0][2]
    assert facts() == before


def test_the_import_looks_at_it_again_under_the_lock(school: School) -> None:
    sound = rows(school, school.line(1), school.line(2, 院系=f.department(name="机电工程系").name))
    known(school, department=f.department())
    before = facts()
    with pytest.raises(Refused) as refused:
        import_roster(school.head, batch=school.batch, rows=sound)
    assert "第 2 行" in refused.value.message
    assert "第 3 行" in refused.value.message
    assert facts() == before


def test_the_page_refuses_another_departments_person_too(school: School, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    known(school, department=f.department())
    before = facts()
    client.force_login(f.staff("R1", department=school.department), "django.contrib.auth.backends.ModelBackend")
    file = SimpleUploadedFile("名册.xlsx", workbook(("名册", [HEAD, school.line(1)])))
    page = client.post("/applications/roster/", {"batch": school.batch.pk, "file": file, "pledged": "on"})
    assert page.status_code == 422
    assert "登记在其他系部" in page.content.decode()
    assert facts() == before


def test_the_centre_moves_a_person_from_one_department_to_another(school: School) -> None:
    person = known(school, department=f.department())
    import_roster(f.actor_with("E5"), batch=school.batch, rows=rows(school, school.line(1)))
    person.refresh_from_db()
    assert person.department == school.department


def test_another_name_under_a_known_number_is_a_problem_of_the_name(school: School) -> None:
    read_before = rows(school, school.line(1, 姓名="王改名"))
    known(school)
    before = facts()
    found = problems(school, school.line(1, 姓名="王改名"))
    assert [(row, column) for row, column, _ in found] == [(2, "姓名")]
    assert f"登记的姓名是“{f.name(1)}”" in found[0][2]
    with pytest.raises(Refused, match="第 2 行 王改名：该证件号码已登记的姓名是"):
        import_roster(school.head, batch=school.batch, rows=read_before)
    assert facts() == before


@pytest.mark.parametrize(("column", "value"), [("班级", "汽修2402"), ("学号", "20240099")])
def test_what_an_open_batch_has_reviewed_no_roster_changes(school: School, column: str, value: str) -> None:
    known(school, "approved")
    before = facts()
    found = problems(school, school.line(1, **{column: value}))
    assert [row for row, _, _ in found] == [2]
    assert "“先前批次”审核通过的不同" in found[0][2]
    with pytest.raises(Refused, match="审核通过的不同"):
        import_roster(school.head, batch=school.batch, rows=_read_before(school, school.line(1, **{column: value})))
    assert facts() == before


def _read_before(school: School, line: list[object]) -> list[RosterRow]:
    """The row as read before the person was admitted."""
    Application.objects.update(state="withdrawn")
    found = rows(school, line)
    Application.objects.update(state="approved")
    return found


def test_the_photo_that_an_open_batch_has_reviewed_no_roster_changes(school: School) -> None:
    person = known(school, "approved")
    name = f"{f.name(1)}_{NUMBER}.jpg"
    before = facts()
    found = problems(school, school.line(1), zipped=photos([name], "blue"))
    assert len(found) == 1
    assert "从压缩包中去掉这一张" in found[0][2]
    assert facts() == before
    assert problems(school, school.line(1), zipped=photos([name], "red")) == []
    assert Person.objects.get().photo_id == person.photo_id


def test_a_roster_brings_an_admitted_person_up_to_date_and_not_what_was_reviewed(school: School) -> None:
    known(school, "approved", education="高中", enrolled_on=date(2024, 9, 1))
    reviewed = Application.objects.get()
    roster = school.read(
        workbook(("名册", [HEAD, school.line(1, 文化程度="大学专科和专科学校", 入学年月="2025-09-01")]))
    )
    assert roster.problems == []
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    person, kept = Person.objects.get(), Application.objects.get(pk=reviewed.pk).applicant
    assert (person.education, person.enrolled_on) == ("大学专科和专科学校", date(2025, 9, 1))
    assert (kept.education, kept.enrolled_on) == ("高中", date(2024, 9, 1))
    assert Application.objects.get(batch=school.batch).applicant.education == "大学专科和专科学校"


def test_who_applies_again_gets_an_applicant_of_the_new_application(school: School) -> None:
    person = known(school, "approved", stage="closed")
    first = Application.objects.get()
    zipped = photos([f"{f.name(1)}_{NUMBER}.jpg"], "blue")
    roster = school.read(workbook(("名册", [HEAD, school.line(1, 班级="汽修2302")])), zipped=zipped)
    assert roster.problems == []
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    first = Application.objects.get(pk=first.pk)
    second = Application.objects.exclude(pk=first.pk).get()
    assert (second.person, second.state) == (person, "submitted")
    assert (first.applicant.class_name, second.applicant.class_name) == ("汽修2401", "汽修2302")
    assert (first.applicant.photo_id, second.applicant.photo_id) == (
        files.digest_of(photo("red")), files.digest_of(photo("blue")),
    )  # fmt: skip


def test_what_a_row_leaves_empty_stays_as_it_is_known(school: School) -> None:
    known(school, ethnic="回族")
    import_roster(school.head, batch=school.batch, rows=rows(school, school.line(1, 班级="")))
    person = Person.objects.get()
    assert (person.email, person.phone, person.ethnic) == ("old@example.cn", "13900000001", "回族")
    assert person.class_name == "汽修2401"


def test_an_import_brings_what_is_undecided_up_to_date_and_leaves_what_is_decided(school: School) -> None:
    person = known(school)
    for state in ("draft", "returned", "submitted", "first_passed", "rejected", "withdrawn"):
        f.application(f.batch("exam", stage="review"), state=state, person=person)
    import_roster(school.head, batch=school.batch, rows=rows(school, school.line(1, 班级="汽修2402")))
    classes = dict(Application.objects.exclude(batch=school.batch).values_list("state", "applicant__class_name"))
    assert classes == {
        "draft": "汽修2402", "returned": "汽修2402", "submitted": "汽修2402",
        "first_passed": "汽修2401", "rejected": "汽修2401", "withdrawn": "汽修2401",
    }  # fmt: skip
    found = [x for x in verification.verify().findings if "applicant" in x.where and "2402" in x.what]
    assert found == []


def test_registering_again_overwrites_nobody(school: School) -> None:
    known(school)
    before = facts()
    with pytest.raises(Refused, match="已经登记"):
        within.register(f.within_an_act(), PersonData("假冒者", "resident", NUMBER))
    with pytest.raises(Refused, match="看不见的"):
        within.register(f.within_an_act(), PersonData("柳\u200b一", "resident", f.resident_number(9)))
    assert facts() == before


@pytest.mark.parametrize("name", ["柳\u202e一", "柳\u200b一", "柳\n一", "\ufeff柳\u2060一", "柳<b>一", "柳"])
def test_names_that_hide_something_are_problems_of_the_name(school: School, name: str) -> None:
    found = problems(school, school.line(1, 姓名=name))
    assert [(row, column) for row, column, _ in found] == [(2, "姓名")]


def test_a_roster_costs_the_same_number_of_queries_whatever_its_length(
    school: School, django_assert_max_num_queries
) -> None:
    few = rows(school, *(school.line(n) for n in range(2)))
    many = rows(school, *(school.line(n) for n in range(100, 160)))
    with django_assert_max_num_queries(60) as first:
        import_roster(school.head, batch=school.batch, rows=few)
    with django_assert_max_num_queries(len(first) + 2):
        import_roster(school.head, batch=school.batch, rows=many)
