"""The roster page and its template: what is checked is what the import will say."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.applications.acts.importing import CENTRE_FIRST, MEND, how_to_go_on, import_roster, would_be_drafts
from assay.applications.eligibility import HELD, Problem
from assay.applications.models import Application
from assay.applications.people import EDUCATIONS, ETHNIC_GROUPS
from assay.applications.photos import read_photos
from assay.applications.roster_template import template
from assay.kernel import aside
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
    content = workbook(("名册", [HEAD, school.line(1), school.line(2, 文化程度="初中")]))
    zipped = photos([f"{f.name(n)}_{f.resident_number(n)}.jpg" for n in (1, 2)])
    rows = school.read(content, zipped=zipped).rows
    told = would_be_drafts(school.batch, rows)
    assert Application.objects.count() == 0
    assert len(told) == 1
    assert told[0].startswith("第 3 行")
    assert "初中" in told[0]
    assert import_roster(school.head, batch=school.batch, rows=rows).drafts == told


def test_a_photo_that_is_kept_already_counts_in_the_check(school: School) -> None:
    content = workbook(("名册", [HEAD, school.line(1)]))
    zipped = photos([f"{f.name(1)}_{f.resident_number(1)}.jpg"])
    import_roster(school.head, batch=school.batch, rows=school.read(content, zipped=zipped).rows)
    assert would_be_drafts(school.batch, school.read(content).rows) == []


def test_the_page_tells_of_drafts_before_and_after(school: School, client: Client) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    content = workbook(("名册", [HEAD, school.line(1, 文化程度="初中")]))

    def send(**more: str) -> str:
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), "pledged": "on", **more}
        return client.post(reverse("applications:roster"), given, follow=True).content.decode()

    checked = send(check="1")
    assert "1 行还不能提交，导入后是草稿" in checked
    assert "文化程度“初中”不符合" in checked
    assert Application.objects.count() == 0
    done = send()
    assert "1 份是草稿，没有提交。改正名册后重新导入，或由考生本人登录补正" in done
    draft = Application.objects.get()
    page = client.get(reverse("applications:detail", args=[draft.pk])).content.decode()
    assert "点“补正并提交”改正后提交，或由考生本人登录补正" in page


def test_a_photo_of_the_wrong_size_is_reported_once(school: School) -> None:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{f.name(1)}_{f.resident_number(1)}.jpg", small_photo())
    found = read_photos("照片.zip", buffer.getvalue())
    assert found.of(f.resident_number(1), f.name(1)) is None
    assert found.refused == {f.resident_number(1)}
    found = school.problems(school.line(1), zipped=buffer.getvalue())
    assert len(found) == 1
    assert "295" in found[0][2]


def test_what_was_passed_over_is_said_beside_the_problems_as_well(school: School, client: Client) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    content = workbook(("名册", [HEAD, school.line(1, 等级="9"), ["合计", "1 人"]]))
    given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), "check": "1"}
    page = client.post(reverse("applications:roster"), given).content.decode()
    assert "有 1 处问题" in page
    assert "“合计”是合计，没有作为一行读取" in page
    assert ".et" in page.partition('name="file"')[0][-300:] + page.partition('name="file"')[2][:300]


def words_of(book: openpyxl.Workbook, source: list[str]) -> list[str]:
    """The words of a list, also where they stand on a sheet."""
    if "!" not in source[0]:
        return source
    sheet, _, cells = source[0].partition("!")
    column = book[sheet.strip("='")][cells.replace("$", "")]
    return [str(cell.value) for (cell,) in column]


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
    assert words_of(book, lists["民族"]) == list(ETHNIC_GROUPS)
    assert words_of(book, lists["专业"]) == ["会计事务", "汽车运用与维修"]
    assert book["说明-选项"].sheet_state == "hidden"
    assert "居民身份证" in lists["证件类型"]
    rows = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    example = next(row for row in rows if row[0] == "张示例")
    assert example[titles.index("等级")] == "四级/中级工"
    assert any("只有表头" in p.message for p in school.read(content).problems)
    assert school.read(content).rows == []


def test_every_condition_that_the_template_offers_is_understood(school: School) -> None:
    standard = school.row.standard.levels.get(level__code="4")
    standard.conditions.create(code="2", text="取得五级证书，并从事本职业工作 1 年（含）以上, 二选一", rule={})
    book = openpyxl.load_workbook(io.BytesIO(template(school.batch)))
    titles = [str(cell.value).rstrip("*") for cell in book["名册"][1]]
    column = openpyxl.utils.get_column_letter(titles.index("申报条件") + 1)
    (rule,) = [r for r in book["名册"].data_validations.dataValidation if str(r.sqref).startswith(f"{column}2:")]
    offered = words_of(book, [rule.formula1.strip('"')])
    assert len(offered) == 2
    for said in offered:
        roster = school.read(workbook(("名册", [[*HEAD, "申报条件"], [*school.line(1), said]])))
        assert roster.problems == []
        assert [row.condition.code for row in roster.rows if row.condition] == [said.split()[0]]


def test_the_example_of_the_template_is_a_right_row(school: School) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(school.batch)))
    rows = [[cell.value or "" for cell in row] for row in book["说明"].iter_rows()]
    number = next(n for n, row in enumerate(rows) if row[0] == "张示例")
    roster = school.read(workbook(("名册", [rows[number - 1], rows[number]])))
    assert roster.problems == []


def test_exemptions_without_a_basis_are_named_though_other_rows_or_columns_are_wrong(
    school: School, client: Client
) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    head = (*HEAD, "理论", "手机号码")
    lines = [
        [*school.line(1), "免考", ""],
        [*school.line(2, 院系="没有的系"), "新考", ""],
        [*school.line(3, 专业="会计事务"), "免考", ""],
        [*school.line(4), "新考", ""],
    ]
    content = workbook(("名册", [head, *lines]))
    for more in ({"check": "1"}, {}):
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), "pledged": "on", **more}
        page = client.post(reverse("applications:roster"), given).content.decode()
        assert "院系“没有的系”不存在" in page
        drafts = page.partition("照此导入只能是草稿")[2]
        assert f"第 2 行 {f.name(1)}：没有照片；理论免考没有依据" in drafts
        assert f"第 4 行 {f.name(3)}：理论免考没有依据" in drafts
        assert f"第 3 行 {f.name(2)}" not in drafts
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ([], "不缺什么了"),
        (["工作方案 四(一)5"], MEND),
        ([HELD], CENTRE_FIRST),
        ([HELD, "工作方案 四(一)5"], f"{MEND}；{CENTRE_FIRST}"),
    ],
)
def test_the_way_on_from_a_draft_depends_on_what_it_lacks(clauses: list[str], said: str) -> None:
    hint = how_to_go_on([Problem("……", clause) for clause in clauses])
    assert hint.startswith(said)
    assert (MEND in hint) == bool(set(clauses) - {HELD})


def test_what_was_given_back_is_mended_by_the_reason_and_not_called_complete() -> None:
    assert how_to_go_on([], "returned").startswith("按退回原因补正后")


def test_only_the_import_asks_for_the_pledge(school: School, client: Client) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    content = workbook(("名册", [HEAD, school.line(1)]))

    def send(**more: str) -> str:
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), **more}
        return client.post(reverse("applications:roster"), given, follow=True).content.decode()

    checked = send(check="1")
    assert "核对 1 行，格式没有问题" in checked
    assert "未签诚信承诺" not in checked
    assert "导入前请勾选" not in checked
    assert '<span class="form-check-label required">考生均已签署诚信承诺书' in checked
    assert "导入前请勾选：考生均已签署诚信承诺书。名册和照片压缩包请重新选择" in send()
    assert Application.objects.count() == 0
    send(pledged="on")
    assert Application.objects.get().pledged


def test_what_was_only_checked_is_imported_without_choosing_it_again(school: School, client: Client) -> None:
    head = f.staff("R1", department=school.department)
    client.force_login(head, BACKEND)
    name, number = f.name(1), f.resident_number(1)
    content, zipped = workbook(("名册", [HEAD, school.line(1)])), photos([f"{name}_{number}.jpg"])
    address = reverse("applications:roster")
    before = set(aside.folder().iterdir())
    files = {"file": SimpleUploadedFile("名册.xlsx", content), "photos": SimpleUploadedFile("照片.zip", zipped)}
    page = client.post(address, {"batch": school.batch.pk, "check": "1", **files}).content.decode()
    assert "文件已暂存，直接点“导入”即可" in page
    assert "“名册.xlsx”、“照片.zip”已核对并暂存" in page
    assert Application.objects.count() == 0
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    spooled = [path.read_bytes() for path in aside.folder().iterdir()]
    assert spooled
    assert not any(content in one or name.encode() in one for one in spooled)  # nobody reads it on the disk
    sent = {"batch": school.batch.pk, "kept": kept, "pledged": "on"}
    stranger, later = Client(), Client()
    stranger.force_login(f.staff("R1", department=school.department), BACKEND)
    later.force_login(head, BACKEND)
    for other in (stranger, later):
        assert "上次核对的文件已不在" in other.post(address, sent).content.decode()
    unsigned = client.post(address, {"batch": school.batch.pk, "kept": kept}).content.decode()
    assert "导入前请勾选：考生均已签署诚信承诺书" in unsigned
    assert f'value="{kept}"' in unsigned
    client.post(address, sent)
    application = Application.objects.get()
    assert (application.applicant.name, application.applicant.photo_id is not None) == (name, True)
    assert set(aside.folder().iterdir()) == before


def test_a_wrong_roster_is_not_kept_and_a_new_file_counts_before_a_kept_one(school: School, client: Client) -> None:
    client.force_login(f.staff("R1", department=school.department), BACKEND)
    address = reverse("applications:roster")

    def check(content: bytes, **more: str) -> str:
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", content), "check": "1", **more}
        return client.post(address, given).content.decode()

    assert 'name="kept"' not in check(workbook(("名册", [HEAD, school.line(1, 等级="9")])))
    page = check(workbook(("名册", [HEAD, school.line(1)])))
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    other = SimpleUploadedFile("名册二.xlsx", workbook(("名册", [HEAD, school.line(2)])))
    client.post(address, {"batch": school.batch.pk, "kept": kept, "file": other, "pledged": "on"})
    assert [a.applicant.name for a in Application.objects.all()] == [f.name(2)]
    assert "请选择名册文件" in client.post(address, {"batch": school.batch.pk, "pledged": "on"}).content.decode()
