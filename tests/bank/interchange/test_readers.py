"""The shapes in which banks come: other systems' formats, Word, tables as people keep them."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from assay.interchange import reading
from assay.interchange.checking import Against, Checked, check
from tests.bank.interchange import made
from tests.bank.interchange.fuzzing import document


def read(name: str, content: bytes | str, **more: object) -> Checked:
    raw = content.encode() if isinstance(content, str) else content
    return check(reading.read(name, raw, **more), Against(made.POINTS))  # type: ignore[arg-type]


def said(found: Checked) -> list[tuple[str, str, tuple[str, ...], str]]:
    assert not found.problems, [str(p) for p in found.problems]
    return [(r.type, r.stem, r.options, r.key) for r in found.rows]


def book(*sheets: tuple[str, list[list[object]]], pictures: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
        for cell, picture in (pictures or {}).items():
            sheet.insert_image(cell, "图.png", {"image_data": io.BytesIO(picture)})
    workbook.close()
    return buffer.getvalue()


def test_columns_in_any_order_one_sheet_for_each_type_options_in_one_cell() -> None:
    found = read(
        "题库.xlsx",
        book(
            (
                "单选题",
                [
                    ["序号", "答案", "题目", "选项"],
                    [1, "b", "甲问", "A.一 B.二 C.三 D.四"],
                    [2, "四", "乙问", "一|二|三|四"],
                ],
            ),
            (
                "多选题",
                [["题干", "A", "B", "C", "D", "正确答案", "难易度"], ["丙问", "一", "二", "三", "四", "A、C", "较难"]],
            ),
            ("判断题", [["试题内容", "参考答案"], ["丁", "√"], ["戊", "错误"], ["己", "F"]]),
        ),
    )
    four = ("一", "二", "三", "四")
    assert said(found) == [
        ("single", "甲问", four, "B"), ("single", "乙问", four, "D"), ("multiple", "丙问", four, "AC"),
        ("true_false", "丁", (), "对"), ("true_false", "戊", (), "错"), ("true_false", "己", (), "错"),
    ]  # fmt: skip
    assert found.rows[2].difficulty == 4
    assert found.unknown == {"单选题": ["序号"]}


def test_a_column_that_nobody_knows_can_be_explained() -> None:
    content = book(("Sheet1", [["试题题目文本", "对错"], ["地球是圆的", "对"]]))
    assert read("a.xlsx", content).problems
    explained = {"试题题目文本": "stem", "对错": "key"}
    assert said(read("a.xlsx", content, mapping=explained)) == [("true_false", "地球是圆的", (), "对")]


def test_pictures_that_lie_on_a_cell_go_with_it() -> None:
    one, two = list(made.PICTURES.values())
    rows = [["题型", "题干", "选项A", "选项B", "答案"], ["单选", "看图", "甲", "乙", "A"]]
    found = read("a.xlsx", book(("题", rows), pictures={"B2": one, "D2": two}))
    row = found.rows[0]
    assert len(found.pictures) == 2
    assert row.stem.startswith("看图\n![](")
    assert row.options[1].startswith("乙\n![](")


def test_pictures_in_cells_as_wps_keeps_them() -> None:
    rows = [["题型", "题干", "答案", "图片"], ["判断", "如图", "对", "占位"]]
    plain = book(("题", rows))
    buffer = io.BytesIO()
    picture = next(iter(made.PICTURES.values()))
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                before, _, after = content.partition(b'<c r="D2"')
                formula = b'<c r="D2" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
                content = before + formula + after.partition(b"</c>")[2]
            new.writestr(name, content)
        a, r = (
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        )
        cell = f'<x xmlns:a="{a}" xmlns:r="{r}"><cellImage><cNvPr name="ID_1"/><a:blip r:embed="rId1"/></cellImage></x>'
        new.writestr("xl/cellimages.xml", cell)
        new.writestr("xl/_rels/cellimages.xml.rels", '<R><Relationship Id="rId1" Target="media/image1.png"/></R>')
        new.writestr("xl/media/image1.png", picture)
    found = read("wps.xlsx", buffer.getvalue())
    assert not found.problems, [str(p) for p in found.problems]
    assert list(found.pictures.values()) == [picture]
    assert "![](" in found.rows[0].stem


def test_a_csv_in_gb_18030_is_read() -> None:
    text = "题型,题干,选项A,选项B,选项C,选项D,答案\n单选题,𠮷利车的机油（　）,一,二,三,四,C\n"
    assert said(read("题.csv", text.encode("gb18030"))) == [
        ("single", "𠮷利车的机油（　）", ("一", "二", "三", "四"), "C")
    ]


def test_gift_of_every_kind() -> None:
    found = read(
        "题.gift",
        "// 注\n$CATEGORY: 题库/A-A-001\n\n::一:: 选一个 {\n=对的#好\n~错的\n~%-50%也错\n~又错####因为\n}\n\n"
        "选几个 {~%50%甲 ~%50%乙 ~%-100%丙}\n\n地球是圆的。{T}\n\n气门间隙 {#0.25:0.05}\n\n配 {=甲 -> 一 =乙 -> 二}\n\n"
        "机油又叫 {=润滑油 =机械油} 。\n\n花括号 \\{x\\} 是 {=对 ~错 ~不知 ~都是}",
    )
    rows = said(found)
    assert rows[0] == ("single", "选一个", ("对的", "错的", "也错", "又错"), "A")
    assert found.rows[0].explanation == "因为"
    assert found.rows[0].point == "A-A-001"
    assert rows[1] == ("multiple", "选几个", ("甲", "乙", "丙"), "AB")
    assert rows[2] == ("true_false", "地球是圆的。", (), "对")
    assert rows[3] == ("fill", "气门间隙 ____", (), "0.25±0.05")
    assert rows[4] == ("matching", "配", ("一", "二"), "AB")
    assert rows[5] == ("fill", "机油又叫 ____ 。", (), "润滑油|机械油")
    assert rows[6][1] == "花括号 {x} 是"


def test_aiken_and_what_is_left_over_in_it() -> None:
    found = read("题.txt", "问一\nA. 甲\nB) 乙\nANSWER: B\n\n问二\nA. 甲\nB. 乙\n")
    assert [(r.stem, r.options, r.key) for r in found.rows] == [("问一", ("甲", "乙"), "B")]
    assert "没有 ANSWER" in found.problems[0].message


def test_word_with_formulas_and_options_on_one_line() -> None:
    found = read("题.docx", document())
    assert [(r.type, r.key, len(r.options)) for r in found.rows] == [("single", "A", 2), ("single", "B", 2)]


def test_answers_listed_at_the_end_by_part() -> None:
    found = read(
        "卷.txt",
        "一、单选题\n1. 甲（　）\nA.一 B.二\nC.三 D.四\n2. 乙（　）\nA.一 B.二 C.三 D.四\n二、判断题\n1. 丙。\n2. 丁。\n"
        "参考答案\n一、单选题\n1-2 BD\n二、判断题\n1.√ 2.×\n",
    )
    assert [(r.type, r.stem, r.key) for r in found.rows] == [
        ("single", "甲（　）", "B"), ("single", "乙（　）", "D"), ("true_false", "丙。", "对"), ("true_false", "丁。", "错"),
    ]  # fmt: skip


QTI_21 = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="q">'
    '<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">'
    "<correctResponse>{correct}</correctResponse></responseDeclaration><itemBody>{body}</itemBody></assessmentItem>"
)


def qti(cardinality: str, correct: str, body: str) -> str:
    values = "".join(f"<value>{v}</value>" for v in correct.split())
    return QTI_21.format(cardinality=cardinality, correct=values, body=body)


def test_a_choice_of_qti_2_1() -> None:
    choices = "".join(
        f'<simpleChoice identifier="{i}">{t}</simpleChoice>' for i, t in zip("xyz", "甲乙丙", strict=True)
    )
    interaction = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>选几个</prompt>{choices}</choiceInteraction>'
    assert said(read("q.xml", qti("multiple", "z x", f"<p>材料</p>{interaction}"))) == [
        ("multiple", "材料\n选几个", ("甲", "乙", "丙"), "AC")
    ]


@pytest.mark.parametrize("interaction", ["hotspotInteraction", "gapMatchInteraction", "uploadInteraction"])
def test_what_qti_holds_beyond_is_reported_by_its_name(interaction: str) -> None:
    found = read("q.xml", qti("single", "a", f'<{interaction} responseIdentifier="RESPONSE"/>'))
    assert [p.item for p in found.problems] == ["q1"]
    assert interaction in found.problems[0].message


def test_a_moodle_question_of_a_kind_we_do_not_have_is_reported_by_its_number_and_name() -> None:
    found = read(
        "m.xml",
        '<quiz><question type="ddmarker"><name><text>拖放</text></name></question>'
        '<question type="truefalse"><name><text>b</text></name>'
        '<questiontext format="html"><text>&lt;p&gt;圆&lt;/p&gt;</text></questiontext>'
        '<answer fraction="100"><text>true</text></answer></question></quiz>',
    )
    assert [(p.item, "不支持" in p.message) for p in found.problems] == [("1 拖放", True)]
    assert [r.stem for r in found.rows] == ["圆"]


def test_nearly_the_same_items_are_pointed_out_and_the_same_ones_refused() -> None:
    long = "汽车发动机机油压力过低时应当首先检查机油的油位是否正常"
    rows = [["题型", "题干", "答案"], ["判断", long, "对"], ["判断", long + "吗", "对"], ["判断", f" {long} 。", "错"]]
    found = read("a.xlsx", book(("题", rows)))
    assert [p.row for p in found.problems] == [4]
    assert "相近" in found.notes[0].message
