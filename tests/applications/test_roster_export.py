"""The stored roster as a file: taken along, corrected in Excel, imported again."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts.importing import import_roster
from assay.applications.models import Application, Person
from assay.applications.roster_export import roster_file
from assay.kernel.models import SecurityEvent
from tests import factories as f
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def school() -> School:
    school = School()
    content = workbook(("名册", [HEAD, school.line(1), school.line(2)]))
    import_roster(school.head, batch=school.batch, rows=school.read(content).rows)
    return school


def test_what_was_taken_along_comes_in_again_and_changes_nothing(school: School) -> None:
    content, count = roster_file(school.batch, school.department.pk)
    roster = school.read(content)
    assert (count, roster.read, roster.problems, roster.changes) == (2, 2, [], [])
    assert import_roster(school.head, batch=school.batch, rows=roster.rows).people_unchanged == 2


def test_a_cell_that_was_corrected_in_it_is_the_one_thing_that_changes(school: School) -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_file(school.batch, school.department.pk)[0]))
    sheet = book["名册"]
    column = [cell.value for cell in sheet[1]].index("班级") + 1
    sheet.cell(3, column).value = "汽修2409"
    changed = io.BytesIO()
    book.save(changed)
    roster = school.read(changed.getvalue())
    assert (len(roster.problems), len(roster.changes)) == (0, 1)
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    assert sorted(Person.objects.values_list("class_name", flat=True)) == ["汽修2401", "汽修2409"]


def test_who_is_past_a_review_is_left_out_and_counted(school: School) -> None:
    Application.objects.filter(pk=Application.objects.order_by("pk")[0].pk).update(state="approved")
    content, count = roster_file(school.batch, school.department.pk)
    said = [str(row[0].value) for row in openpyxl.load_workbook(io.BytesIO(content))["说明"].iter_rows()]
    assert count == 1
    assert any(line.startswith("另有 1 人已通过审核") for line in said)
    assert school.read(content).problems == []


def test_a_department_takes_its_own_along_with_whole_numbers_and_a_line_in_the_log(
    school: School, client: Client
) -> None:
    url = reverse("applications:roster_file", args=[school.batch.pk])
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    answer = client.get(url)
    assert school.read(answer.content).rows[0].person.id_number == f.resident_number(1)
    assert SecurityEvent.objects.filter(kind="identity", what="报名名册（完整证件号码）").count() == 1
    assert url in client.get(reverse("applications:roster")).content.decode()
    other = Client()
    other.force_login(f.staff("R1", department=f.department(name="财经商贸系")), BACKEND)
    assert other.get(url).status_code == 409
    assert url not in other.get(reverse("applications:roster")).content.decode()
