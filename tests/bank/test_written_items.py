"""Short answers and cases on a paper: assembled whole, marks split over the parts, printed with lines and key."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.bank.models import Item, Paper
from assay.bank.papers import printing
from assay.bank.papers.acts import custody, papers
from assay.bank.showing import shown_entry
from assay.bank.specifications import acts
from assay.bank.writing.acts import items
from assay.catalogue.models import PaperPattern
from assay.catalogue.notation import format_sections, parse_sections
from assay.items.row import ItemRow
from assay.items.rules import asked, split_mark
from assay.items.specification import PointRow
from tests import factories as f

KEEPER = ("X4", "R4", "E7")


@given(st.integers(1, 1000), st.integers(1, 7))
def test_a_cases_mark_is_split_without_remainder_and_as_evenly_as_tenths_allow(tenths: int, parts: int) -> None:
    mark = Decimal(tenths) / 10
    split = split_mark(mark, parts)
    assert sum(split) == mark
    assert max(split) - min(split) <= Decimal("0.1")


def test_a_pattern_may_ask_for_them() -> None:
    said = "单选 40 2；简答 2 5；案例 1 10"
    assert format_sections(parse_sections(said)) == said


@pytest.fixture
def paper(db: None) -> Paper:
    f.centre()
    row = f.scope_row()
    keeper = f.actor_with(*KEEPER, account=f.staff(*KEEPER))
    items.sign_secrecy(keeper)
    specification = acts.install_specification(
        keeper, occupation=row.occupation, level=f.level("4"), title="示例细目表",
        rows=[PointRow("A", "", "range", "知识", Decimal(100)), PointRow("A-001", "A", "point", "点", None, "X")],
    )  # fmt: skip
    parts = (
        ItemRow("", "true_false", 3, "先查蓄电池。", (), "对"), ItemRow("", "short", 3, "说出检查次序。", (), "电源、线路"),
        ItemRow("", "single", 3, "用何量具？", ("万用表", "卡尺"), "A"),
    )  # fmt: skip
    rows = [
        ItemRow("A-001", "short", 3, "简述换油步骤。", (), "预热、放油、换滤清器"),
        ItemRow("A-001", "case", 3, "车辆不能起动。", parts=parts),
        *[ItemRow("A-001", "true_false", 3, f"判断{n}", (), "对") for n in range(4)],
    ]
    items.import_items(keeper, specification, rows, approved=True)
    pattern = PaperPattern.objects.filter(standard_level__standard__occupation=row.occupation).first()
    assert pattern is not None
    pattern.sections = [
        {"type": "true_false", "count": 4, "mark": "20"}, {"type": "short", "count": 1, "mark": "10"},
        {"type": "case", "count": 1, "mark": "10"},
    ]  # fmt: skip
    (made,) = papers.assemble(keeper, specification, pattern, seed=1, options=papers.Options(relaxed=True))
    return made


def test_a_case_stands_on_the_paper_whole(paper: Paper) -> None:
    (case,) = [entry for entry in paper.content if entry["type"] == "case"]
    assert [(p["type"], p["mark"]) for p in case["parts"]] == [
        ("true_false", "3.4"),
        ("short", "3.3"),
        ("single", "3.3"),
    ]
    assert len(asked(paper.content)) == 4 + 1 + 3
    assert sum(Decimal(entry["mark"]) for entry in asked(paper.content)) == 100
    assert [p.kind for p in shown_entry(case).parts] == ["判断题", "简答题", "单项选择题"]


def test_they_are_printed_with_lines_to_write_on_and_a_key(paper: Paper, tmp_path: Path) -> None:
    words = {}
    for part in printing.PARTS:
        (tmp_path / "a.pdf").write_bytes(printing.paper_pdf(paper, part))
        done = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
        )
        words[part] = "".join(done.stdout.split())
    for said in ("简述换油步骤", "车辆不能起动", "（2）简答题，3.3分", "说出检查次序", "A.万用表"):
        assert said in words["paper"]
    assert "预热" not in words["paper"]
    assert "预热、放油、换滤清器" in words["key"]
    assert "（2）3.3分电源、线路" in words["key"]
    assert "[A][B]" in words["sheet"]


@pytest.mark.django_db
def test_a_leak_takes_the_parts_of_a_case_out_of_use_too(paper: Paper) -> None:
    keeper = f.actor_with(*KEEPER, account=f.staff(*KEEPER))
    custody.report_leak(keeper, paper, "有人拍照")
    assert set(Item.objects.values_list("state", flat=True)) == {"retired"}
