"""What the answers of a batch say about a paper and its items."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from assay.analysis import classical, group_differences, response_models
from assay.bank.models import Paper
from assay.batches.models import Batch
from assay.exam.models import TheorySheet
from assay.items import answers
from assay.items.rules import asked
from assay.kernel.refusals import Refused

FEWEST = 10
"""With fewer sheets figures are chance."""
FEWEST_IN_A_GROUP = 30


@dataclass(frozen=True)
class ItemLine:
    """An item of the paper: its figures, who took which choice, why it should be looked at."""

    number: int
    entry: dict[str, Any]
    figures: classical.ItemFigures
    choices: list[classical.ChoiceFigures]
    remarks: list[str]
    difference: group_differences.Difference | None
    rasch: float | None
    slope: float | None

    @property
    def taken(self) -> list[tuple[classical.ChoiceFigures, bool]]:
        """The choices, and whether each is the right one."""
        return [(figures, figures.choice == self.entry["key"]) for figures in self.choices]


@dataclass(frozen=True)
class PaperAnalysis:
    """A paper as a batch sat it. `suggested`: item → difficulty 1 to 5 by its share of right answers."""

    paper: Paper
    whole: classical.TestFigures
    lines: list[ItemLine]
    distribution: dict[str, int]
    suggested: dict[int, int]


def papers_of(batch: Batch) -> list[tuple[Paper, int]]:
    """Papers that were sat in a batch with the number of sheets; those still closed are left out."""
    sheets = TheorySheet.objects.filter(application__batch=batch, absent=False)
    papers = Paper.objects.filter(seating__sheet__in=sheets, released_at__isnull=False).distinct()
    papers = (
        papers.select_related("specification").defer("content", "sealed_content", "composition").order_by("title", "pk")
    )
    return [(paper, sheets.filter(seating__paper=paper).count()) for paper in papers]


def analyse(batch: Batch, paper: Paper) -> PaperAnalysis:
    """The figures; Refused with too few sheets, or before the paper was sat by all."""
    if paper.released_at is None:
        raise Refused("这份试卷还有场次没有考完，考完收卷后才能分析", "工作方案 三(一)2(1)⑪")
    sheets = list(
        TheorySheet.objects.filter(application__batch=batch, absent=False, seating__paper=paper)
        .select_related("application__applicant")
        .order_by("pk")
    )
    if len(sheets) < FEWEST:
        raise Refused(f"只有 {len(sheets)} 份答卷，至少 {FEWEST} 份才有分析的意义")
    entries = [dict(e) for e in asked(paper.frozen()) if e["type"] not in answers.BY_HAND]
    full = [float(entry["mark"]) for entry in entries]
    shares = np.array([[float(_share(entry, sheet.answers)) for entry in entries] for sheet in sheets])
    marks = shares * np.array(full)
    totals = marks.sum(axis=1)
    figures = classical.item_figures(marks, full)
    focal = np.array([sheet.application.applicant.sex == "女" for sheet in sheets])
    fitted = _fitted(shares)
    lines = [
        _line(n, entry, figures[n], sheets, totals, shares[:, n], focal, fitted) for n, entry in enumerate(entries)
    ]
    suggested = {int(line.entry["item"]): difficulty_of(line.figures.difficulty) for line in lines}
    return PaperAnalysis(
        paper, classical.test_figures(marks), lines, dict(classical.distribution(totals.tolist())), suggested
    )


def _share(entry: dict[str, Any], given: dict[str, str]) -> Fraction:
    choice = given.get(str(entry["item"]), "")
    return answers.share(entry["type"], entry["key"], choice, stem=entry["stem"]) if choice else Fraction(0)


def _fitted(shares: np.ndarray) -> response_models.Fitted | None:
    """The richest model that the number of persons allows; items that all or none got right cannot be fitted."""
    if not np.isin(shares, (0.0, 1.0)).all() or (shares.mean(axis=0) % 1 == 0).any():
        return None
    if len(shares) >= response_models.FEWEST_PERSONS["2pl"]:
        return response_models.two_parameters(shares, tolerance=1e-6)
    if len(shares) >= response_models.FEWEST_PERSONS["rasch"]:
        return response_models.rasch(shares, tolerance=1e-6)
    return None


def _line(
    n: int, entry: dict[str, Any], figures: classical.ItemFigures, sheets: list[TheorySheet], totals: np.ndarray,
    shares: np.ndarray, focal: np.ndarray, fitted: response_models.Fitted | None,
) -> ItemLine:  # fmt: skip
    offered = list(answers.LETTERS[: len(entry["options"])]) or [answers.TRUE, answers.FALSE]
    given = [str(sheet.answers.get(str(entry["item"]), "")) for sheet in sheets]
    choices = classical.choice_figures(given, totals, offered) if entry["type"] in ("single", "true_false") else []
    remarks = classical.remarks(figures, choices, entry["key"])
    difference = None
    if min(focal.sum(), (~focal).sum()) >= FEWEST_IN_A_GROUP and np.isin(shares, (0.0, 1.0)).all():
        difference = group_differences.mantel_haenszel(group_differences.strata_of(shares, totals, focal))
        if difference.grade in ("B", "C"):
            whom = "男" if difference.odds > 1 else "女"
            remarks.append(f"同等水平的考生中{whom}生更易答对（DIF {difference.grade} 级），请看题目是否偏向")
    return ItemLine(
        n + 1, entry, figures, choices, remarks, difference,
        fitted.difficulties[n] if fitted else None, fitted.slopes[n] if fitted else None,
    )  # fmt: skip


def difficulty_of(share: float) -> int:
    """1 (easy) to 5 from the share of right answers: steps at 0.85, 0.70, 0.55 and 0.40 (five classes of the national bank,
    dossier F4.11, with the middle at 0.55-0.70)."""
    if math.isnan(share):
        return 3
    return 1 + sum(share < limit for limit in (0.85, 0.70, 0.55, 0.40))
