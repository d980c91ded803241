"""Banks as other systems hand them out: names of pictures as web addresses, instructions beside the question, English headings."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from assay.interchange import reading
from assay.interchange.checking import Checked, check
from tests.bank.interchange import made
from tests.bank.interchange.test_readers import Against, book, read, said

PICTURE = next(iter(made.PICTURES.values()))
NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
WRITTEN = [
    ("图1.png", "%E5%9B%BE1.png"), ("a b.png", "a%20b.png"), ("a.png", "a.png?time=1"), ("图 1.png", "%E5%9B%BE%201.png?x=1#y"),
    ("a.png", "a.png"), ("50%.png", "50%.png"),
]  # fmt: skip
CHOICE = (
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>选哪个</prompt>'
    '<simpleChoice identifier="a">甲</simpleChoice><simpleChoice identifier="b">乙</simpleChoice></choiceInteraction>'
)
EXTENDED = '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>说明理由</prompt></extendedTextInteraction>'


def item(body: str, more: str = "") -> str:
    return (
        f'<assessmentItem xmlns="{NAMESPACE}" identifier="q1" title="q"><responseDeclaration identifier="RESPONSE" cardinality="single">'
        f"<correctResponse><value>a</value></correctResponse></responseDeclaration>{more}<itemBody>{body}</itemBody></assessmentItem>"
    )


def package(members: dict[str, str | bytes], href: str) -> bytes:
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
        f'<resource identifier="R1" type="imsqti_item_xmlv2p1" href="{href}"/></resources></manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest)
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def shows_the_picture(found: Checked) -> bool:
    assert not found.problems, [str(p) for p in found.problems]
    assert found.notes == []
    return list(found.pictures.values()) == [PICTURE] and "![](" in found.rows[0].stem


@pytest.mark.parametrize(("name", "source"), WRITTEN)
@pytest.mark.parametrize("folder", ["", "图片/"])
def test_a_picture_of_a_qti_package_is_found_however_its_name_is_written(name: str, source: str, folder: str) -> None:
    where = "%E5%9B%BE%E7%89%87/" if folder and "%" in source and "50%" not in source else folder
    body = f'<p>看图<img src="{where}{source}" alt=""/></p>{CHOICE}'
    content = package({"题1.xml": item(body), f"{folder}{name}": PICTURE}, "%E9%A2%981.xml")
    assert shows_the_picture(read("a.zip", content))


def test_no_picture_leads_out_of_its_package_by_its_spelling() -> None:
    body = f'<p>看图<img src="%2e%2e/%2e%2e/a.png" alt=""/></p>{CHOICE}'
    found = read("a.zip", package({"q.xml": item(body), "a.png": PICTURE}, "q.xml"))
    assert found.pictures == {}
    assert len(found.notes) == 1


@pytest.mark.parametrize(("name", "source"), WRITTEN)
def test_a_picture_of_moodle_is_found_however_its_name_is_written(name: str, source: str) -> None:
    file = f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(PICTURE).decode()}</file>'
    text = f'<![CDATA[<p>看图<img src="@@PLUGINFILE@@/{source}" alt=""></p>]]>'
    quiz = (
        f'<quiz><question type="truefalse"><questiontext format="html"><text>{text}</text>{file}</questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>'
    )
    assert shows_the_picture(read("a.xml", quiz))


@pytest.mark.parametrize(("name", "source"), [*WRITTEN, ("a b.png", "a b.png")])
def test_a_picture_that_a_cell_names_is_found_however_its_name_is_written(name: str, source: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, PICTURE)
    content = book(("题", [["题型", "题干", "答案", "图片"], ["判断", "看图", "对", source]]))
    assert shows_the_picture(check(reading.read("a.xlsx", content, buffer.getvalue()), Against(made.POINTS)))


@pytest.mark.parametrize("view", ['view="candidate"', 'view="candidate scorer"', ""])
@pytest.mark.parametrize("question", [CHOICE, EXTENDED])
def test_what_candidates_are_told_before_a_question_is_part_of_its_stem(view: str, question: str) -> None:
    rubric = f"<rubricBlock {view}><p>根据下面的图样作答。</p></rubricBlock>"
    found = read("q.xml", item(f"<p>材料</p>{rubric}{question}"))
    lines = (
        found.rows[0].stem.splitlines()
        if found.rows
        else reading.read("q.xml", item(rubric + question).encode()).drafts[0].stem
    )
    assert "根据下面的图样作答。" in lines
    assert found.notes == []


def test_words_for_others_stay_out_and_are_named_unless_they_say_how_to_mark() -> None:
    rubric = '<rubricBlock view="{}"><p>答出两点得满分。</p></rubricBlock>'
    (draft,) = reading.read("q.xml", item(rubric.format("scorer") + EXTENDED).encode()).drafts
    assert (draft.key, draft.stem) == ("答出两点得满分。", "说明理由")
    found = read("q.xml", item(rubric.format("tutor") + CHOICE))
    assert [(r.stem, r.key) for r in found.rows] == [("选哪个", "A")]
    assert [n.message for n in found.notes] == ["给tutor看的说明“答出两点得满分。”没有读入"]


@pytest.mark.parametrize(
    ("body", "more", "name"),
    [
        ('<p>每分钟 <printedVariable identifier="X"/> 转</p>', "", "printedVariable"),
        ("<p>多少</p>", '<templateDeclaration identifier="X" cardinality="single" baseType="integer"/>', "templateDeclaration"),
    ],
)  # fmt: skip
def test_an_item_that_is_made_anew_each_time_is_refused_by_name(body: str, more: str, name: str) -> None:
    found = read("q.xml", item(body + CHOICE, more))
    assert not found.rows
    assert [p.message.partition("，")[0] for p in found.problems] == [f"是模板题（{name}）"]


@pytest.mark.parametrize(
    "head",
    [
        ["", "Question", "A", "B", "C", "D", "Answer"], ["No.", "STEM", "Option A", "Option B", "Option C", "Option D", "Correct Answer"],
        ["#", "Question Text", "choice a", "choice b", "choice c", "choice d", "key"],
    ],
)  # fmt: skip
def test_english_headings_are_understood(head: list[object]) -> None:
    found = read("bank.xlsx", book(("Sheet1", [head, [1, "机油的作用", "润滑", "冷却", "防锈", "点火", "A"]])))
    assert said(found) == [("single", "机油的作用", ("润滑", "冷却", "防锈", "点火"), "A")]


def test_a_table_without_a_column_of_stems_is_one_problem_and_holds_no_items() -> None:
    rows = [
        ["序号", "考题文本", "A", "B", "答案"],
        [1, "机油的作用", "润滑", "点火", "A"],
        [2, "气门的作用", "进气", "点火", "A"],
    ]
    found = read("bank.xlsx", book(("Sheet1", rows)))
    assert [(p.row, p.column, p.message) for p in found.problems] == [(1, "题干", "缺少这一列，请使用模板的表头")]
    assert found.items == 0
    assert found.unknown == {"Sheet1": ["序号", "考题文本"]}
