"""The roster page and its template: what is checked is what the import will say."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.applications.importing import import_roster, would_be_drafts
from assay.applications.models import Application
from assay.applications.people import EDUCATIONS
from assay.applications.photos import read_photos
from assay.applications.roster_template import template
from tests import factories as f
from tests.applications.rosters import HEAD, photos, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def school() -> School:
    return School()


def small_photo() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def test_the_check_names_the_same_drafts_as_the_import(school: School) -> None:
    content = workbook(("名册", [HEAD, school.line(1), school.line(2, 文化程度="中专")]))
    zipped = photos([f"{f.name(n)}_{f.resident_number(n)}.jpg" for n in (1, 2)])
    rows = school.read(content, zipped=zipped).rows
    told = would_be_drafts(school.batch, rows)
    assert Application.objects.count() == 0
    assert len(told) == 1
    assert told[0].startswith("第 3 行")
    assert "中专" in told[0]
    assert import_roster(school.head, batch=school.batch, rows=rows).drafts == told


def test_a_photo_that_is_kept_already_counts_in_the_check(school: School) -> None:
    content = workbook(("名册", [HEAD, school.line(1)]))
    zipped = photos([f"{f.name(1)}_{f.resident_number(1)}.jpg"])
    import_roster(school.head, batch=school.batch, rows=school.read(content, zipped=zipped).rows)
    assert would_be_drafts(school.batch, school.read(content).rows) == []


def test_the_page_tells_of_drafts_before_and_after(school: School, client: Client) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    content = workbook(("名册", [HEAD, school.line(1, 文化程度="中专")]))

    def send(**more: str) -> str:
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), "pledged": "on", **more}
        return client.post(reverse("applications:roster"), given, follow=True).content.decode()

    checked = send(check="1")
    assert "1 行还不能提交，导入后是草稿" in checked
    assert "文化程度“中专”不符合" in checked
    assert Application.objects.count() == 0
    done = send()
    assert "1 份是草稿，没有提交。改正名册后重新导入，或由考生本人登录补正" in done
    draft = Application.objects.get()
    page = client.get(reverse("applications:detail", args=[draft.pk])).content.decode()
    assert "改正名册后重新导入，或由考生本人登录补正" in page


def test_a_photo_of_the_wrong_size_is_reported_once(school: School) -> None:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{f.name(1)}_{f.resident_number(1)}.jpg", small_photo())
    assert read_photos("照片.zip", buffer.getvalue()).refused == {f.resident_number(1)}
    found = school.problems(school.line(1), zipped=buffer.getvalue())
    assert len(found) == 1
    assert "295" in found[0][2]


def test_the_template_offers_lists_and_an_example_and_reads_as_empty(school: School) -> None:
    content = template(school.batch)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["名册"]
    titles = [str(cell.value).rstrip("*") for cell in sheet[1]]
    lists = {}
    for rule in sheet.data_validations.dataValidation:
        column = openpyxl.utils.column_index_from_string(str(rule.sqref).split(":")[0].rstrip("0123456789"))
        lists[titles[column - 1]] = rule.formula1.strip('"').split(",")
    assert lists["文化程度"] == list(EDUCATIONS)
    assert lists["等级"] == ["四级/中级工"]
    assert "居民身份证" in lists["证件类型"]
    rows = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    example = next(row for row in rows if row[0] == "张示例")
    assert example[titles.index("等级")] == "四级/中级工"
    assert any("只有表头" in p.message for p in school.read(content).problems)
    assert school.read(content).rows == []


def test_the_example_of_the_template_is_a_right_row(school: School) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(school.batch)))
    rows = [[cell.value or "" for cell in row] for row in book["说明"].iter_rows()]
    number = next(n for n, row in enumerate(rows) if row[0] == "张示例")
    roster = school.read(workbook(("名册", [rows[number - 1], rows[number]])))
    assert roster.problems == []
