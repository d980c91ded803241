"""The item template: downloaded, filled in, imported; every fault named; nothing half-written."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from PIL import Image

from assay.bank.exchange.importing import examine
from assay.bank.models import Item, Specification
from assay.bank.specifications.acts import install_specification
from assay.bank.writing.acts.items import import_items
from assay.interchange import excel
from assay.interchange.checking import Checked
from assay.items.content import markup
from assay.items.specification import PointRow
from assay.kernel import files
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import workbook as xlsx

pytestmark = pytest.mark.django_db
HEAD = ["鉴定点代码", "题型", "难度", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "图片文件名"]
GOOD = [
    "A-001",
    "单项选择题",
    3,
    "机油压力过低时应首先检查（　）。",
    "油位",
    "水温",
    "胎压",
    "灯光",
    "a",
    "先易后难",
    "",
]


@pytest.fixture
def specification() -> Specification:
    row = f.scope_row()
    rows = [
        PointRow("A", "", "range", "基本要求", Decimal(100)),
        PointRow("A-001", "A", "point", "润滑系", None, "X"),
    ]
    return install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例细目表", rows=rows
    )


def read(specification: Specification, *rows: list[object], images: bytes | None = None) -> Checked:
    return examine("试题.xlsx", xlsx(("试题", [HEAD, *rows])), specification, images=images)


def test_the_downloaded_template_filled_in_goes_in(specification: Specification) -> None:
    book = load_workbook(io.BytesIO(excel.template([("A-001", "润滑系", "X")])))
    sheet = book["试题"]
    titles = [cell.value for cell in sheet[1]]
    values = dict(zip(HEAD, GOOD, strict=True))
    for column, title in enumerate(titles, start=1):
        sheet.cell(2, column, values.get(title, ""))
    buffer = io.BytesIO()
    book.save(buffer)
    found = examine("试题.xlsx", buffer.getvalue(), specification)
    assert found.problems == []
    made = import_items(f.actor_with("X4"), specification, found.rows)
    assert [(i.key, i.options) for i in made] == [("A", ["油位", "水温", "胎压", "灯光"])]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("鉴定点代码", "Z-999", "Z-999"), ("题型", "看图说话", "题型"), ("难度", 9, "难度"), ("题干", "", "为空"),
        ("选项D", "油位", "相同"), ("答案", "E", "范围"), ("答案", "", "答案应为"), ("图片文件名", "图1.png", "图1.png"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_is_named(specification: Specification, column, value, said) -> None:
    row = list({**dict(zip(HEAD, GOOD, strict=True)), column: value}.values())
    found = read(specification, row)
    assert found.problems
    assert all(p.row == 2 for p in found.problems)
    assert any(said in p.message for p in found.problems), found.problems


def test_items_already_there_or_twice_in_the_file_are_named(specification: Specification) -> None:
    (there,) = import_items(f.actor_with("X4"), specification, read(specification, GOOD).rows)
    again = [*GOOD[:3], "机油压力过低时，应首先检查 (  )", *GOOD[4:]]
    fresh = [*GOOD[:3], "另一道题，正确的是（　）。", *GOOD[4:]]
    found = read(specification, again, fresh, fresh)
    assert [(p.row, p.message) for p in found.known] == [(2, f"题干与题库中试题 {there.pk} 重复")]
    assert [(p.row, p.message) for p in found.problems] == [(4, "题干与第 3 行重复")]


def test_nothing_is_written_when_one_row_is_bad(specification: Specification) -> None:
    rows = read(specification, GOOD).rows
    with pytest.raises(Refused, match="重复"):
        import_items(f.actor_with("X4"), specification, [*rows, *rows])
    assert Item.objects.count() == 0


def test_pictures_come_in_with_their_items(specification: Specification) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("图1.png", picture.getvalue())
    found = read(specification, [*GOOD[:-1], "图1.png"], images=zipped.getvalue())
    assert found.problems == []
    made = import_items(f.actor_with("X4"), specification, found.rows, pictures=found.pictures)
    shown = markup.parse(made[0].stem).pictures()
    assert [files.read(p.source) for p in shown] == [picture.getvalue()]
