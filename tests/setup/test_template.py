"""The set-up workbook as somebody finds it: lists of Chinese words, an example that is passed over, how each column is written."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from assay.catalogue.models import Level, Occupation, Standard, StandardLevel, Weight
from assay.centre.duties import DUTIES, HELD_BY_NO_POST
from assay.centre.models import Centre, ParameterValue, Post
from assay.setup import basis, workbook
from assay.setup.acts import UNCHANGED, SetupRefused, install_school
from assay.setup.wording import HOW, MARKED, WHAT
from assay.sites.models import Room
from tests import factories as f

pytestmark = pytest.mark.django_db


def template() -> Any:
    return load_workbook(io.BytesIO(workbook.write(with_data=False)))


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def lines(**sheets: list[dict[str, Any]]) -> bytes:
    """The template with these lines below its examples."""
    book = template()
    for title, rows in sheets.items():
        page = book[title]
        titles = [str(cell.value).rstrip("*") for cell in page[1]]
        for row in rows:
            assert set(row) <= set(titles), row
            page.append([row.get(one, "") for one in titles])
    return saved(book)


def install(content: bytes) -> Any:
    book, problems = workbook.read("学校.xlsx", content)
    assert problems == []
    return install_school(f.actor_with("L1"), book, file="学校.xlsx")


def problems_of(content: bytes) -> list[tuple[str, int, str, str]]:
    with pytest.raises(SetupRefused) as refused:
        install(content)
    return [(p.sheet, p.row, p.column, p.message) for p in refused.value.problems]


def test_every_column_of_every_sheet_says_how_it_is_written() -> None:
    columns = workbook.columns_of()
    assert {title: [c.title for c in of] for title, of in columns.items()} == {title: list(HOW[title]) for title in HOW}
    assert list(WHAT) == list(columns)
    book = template()
    explained = {(row[0].value, row[1].value) for row in book["说明-各列写法"].iter_rows(min_row=2)}
    assert explained == {(title, column) for title, of in HOW.items() for column in of}
    for title in columns:
        heads = book[title][1]
        assert all(cell.comment is not None for cell in heads), title


def test_each_sheet_has_one_example_and_the_untouched_template_changes_nothing() -> None:
    book = template()
    for title in set(workbook.columns_of()) - {basis.CLAUSES}:  # there every rule stands already, to be numbered
        assert book[title].cell(2, 1).value == MARKED
        assert book[title].max_row == 2, title
    assert install(saved(book)).said == UNCHANGED
    assert not Centre.objects.exists()
    assert not Post.objects.exists()


def test_an_example_that_was_written_over_is_asked_about_and_not_left_out() -> None:
    book = template()
    book["部门"].cell(2, 3, "机电工程系")
    _, problems = workbook.read("学校.xlsx", saved(book))
    assert [(p.sheet, p.row, p.column) for p in problems] == [("部门", 2, "备注")]
    assert "请清空“备注”一格" in problems[0].message


def test_what_can_be_chosen_is_a_list_of_chinese_words() -> None:
    book = template()
    listed = {
        title: {str(one.sqref).split(":")[0].rstrip("2"): one for one in book[title].data_validations.dataValidation}
        for title in workbook.columns_of()
    }
    letters = {title: {str(c.value).rstrip("*"): c.column_letter for c in book[title][1]} for title in HOW}

    def rule(title: str, column: str) -> Any:
        return listed[title][letters[title][column]]

    assert rule("权重", "部分").formula1 == '"理论,技能"'
    assert rule("权重", "部分").showErrorMessage
    assert rule("证卡", "类别").formula1 == '"考评员,高级考评员,内部质量督导员,专家,监考人员"'
    assert rule("认定范围", "等级").formula1 == f"'等级'!${letters['等级']['名称']}$2:${letters['等级']['名称']}$3001"
    assert not rule("认定范围", "等级").showErrorMessage, "several levels stand in one cell"
    assert rule("账号", "岗位").formula1.startswith("'岗位'!")
    hidden = book["说明-选项"]
    assert hidden.sheet_state == "hidden"
    words = [[cell.value for cell in column if cell.value] for column in hidden.iter_cols()]
    assert [f"{c} {d.text}" for c, d in DUTIES.items() if c not in HELD_BY_NO_POST] in words
    assert "公示期" in words[0]


def test_a_school_is_set_up_in_words_alone() -> None:
    done = install(
        lines(
            部门=[{"代码": "01", "名称": "机电系"}],
            岗位=[{"代码": "r", "岗位": "审核员", "组别": "考务管理组"}],
            岗位职责=[
                {"岗位": "审核员", "职责": f"E4 {DUTIES['E4'].text}"},
                {"岗位": "审核员", "职责": DUTIES["E11"].text},
            ],
            等级=[
                {"代码": "4", "名称": "四级/中级工", "英文": "Level 4", "证书上的写法": "四级/中级工", "高低次序": 2}
            ],
            职业=[{"大典版本": "2015", "职业编码": "6-18-02-04", "职业名称": "焊工"}],
            标准=[{"职业": "焊工", "标准名称": "焊工国家职业技能标准", "版本": "2018"}],
            标准等级=[{"标准": "焊工国家职业技能标准", "等级": "四级/中级工"}],
            权重=[
                {"标准": "焊工国家职业技能标准", "等级": "四级/中级工", "部分": "理论", "项目": "职业道德", "权重": 5}
            ],
            参数=[{"参数": "公示期", "值": "7", "依据文号": "校认定〔2026〕1号"}],
            场地=[
                {"编号": "T01", "名称": "一号", "类别": "理论考场", "机位/工位": 40, "走道": "2、6", "讲台位置": "左侧"}
            ],
        )
    )
    assert done.said == (
        "参数 新增 1；部门 新增 1；岗位 新增 1；等级 新增 1；职业 新增 1；标准 新增 1；标准等级 新增 1；权重 新增 1；场地 新增 1"
    )
    assert Post.objects.get().duties == ["E4", "E11"]
    assert Weight.objects.get().standard_level == StandardLevel.objects.get()
    assert StandardLevel.objects.get().theory_minutes == 90
    assert ParameterValue.objects.get().key == "notice.working_days"
    room = Room.objects.get()
    assert (room.aisles, room.front, room.columns, room.active, room.locked_browser) == ("2、6", "left", 8, True, False)
    again = install(workbook.write(with_data=True))
    assert again.said == UNCHANGED
    assert again.same > 9


def test_a_column_that_an_older_workbook_does_not_have_changes_nothing() -> None:
    Room.objects.create(code="T01", name="一号", kind="theory", workstations=40, aisles="4", front="left", active=False)
    book = Workbook()
    page = book.active
    page.title = "场地"
    page.append(["编号", "名称", "类别", "机位/工位"])
    page.append(["T01", "改了名的", "理论考场", "40"])
    assert install(saved(book)).said == "场地 修改 1"
    room = Room.objects.get()
    assert (room.name, room.aisles, room.front, room.active) == ("改了名的", "4", "left", False)


def test_an_older_workbook_with_a_level_of_a_standard_in_one_cell_and_duties_by_codes_goes_in() -> None:
    row = f.scope_row(levels="4")
    book = Workbook()
    page = book.active
    page.title = "权重"
    page.append(["标准/等级", "部分", "类别", "项目", "权重", "次序"])
    page.append([f"{row.standard.title}/4", "理论", "", "职业道德", "5", "1"])
    posts = book.create_sheet("岗位")
    posts.append(["代码", "岗位", "组别", "职责代码"])
    posts.append(["r", "审核员", "考务管理组", "E4、E11"])
    install(saved(book))
    assert str(Weight.objects.get()) == "职业道德 5.0%" or Weight.objects.get().percent == 5
    assert Post.objects.get().duties == ["E4", "E11"]


def test_a_name_that_two_share_is_asked_about_and_written_with_what_tells_them_apart() -> None:
    for dictionary, code in (("2015", "4-01-02-02"), ("2022", "4-01-06-01")):
        Occupation.objects.create(dictionary=dictionary, code=code, name="电子商务师")
    line = {"标准名称": "电子商务师国家职业技能标准", "版本": "2022"}
    [(sheet, row, column, said)] = problems_of(lines(标准=[{"职业": "电子商务师", **line}]))
    assert (sheet, row, column) == ("标准", 3, "职业")
    assert "4-01-02-02（2015）" in said
    assert "4-01-06-01（2022）" in said
    install(lines(标准=[{"职业": "4-01-06-01（2022）", **line}]))
    assert Standard.objects.get().occupation.dictionary == "2022"
    assert install(workbook.write(with_data=True)).said == UNCHANGED


def test_faults_in_the_new_columns_are_named_at_their_cells() -> None:
    f.level("4")
    f.centre()
    found = problems_of(
        lines(
            岗位=[{"代码": "r", "岗位": "审核员", "组别": "考务管理组"}],
            岗位职责=[{"岗位": "审核员", "职责": "E99"}, {"岗位": "船长", "职责": "E4"}],
            参数=[{"参数": "公示期", "值": "7"}, {"参数": "没有的参数", "值": "7"}],
            场地=[{"编号": "T01", "名称": "一号", "类别": "理论考场", "讲台位置": "中间"}],
            权重=[{"标准": "没有的标准", "等级": "四级/中级工", "部分": "理论", "项目": "职业道德", "权重": 5}],
        )
    )
    assert [(sheet, row, column) for sheet, row, column, _ in found] == [
        ("岗位职责", 3, "职责"), ("岗位职责", 4, "岗位"), ("参数", 3, "依据文号"), ("参数", 4, "参数"), ("权重", 3, "标准"),
        ("场地", 3, "讲台位置"),
    ]  # fmt: skip
    assert all(said for *_, said in found)


def test_an_empty_level_list_of_the_scope_is_refused() -> None:
    f.scope_row(levels="4")
    standard = Standard.objects.get()
    line = {"序号": 99, "职业": standard.occupation.name, "标准": standard.title, "备案生效": "2026-01-01"}
    assert ("认定范围", 3, "等级", "不能为空") in problems_of(lines(认定范围=[line]))
    assert Level.objects.exists()
