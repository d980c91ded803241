"""The markup of items: what it means, and that writing it loses nothing."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.items.content import markup
from assay.items.content.markup import Content, Formula, Paragraph, Picture, Table, Text

PIECES = st.sampled_from(
    ["\\(", "\\)", "\\", "|", "| ", "\n", "<sub>", "</sub>", "<b>", "</b>", "<", "![", "](", ")", "!", "_", "__", "x^2",
     "扭矩", " ", "　", "a1.png", "$", "&lt;", "\\|", "\\<"]
)  # fmt: skip
MARKUP = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)


def text(words: str, *styles: str) -> Text:
    return Text(words, frozenset(styles))


def test_formulas_pictures_and_styles_are_found_in_a_line() -> None:
    found = markup.parse("水的化学式是 H<sub>2</sub>O，\\(\\frac{a}{b}\\) 见![电路图](a1.png)。")
    assert found == Content(
        (
            Paragraph(
                (
                    text("水的化学式是 H"), text("2", "sub"), text("O，"), Formula("\\frac{a}{b}"), text(" 见"),
                    Picture("a1.png", "电路图"), text("。"),
                )
            ),
        )
    )  # fmt: skip


def test_lines_between_bars_are_a_table() -> None:
    found = markup.parse("见下表：\n| 项目 | 标准值 |\n| 气门间隙 | \\(|x| < 1\\) |\n应选（　）。")
    assert found.blocks[1] == Table(
        (((text("项目"),), (text("标准值"),)), ((text("气门间隙"),), (Formula("|x| < 1"),)))
    )
    assert markup.plain(found) == "见下表：\n项目 标准值\n气门间隙 |x| < 1\n应选（　）。"


def test_ordinary_signs_need_no_care() -> None:
    for words in ("若 a<b 且 b>c", "价格 $100 与 $200", "路径 C:\\Windows\\x", "10~20 mm", "5*3*2", "对!", "a|b"):
        assert markup.parse(words) == Content((Paragraph((text(words),)),))


def test_a_blank_to_fill_in_is_one_whatever_its_length() -> None:
    assert markup.plain(markup.parse("扭矩为 ______ N·m，共 __ 处")) == "扭矩为 ____ N·m，共 ____ 处"


@settings(max_examples=400)
@given(MARKUP)
@example("<sub>_<sub>_")
def test_what_is_written_reads_the_same(words: str) -> None:
    content = markup.parse(words)
    assert markup.parse(markup.write(content)) == content


@given(MARKUP)
def test_renaming_pictures_changes_nothing_else(words: str) -> None:
    content = markup.parse(words)
    names = {picture.source: "f" * 64 for picture in content.pictures()}
    renamed = markup.parse(markup.Renaming(names).of(words))
    assert markup.plain(renamed) == markup.plain(content)
    assert {picture.source for picture in renamed.pictures()} <= {"f" * 64}
