"""Official papers: what a table is given as data stays data."""

from __future__ import annotations

import pytest
import typst

from assay.kernel.documents import blocks, render_blocks
from tests.papers import feet_of, overprinted, pages_of


def drawn(*widths: str) -> bytes:
    return render_blocks([[blocks.table(["#panic(1)"] * len(widths), [["=甲"] * len(widths)], widths=widths)]])


def test_widths_are_millimetres_and_shares() -> None:
    assert drawn("20mm", "1fr", "12.5mm", "0.5fr").startswith(b"%PDF")


@pytest.mark.parametrize("width", ["10mm + 10mm", "calc.max(1, 2) * 1mm", "{ let a = 1mm; a }", "auto", "1", ""])
def test_a_width_is_never_run(width: str) -> None:
    with pytest.raises(typst.TypstError):
        drawn(width)


REASON = "".join(f"第{n:03}条理由写明，" for n in range(32))  # 320 signs
FINDINGS = "\n".join("".join(f"第{n:03}项发现问题，" for n in range(start, start + 35)) for start in (0, 35))  # 700
LABEL, FOOT = 125, 796  # points: the labels stand left of the one, the foot of the page below the other
SIGNED = "审核人：　　　　　（章）　　年　　月　　日"


@pytest.mark.parametrize("signed", [SIGNED, ""])
def test_a_box_grows_over_pages_and_nothing_is_printed_over_anything(signed: str) -> None:
    assert (len(REASON), len(FINDINGS)) == (32 * 10, 70 * 10 + 1)
    paper = [
        blocks.title("督导情况反馈表"),
        blocks.box("系部初审", REASON, height_mm=20, signed=signed),
        blocks.box("认定中心审核", REASON, height_mm=20, signed=signed),
        *(blocks.box(f"意见{n}", FINDINGS, height_mm=40, signed=signed) for n in range(4)),
    ]
    pdf = render_blocks([paper])
    assert overprinted(pdf) == []
    assert len(pages_of(pdf)) > 1
    said = "".join(word.said for page in pages_of(pdf) for word in page if word.left > LABEL and word.bottom < FOOT)
    assert said.count("第031条理由写明，") == 2
    assert all(said.count(f"第{n:03}项发现问题，") == 4 for n in range(70))
    assert said.count("（章）") == (6 if signed else 0)


def test_a_box_with_a_few_words_has_its_height_and_its_line_at_the_foot() -> None:
    [page] = pages_of(
        render_blocks([[blocks.box("结论", "通过。", height_mm=50, signed="签名处"), blocks.text("以下")]])
    )
    top = {word.said: word.top for word in page}
    assert 120 < top["签名处"] - top["通过。"] < 142  # 50 mm are 142 points
    assert 5 < top["以下"] - top["签名处"] < 40


def test_the_box_of_the_longest_line_keeps_its_signature_off_the_next_page_alone() -> None:
    """Wherever the page ends, the line for signature has words of its box beside it."""
    for lines in range(30, 60):
        long = "\n".join(f"第{n:03}行" for n in range(lines))
        pdf = render_blocks([[blocks.box("意见", long, height_mm=20, signed="签名处")]])
        [page] = [page for page in pages_of(pdf) if any(word.said == "签名处" for word in page)]
        assert any(word.said.endswith("行") for word in page), lines


def test_every_page_says_what_it_is_whose_and_which_of_how_many() -> None:
    rows = [[n, "甲"] for n in range(60)]
    papers = [
        [
            blocks.title("签到表", below="下午", whose=f"第 {room} 考场"),
            blocks.table(["座位", "姓名"], rows[: 19 * room]),
        ]
        for room in (1, 3, 2)
    ]
    assert feet_of(render_blocks(papers)) == [
        "签到表第1考场第1页共1页",
        "签到表第3考场第1页共2页", "签到表第3考场第2页共2页",
        "签到表第2考场第1页共1页",
    ]  # fmt: skip


def test_who_signs_each_page_does_so_on_every_one() -> None:
    rows = [[n, "甲"] for n in range(60)]
    paper = [
        blocks.title("签到表"),
        blocks.table(["座位", "姓名"], rows),
        blocks.signatures_of_each_page("监考员甲", "监考员乙"),
    ]
    pdf = render_blocks([paper])
    pages = [" ".join(word.said for word in page) for page in pages_of(pdf)]
    assert len(pages) == 2
    assert all("监考员甲" in page and "监考员乙" in page for page in pages)
    assert overprinted(pdf) == []


def test_what_stands_below_a_title_says_whose_paper_it_is_where_nothing_else_is_said() -> None:
    assert feet_of(render_blocks([[blocks.title("登记表", below="第一批次")], [blocks.text("没有标题")]])) == [
        "登记表第一批次第1页共1页",
        "第1页共1页",
    ]
