"""The national form of a specification: written and read back, laid out as centres really have it, every problem at its cell."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.bank.models import Point, Specification
from assay.bank.specifications import acts
from assay.bank.specifications import book as specification_book
from assay.interchange.national import reading
from assay.interchange.national.writing import TitleBlock, write
from assay.items.specification import PointRow, specification_problems
from assay.kernel.refusals import Refused
from assay.kernel.tables import Sheet
from tests import factories as f

BLOCK = TitleBlock("示例工", "四级")
GROUPS = ["名称", "代码", "重要程度比例", "鉴定比重（%）"] * 3 + ["代码", "名称", "重要程度", "备注"]
BODY = [
    ["基本要求", "A", "(02:01:00)", 25, "职业道德", "A", "(01:01:00)", 5, "基本知识", "A", "(01:00:00)", 3, "001", "内涵", "X", ""],
    ["", "", "", "", "", "", "", "", "职业守则", "B", "(00:01:00)", 2, "001", "守则", "Y", ""],
    ["", "", "", "", "基础知识", "B", "(01:00:00)", 20, "安全", "A", "(01:00:00)", 20, "001", "用电", "X", ""],
    ["相关知识要求", "B", "(01:00:01)", 75, "准备", "A", "(01:00:01)", 75, "工具", "A", "(01:00:01)", 75, "001", "选用", "X", ""],
    ["", "", "", "", "", "", "", "", "", "", "", "", "002", "保养", "Z", "选学"],
]  # fmt: skip
TITLES = [
    ["鉴定范围一级", "", "", "", "鉴定范围二级", "", "", "", "鉴定范围三级", "", "", "", "鉴定点", "", "", ""],
    GROUPS,
]
TOP = [["鉴定要素细目表"], ["职业：示例工", "", "", "", "等级：四级", "", "鉴定方式：理论知识", "", "鉴定点数：5"]]


def book(*sheets: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for rows in sheets:
        sheet = made.add_worksheet()
        for n, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(n, column, value)
    made.close()
    return buffer.getvalue()


def cell(row: int, column: int, value: Any) -> list[list[Any]]:
    """The table with one cell otherwise; its first row is 0."""
    changed = [list(r) for r in BODY]
    changed[row][column] = value
    return changed


def said(*sheets: list[list[Any]]) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.message) for p in specification_book.read("表.xlsx", book(*sheets))[1]]


names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[PointRow]:
    """One to three levels of ranges, weights to two decimals that add up, points in the lowest ranges."""
    rows: list[PointRow] = []

    def shares(whole: int, parts: int) -> list[int]:
        cuts = sorted(draw(st.sets(st.integers(1, whole - 1), min_size=parts - 1, max_size=parts - 1)))
        return [b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]

    def fill(parent: str, weight: int, depth: int) -> None:
        deeper = depth < 3 and weight >= 3 and (depth == 0 or draw(st.booleans()))
        if not deeper:
            for n in range(1, draw(st.integers(1, 3)) + 1):
                rows.append(
                    PointRow(f"{parent}-{n:03}", parent, "point", draw(names), None, draw(st.sampled_from("XYZ")))
                )
            return
        for letter, share in zip("ABC", shares(weight, draw(st.integers(1, 3))), strict=False):
            code = f"{parent}-{letter}" if parent else letter
            rows.append(PointRow(code, parent, "range", draw(names), Decimal(share) / 100))
            fill(code, share, depth + 1)

    fill("", 10_000, 0)
    return rows


def ordered(rows: list[PointRow]) -> list[PointRow]:
    return sorted(rows, key=lambda r: r.code)


@settings(max_examples=60)
@given(tables())
def test_what_is_written_is_read_back(rows: list[PointRow]) -> None:
    read, problems = specification_book.read("表.xlsx", write(rows, BLOCK))
    assert problems == []
    assert ordered(read) == ordered(rows)


def filled_in() -> list[list[Any]]:
    """Every cell said again on every row."""
    rows, last = [], [""] * 12
    for row in BODY:
        last = [value or before for value, before in zip(row[:12], last, strict=True)]
        rows.append([*last, *row[12:]])
    return rows


ONE_ROW = [f"{level}{title}" for level in ("一级", "二级", "三级") for title in GROUPS[:4]] + GROUPS[12:]
THREE_ROWS = [
    ["鉴定范围", *[""] * 11, "鉴定点", "", "", ""],
    ["一级", "", "", "", "二级", "", "", "", "三级", *[""] * 7],
    GROUPS,
]


@pytest.mark.parametrize(
    "sheets",
    [
        [[*TOP, *TITLES, *BODY]], [[GROUPS, *BODY]], [[ONE_ROW, *BODY]], [[*TOP, *THREE_ROWS, *BODY]],
        [[*TITLES, *filled_in()]], [[*TOP, *TITLES, *BODY[:3], TOP[1], *TITLES, *BODY[3:], ["填表人：", "张三"]]],
        [[*TOP, *TITLES, *BODY[:3]], [*TITLES, *BODY[3:]]], [[*TITLES, *cell(0, 12, 1)]],
        [[*TITLES, *cell(0, 0, "基本\n要求")]], [[*TITLES, *cell(0, 2, "（02：01：00）")]], [[*TITLES, *cell(3, 12, "B-A-A-001")]],
        [[*TITLES, *cell(1, 3, "25%")]],
    ],
    ids=["titled", "one row of repeated titles", "levels in the titles", "three rows", "said on every row", "new page", "two sheets",
         "a number for 001", "a broken line", "wide brackets", "full code", "per cent said"],
)  # fmt: skip
def test_the_layouts_that_occur_are_all_read(sheets: list[list[list[Any]]]) -> None:
    rows, problems = specification_book.read("表.xlsx", book(*sheets))
    assert problems == []
    assert [r.code for r in rows if r.kind == "point"] == [
        "A-A-A-001",
        "A-A-B-001",
        "A-B-A-001",
        "B-A-A-001",
        "B-A-A-002",
    ]
    assert {r.code: r.weight for r in rows if r.kind == "range"} == {
        "A": 25, "A-A": 5, "A-A-A": 3, "A-A-B": 2, "A-B": 20, "A-B-A": 20, "B": 75, "B-A": 75, "B-A-A": 75,
    }  # fmt: skip
    assert rows[0].name == "基本要求"


@pytest.mark.parametrize(
    ("change", "row", "column", "message"),
    [
        (cell(0, 1, ""), 3, "一级代码（B 列）", "没有代码"), (cell(0, 5, "AB"), 3, "二级代码（F 列）", "一个大写字母"),
        (cell(2, 4, ""), 5, "二级名称（E 列）", "没有名称"), (cell(2, 7, ""), 5, "二级鉴定比重（H 列）", "没有比重"),
        (cell(2, 7, "二十"), 5, "二级鉴定比重（H 列）", "不是数字"),
        (cell(2, 7, 19), 3, "一级鉴定比重（D 列）", "A 之下比重合计 24，应为 25"),
        (cell(3, 3, 70), 3, "一级鉴定比重（D 列）", "一级范围比重合计 95，应为 100"),
        (cell(0, 6, "(02:01:00)"), 3, "二级重要程度比例（G 列）", "实有 (01:01:00)"),
        (cell(0, 6, "两核心"), 3, "二级重要程度比例（G 列）", "(11:02:00)"), (cell(4, 12, "001"), 7, "鉴定点代码（M 列）", "第 6 行重复"),
        (cell(1, 12, "002"), 4, "鉴定点代码（M 列）", "从 001 编起"), (cell(4, 12, "0021"), 7, "鉴定点代码（M 列）", "三位数字"),
        (cell(4, 13, ""), 7, "鉴定点名称（N 列）", "没有名称"), (cell(4, 13, "长" * 81), 7, "鉴定点名称（N 列）", "最多 80 字"),
        (cell(4, 14, "甲"), 7, "鉴定点重要程度（O 列）", "X（核心）"), (cell(4, 14, ""), 7, "鉴定点重要程度（O 列）", "没有重要程度"),
        (cell(3, 1, "A"), 6, "一级代码（B 列）", "在第 3 行是“基本要求”"),
    ],
)  # fmt: skip
def test_each_problem_is_named_at_its_cell(change: list[list[Any]], row: int, column: str, message: str) -> None:
    assert [(r, c) for r, c, m in said([*TITLES, *change]) if message in m] == [(row, column)]


def test_problems_of_many_cells_are_all_told_at_once_in_order() -> None:
    broken = [["鉴定点数：6"], *TITLES, *cell(0, 5, "甲")]
    broken[6][14], broken[7][12], broken[7][7] = "W", "", 1
    told = said(broken)
    assert [row for row, _, _ in told] == [1, 4, 7, 8, 8]
    assert "写的是 6 个鉴定点，表中有 5 个" in told[0][2]


def test_a_weight_as_formula_a_lost_column_and_a_strange_sheet_are_refused() -> None:
    assert "公式" in said([*TITLES, *cell(0, 3, "=5+20")])[0][2]
    without = [[*row[:7], *row[8:]] for row in [*TITLES, *BODY]]
    assert (said(without)[0][1], said(without)[0][2][:5]) == ("二级鉴定比重", "缺少这一列")
    assert "没有认出细目表的表头" in said([*TITLES, *BODY], [["封面"]])[0][2]


@settings(max_examples=150)
@given(
    st.integers(0, 4), st.integers(0, 15),
    st.one_of(st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False), st.datetimes(), st.times(), st.booleans()),
)  # fmt: skip
def test_whatever_stands_in_a_cell_it_is_read_or_named_and_nothing_fails(row: int, column: int, value: Any) -> None:
    sheet = Sheet("表", [list(r) for r in [*TITLES, *cell(row, column, value)]])
    rows, problems = reading.read("表.xlsx", [sheet])
    assert problems or not specification_problems(rows)


def test_weights_set_as_percentages_are_explained() -> None:
    shares = [[v / 100 if n in (3, 7, 11) and v != "" else v for n, v in enumerate(row)] for row in BODY]
    assert any("百分比格式" in message for _, _, message in said([*TITLES, *shares]))


@pytest.mark.django_db
class TestOnTheScreen:
    @pytest.fixture
    def specification(self) -> Specification:
        f.centre()
        row = f.scope_row()
        rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-001", "A", "point", "点", None, "X")]
        return acts.install_specification(
            f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
        )

    @pytest.fixture
    def upload(self, client: Client, specification: Specification) -> Callable[[bytes], Any]:
        client.force_login(f.staff("X4"), "django.contrib.auth.backends.ModelBackend")
        address = reverse("bank:update", args=[specification.pk])
        return lambda content: client.post(address, {"file": SimpleUploadedFile("表.xlsx", content)})

    def test_one_page_takes_both_forms_and_nothing_is_half_written(
        self, client: Client, specification: Specification, upload: Callable[[bytes], Any]
    ) -> None:
        refused = upload(book([*TITLES, *cell(4, 14, "")]))
        assert refused.status_code == 422
        assert "没有重要程度" in refused.content.decode()
        assert Point.objects.count() == 1
        assert upload(specification_book.write(specification)).status_code == 302
        example = client.get(reverse("bank:specification_example_national"))
        assert upload(b"".join(example)).status_code == 302
        assert Point.objects.filter(code="B-A-A-001", name="工具的选用", range__code="B-A-A").exists()

    def test_the_table_in_the_bank_goes_out_in_the_national_form_and_in_again(
        self, client: Client, specification: Specification, upload: Callable[[bytes], Any]
    ) -> None:
        content = b"".join(client.get(reverse("bank:specification_table_national", args=[specification.pk])))
        rows, problems = specification_book.read("表.xlsx", content)
        assert (problems, [r.code for r in rows]) == ([], ["A", "A-001"])

    def test_a_table_that_does_not_fit_the_form_is_not_written(self, specification: Specification) -> None:
        specification.points.update(code="A-1x")
        with pytest.raises(Refused, match="三位数字"):
            specification_book.write_national(specification)

    def test_a_table_of_another_occupation_or_level_is_taken_with_a_warning(
        self, client: Client, specification: Specification, upload: Callable[[bytes], Any]
    ) -> None:
        own = TitleBlock(specification.occupation.name, "四级（中级）")
        example = specification_book.NATIONAL_EXAMPLE
        for block, warned in ((own, []), (TitleBlock("别的工", "二级"), ["职业是“别的工”", "等级是“二级”"])):
            address = upload(write(example, block))["Location"]
            page = client.get(address).content.decode()
            assert [said for said in ("职业是“别的工”", "等级是“二级”") if said in page] == warned
