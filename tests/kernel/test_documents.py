"""Official papers: what a table is given as data stays data."""

from __future__ import annotations

from datetime import date

import pytest
import typst

from assay.kernel.documents import TAGGED_UP_TO, blocks, render_blocks
from assay.kernel.documents.response import pdf
from tests.papers import about, feet_of, overprinted, pages_of


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
    made = render_blocks([paper])
    assert overprinted(made) == []
    assert len(pages_of(made)) > 1
    said = "".join(word.said for page in pages_of(made) for word in page if word.left > LABEL and word.bottom < FOOT)
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
        made = render_blocks([[blocks.box("意见", long, height_mm=20, signed="签名处")]])
        [page] = [page for page in pages_of(made) if any(word.said == "签名处" for word in page)]
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
    made = render_blocks([paper])
    pages = [" ".join(word.said for word in page) for page in pages_of(made)]
    assert len(pages) == 2
    assert all("监考员甲" in page and "监考员乙" in page for page in pages)
    assert overprinted(made) == []


def test_what_stands_below_a_title_says_whose_paper_it_is_where_nothing_else_is_said() -> None:
    assert feet_of(render_blocks([[blocks.title("登记表", below="第一批次")], [blocks.text("没有标题")]])) == [
        "登记表第一批次第1页共1页",
        "第1页共1页",
    ]


def test_a_paper_with_a_day_is_a_file_for_archives_and_for_readers() -> None:
    paper = [
        blocks.title("登记表", whose="第一批次"),
        blocks.heading("一、情况"),
        blocks.table(["序号", "姓名"], [[1, "甲"]]),
    ]
    first, again = (render_blocks([paper], on=date(2026, 3, 2)) for _ in range(2))
    assert first == again
    said = about(first)
    assert said["Title"] == "登记表　第一批次"
    assert said["CreationDate"].startswith("Mon Mar  2") or said["CreationDate"].startswith("Mon Mar 2")
    assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("2", "A", "1")


def test_a_job_of_many_papers_is_for_archives_and_called_by_what_they_are() -> None:
    papers = [[blocks.title("登记表", whose=f"第 {n} 批次")] for n in range(TAGGED_UP_TO + 1)]
    said = about(render_blocks(papers, on=date(2026, 3, 2)))
    assert said["Title"] == "登记表"
    assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "U")


def test_a_sign_that_no_font_has_makes_an_ordinary_file_not_none() -> None:
    said = about(render_blocks([[blocks.title("登记表"), blocks.text("𠀀")]], on=date(2026, 3, 2)))
    assert said["Title"] == "登记表"
    assert "pdfaid:part" not in said


def test_a_paper_is_saved_under_what_it_holds() -> None:
    assert pdf(b"%PDF", "备案表_甲_1/2")["Content-Disposition"] == (
        "inline; filename*=UTF-8''%E5%A4%87%E6%A1%88%E8%A1%A8_%E7%94%B2_1%2F2.pdf"
    )
