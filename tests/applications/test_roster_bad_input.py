"""A roster with any fault is refused whole, every fault named at once by file, sheet, row and column."""

from __future__ import annotations

import pytest

from assay.applications.acts.importing import import_roster
from assay.applications.models import Application, Person
from assay.applications.photos import read_photos
from assay.applications.roster import Roster, read_roster
from assay.applications.roster_lookup import Lookup
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import HEAD, photo, photos, workbook

pytestmark = pytest.mark.django_db


class School:
    """A batch open for applications with one job at level 4, its major and department."""

    def __init__(self) -> None:
        f.centre()
        self.department = f.department(name="汽车工程系")
        self.major = f.major(name="汽车运用与维修", department=self.department)
        self.head = f.actor_with("R1", account=f.staff("R1", department=self.department))
        f.major(name="会计事务", department=self.department)
        self.row = f.scope_row("汽车维修检验工", levels="43")
        self.row.majors.add(self.major)
        self.batch = f.batch("exam", stage="apply", lines=[(self.row, "4", 30)])
        self.graduates = f"{self.batch.exam_on.year + (self.batch.exam_on.month >= 7)}-06-30"

    def line(self, serial: int = 1, **changes: object) -> list[object]:
        number = f.resident_number(serial)
        values = dict(
            zip(
                HEAD,
                [
                    f.name(serial), number, "中等专业学校", "汽车工程系", "汽车运用与维修", "汽修2401", f"2024{serial:04d}",
                    "2024-09-01", self.graduates, self.row.occupation.code, "汽车维修检验工", "4",
                ],
                strict=True,
            )
        )  # fmt: skip
        return list({**values, **changes}.values())

    def read(self, content: bytes, file: str = "名册.xlsx", zipped: bytes | None = None) -> Roster:
        found = read_photos("照片.zip", zipped) if zipped is not None else None
        return read_roster(file, content, Lookup(self.batch, self.department.pk), found)

    def problems(self, *lines: list[object], **options: bytes) -> list[tuple[int, str, str]]:
        roster = self.read(workbook(("名册", [HEAD, *lines])), **options)
        assert all(p.file in ("名册.xlsx", "照片.zip") for p in roster.problems)
        return [(p.row, p.column, p.message) for p in roster.problems]


@pytest.fixture
def school() -> School:
    return School()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("证件号码", "410105200603150019", "校验码"),
        ("证件号码", "", "为空"),
        ("工种名称", "宇航员", "不在备案"),
        ("等级", "2", "备案范围没有 2 级"),
        ("等级", "特级", "不认识"),
        ("专业", "会计事务", "不对应"),
        ("专业", "炼金术", "炼金术"),
        ("院系", "魔法系", "魔法系"),
        ("入学年月", "去年九月", "不是日期"),
        ("姓名", "", "空"),
    ],
)
def test_each_kind_of_fault_is_named_with_its_row_and_column(school: School, column, value, said) -> None:
    found = school.problems(school.line(1), school.line(2, **{column: value}))
    assert [(row, where) for row, where, _ in found] == [(3, column)], found
    assert said in found[0][2]


def test_all_faults_of_all_rows_come_at_once(school: School) -> None:
    found = school.problems(
        school.line(1, 证件号码="41010520060315001"), school.line(2, 工种名称="宇航员", 专业="炼金术"),
        school.line(3, 等级="9"), school.line(4),
    )  # fmt: skip
    assert {row for row, _, _ in found} == {2, 3, 4}
    assert len(found) >= 4


MORE = (*HEAD, "出生日期", "性别", "手机号码", "民族", "理论", "工作年限")


def all_of(school: School, changes: dict[str, object], **more: object) -> list[tuple[str, str]]:
    """The problems of one row under MORE: column and message."""
    line = [*school.line(1, **changes), *(more.get(title, "") for title in MORE[len(HEAD) :])]
    roster = school.read(workbook(("名册", [MORE, line])))
    assert {(p.file, p.sheet, p.row) for p in roster.problems} <= {("名册.xlsx", "名册", 2)}
    return [(p.column, p.message) for p in roster.problems]


def test_whatever_is_wrong_with_a_row_is_said_at_once_each_at_its_column(school: School) -> None:
    number = f.resident_number(1)
    bad = number[:-1] + ("0" if number[-1] != "0" else "1")
    sex = "女" if int(number[16]) % 2 else "男"
    found = all_of(
        school, {"证件号码": bad, "院系": "魔法系", "文化程度": "中专", "入学年月": "去年", "专业": "会计事务", "等级": "9"},
        出生日期="1999-01-01", 性别=sex, 手机号码="1390", 民族="火星", 理论="重考", 工作年限="很久",
    )  # fmt: skip
    assert sorted(column for column, _ in found) == sorted(
        ["证件号码", "院系", "文化程度", "入学年月", "专业", "等级", "出生日期", "性别", "手机号码", "民族", "理论", "工作年限"]
    )  # fmt: skip
    said = dict(found)
    assert "校验码" in said["证件号码"]
    assert "中等专业学校" in said["文化程度"]
    assert "11 位" in said["手机号码"]


def test_a_wrong_date_hides_no_wrong_education(school: School) -> None:
    found = all_of(school, {"文化程度": "中专"}, 出生日期="三月")
    assert sorted(column for column, _ in found) == ["出生日期", "文化程度"]


def test_what_only_follows_from_another_problem_of_the_cell_is_not_said(school: School) -> None:
    assert [column for column, _ in all_of(school, {"院系": "魔法系"})] == ["院系"]
    assert [column for column, _ in all_of(school, {"专业": "炼金术"})] == ["专业"]
    assert [column for column, _ in all_of(school, {}, 性别="甲")] == ["性别"]


def test_a_phone_is_read_as_in_the_form_and_an_ethnic_group_without_its_last_sign(school: School) -> None:
    line = [*school.line(1), "", "", "+86 139-0000-0001", "汉", "", ""]
    roster = school.read(workbook(("名册", [MORE, line])))
    assert roster.problems == []
    assert (roster.rows[0].person.phone, roster.rows[0].person.ethnic) == ("13900000001", "汉族")


def test_a_wrong_code_of_the_occupation_is_named_with_the_right_one(school: School) -> None:
    right = school.row.occupation.code
    found = school.problems(school.line(1, 职业编码="9-99-99-99"))
    message = f"职业编码“9-99-99-99”不对，“汽车维修检验工”的职业编码是 {right}"
    assert found == [(2, "职业编码", message)]
    both = school.problems(school.line(1, 职业编码="9-99-99-99", 等级="2"))
    assert [(row, column) for row, column, _ in both] == [(2, "职业编码"), (2, "等级")]


def test_a_person_twice_is_named_with_the_other_row(school: School) -> None:
    found = school.problems(school.line(1), school.line(2), school.line(1))
    assert len(found) == 1
    assert found[0][0] == 4
    assert "2" in found[0][2]


def test_a_missing_photo_makes_a_draft_and_is_named_by_the_file_that_was_expected(school: School) -> None:
    here, gone = f.resident_number(1), f.resident_number(2)
    roster = school.read(
        workbook(("名册", [HEAD, school.line(1), school.line(2)])), zipped=photos([f"{f.name(1)}_{here}.jpg"])
    )
    assert roster.problems == []
    assert f"第 3 行 {f.name(2)}_{gone}.jpg" in roster.notes[0]
    import_roster(school.head, batch=school.batch, rows=roster.rows)
    states = {a.applicant.id_number: a.state for a in Application.objects.select_related("applicant")}
    assert states == {here: "submitted", gone: "draft"}


def test_a_photo_without_a_number_in_its_name_is_left_out_and_named(school: School) -> None:
    zipped = photos([f"{f.name(1)}_{f.resident_number(1)}.jpg", "说明.jpg"])
    roster = school.read(workbook(("名册", [HEAD, school.line(1)])), zipped=zipped)
    assert roster.problems == []
    assert roster.notes == ["1 张照片没有使用，文件名里没有名册中的证件号码：说明.jpg"]


@pytest.mark.parametrize("content", [b"not a picture", b"\xff\xd8\xff broken"])
def test_a_photo_that_is_no_photo_is_named(school: School, content: bytes) -> None:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{f.name(1)}_{f.resident_number(1)}.jpg", content)
    found = school.problems(school.line(1), zipped=buffer.getvalue())
    assert any(f.resident_number(1) in message for _, _, message in found)


def test_merged_cells_are_named(school: School) -> None:
    line = school.line(2)
    content = workbook(("名册", [HEAD, school.line(1), [*line[:4], (line[4], 2), *line[6:]]]))
    assert any("合并" in p.message and p.row == 3 for p in school.read(content).problems)


def test_a_formula_is_named_with_its_cell(school: School) -> None:
    found = school.problems(school.line(1, 等级="=2+2"))
    assert [(row, column) for row, column, _ in found] == [(2, "等级")]
    assert "公式" in found[0][2]


def test_an_empty_sheet_and_a_sheet_of_headings_alone_are_named(school: School) -> None:
    assert any("空" in p.message for p in school.read(workbook(("名册", []))).problems)
    assert any("只有表头" in p.message for p in school.read(workbook(("名册", [HEAD]))).problems)


def test_a_file_that_is_no_table_is_refused_in_words(school: School) -> None:
    for content in (b"", b"PK\x03\x04garbage", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100):
        problems = school.read(content).problems
        assert problems
        assert all(p.message for p in problems)


def test_a_csv_in_gb18030_reads_like_the_workbook(school: School) -> None:
    text = "\r\n".join(
        ",".join(str(v) for v in row) for row in (HEAD, school.line(1), school.line(2, 工种名称="宇航员"))
    )
    roster = school.read(text.encode("gb18030"), file="名册.csv")
    assert [(p.row, p.column) for p in roster.problems] == [(3, "工种名称")]
    assert [r.person.name for r in roster.rows] == [f.name(1)]


def test_ten_thousand_rows_are_read_and_every_bad_one_is_named(school: School) -> None:
    lines = [school.line(n, 学号=str(n)) for n in range(900)]
    many = [school.line(0, 姓名=f"甲{n}", 证件号码=f"X{n}") for n in range(9100)]
    roster = school.read(workbook(("名册", [HEAD, *lines, *many])))
    assert roster.read == 10_000
    assert len({p.row for p in roster.problems}) == 9100


def test_nothing_is_written_while_there_are_problems_and_the_mended_file_goes_in_once(school: School) -> None:
    zipped = photos([f"{f.name(n)}_{f.resident_number(n)}.jpg" for n in (1, 2)])
    bad = school.read(workbook(("名册", [HEAD, school.line(1), school.line(2, 等级="2")])), zipped=zipped)
    assert bad.problems
    assert Person.objects.count() == 0
    good = workbook(("名册", [HEAD, school.line(1), school.line(2)]))
    for _ in range(2):
        roster = school.read(good, zipped=zipped)
        assert roster.problems == []
        import_roster(school.head, batch=school.batch, rows=roster.rows)
    assert (Person.objects.count(), Application.objects.count()) == (2, 2)
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_roster_is_refused_when_the_batch_takes_no_applications(school: School) -> None:
    roster = school.read(workbook(("名册", [HEAD, school.line(1)])))
    school.batch.stage = "review"
    school.batch.save()
    with pytest.raises(Refused, match="不接受报名"):
        import_roster(school.head, batch=school.batch, rows=roster.rows)
    assert Person.objects.count() == 0


def test_an_application_that_was_reviewed_is_not_replaced_by_a_roster(school: School) -> None:
    content = workbook(("名册", [HEAD, school.line(1)]))
    import_roster(school.head, batch=school.batch, rows=school.read(content).rows)
    Application.objects.update(state="approved")
    again = school.read(workbook(("名册", [HEAD, school.line(1, 班级="汽修2409")])))
    assert any("已有报名" in p.message for p in again.problems)
    assert school.read(content).problems == []


def test_a_photo_must_be_of_the_right_size_and_kind() -> None:
    from assay.kernel.photos import photo_problem

    assert photo_problem(photo()) is None
    assert photo_problem(b"GIF89a") is not None
