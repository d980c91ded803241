"""A paper for rooms without computers: every item with its formulas and pictures, an answer sheet, the key apart."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assay.bank.models import Paper, Specification
from assay.bank.papers import printing
from assay.bank.papers.acts import papers
from assay.bank.writing.acts import items
from assay.centre.actors import actor_of
from assay.kernel import clock, files
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.bank.interchange import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    f.centre()
    shown = [files.keep(content).sha256 for content in made.PICTURES.values()]
    row = f.scope_row()
    specification = Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="示例细目表")
    content = [
        {"item": 1, "type": "single", "mark": "2", "stem": f"看图 ![电路]({shown[0]}) 求 \\(\\frac{{U}}{{R}}\\)，H<sub>2</sub>O",
         "options": ["\\(2\\) A", "3 A", "4 A", "5 A"], "key": "B"},
        {"item": 2, "type": "single", "mark": "2", "stem": "下表说的是\n| 项目 | 值 |\n| 电压 | \\(12\\) V |\n哪一种？",
         "options": ["很长很长很长很长很长的选项一", "选项二", "选项三", "选项四"], "key": "A"},
        {"item": 3, "type": "true_false", "mark": "1", "stem": "地球是圆的。", "options": [], "key": "对"},
        {"item": 4, "type": "matching", "mark": "2", "stem": "连线", "options": ["润滑系", "冷却系"], "premises": ["机油泵"], "key": "A"},
        {"item": 5, "type": "short", "mark": "10", "stem": "简述换油步骤。", "options": [], "key": "预热、放油"},
    ]  # fmt: skip
    sections = [
        {"type": kind, "count": n, "mark": mark}
        for kind, n, mark in (("single", 2, "2"), ("true_false", 1, "1"), ("matching", 1, "2"), ("short", 1, "10"))
    ]
    return Paper.objects.create(
        specification=specification, title="示例 A 卷", minutes=90, sections=sections, content=content, seed=1,
        digest="0" * 64, created_at=clock.now(),
    )  # fmt: skip


def words(pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout


def test_the_paper_shows_its_items_and_no_key(paper: Paper, tmp_path: Path) -> None:
    text = words(printing.paper_pdf(paper, "paper"), tmp_path)
    for said in ("一、单项选择题（共 2 题，每题 2 分）", "A.", "电压", "机油泵", "简述换油步骤", "准考证号"):
        assert said in text
    assert "预热" not in text


def test_the_key_and_the_answer_sheet_are_papers_of_their_own(paper: Paper, tmp_path: Path) -> None:
    key, sheet = (words(printing.paper_pdf(paper, part), tmp_path) for part in ("key", "sheet"))
    assert "绝密" in key
    assert "预热" in key
    assert "[A]" in sheet
    assert "预热" not in sheet


def test_printing_is_on_record_and_ends_with_sealing(paper: Paper) -> None:
    keeper = actor_of(f.staff("E7"))
    items.sign_secrecy(keeper)
    papers.print_paper(keeper, paper, "试题卷", 40)
    assert "40 份" in LedgerEntry.objects.order_by("-seq")[0].note
    Paper.objects.filter(pk=paper.pk).update(state="sealed")
    with pytest.raises(Refused, match="封存前"):
        papers.print_paper(keeper, paper, "试题卷", 1)
