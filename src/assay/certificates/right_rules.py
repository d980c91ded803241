"""What gives somebody a right to a certificate, derived anew from what it rests on. Pure.

Each function says in Chinese where what was decided differs from what follows; it says nothing when all agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assay.applications.reviews import Step, Verdict
from assay.marking.rules import MARKERS, panel_mark

UNTOUCHED = "理论答卷或试卷与收卷、封存时的校验码不符"


@dataclass(frozen=True)
class Reviewed:
    """One decision on an application: the step, its verdict, who."""

    step: str
    verdict: str
    by: str


def review_differences(decisions: Sequence[Reviewed]) -> Iterator[str]:
    """Both reviews passed, after whatever was returned or refused last, by two people. `decisions` in the order given."""
    last_no = max((n for n, d in enumerate(decisions) if d.verdict != Verdict.PASS), default=-1)
    valid = decisions[last_no + 1 :]
    by = {step: {d.by for d in valid if d.step == step} for step in Step}
    if not by[Step.FIRST]:
        yield "没有通过系部初审的记录"
    if not by[Step.CENTRE]:
        yield "没有通过中心审核的记录"
    if all(by.values()) and len(set.union(*by.values())) == 1:
        yield "初审与中心审核是同一人办理"


@dataclass(frozen=True)
class WrittenFound:
    """A short answer: its mark, what it can earn, the examiners' marks, whether somebody decided it and said why."""

    mark: Decimal | None
    full: Decimal
    marks: Sequence[Decimal]
    noted: bool


@dataclass(frozen=True)
class TheoryFound:
    """A theory sheet as kept, beside what its answers and the paper's key come to."""

    absent: bool
    untouched: bool
    """The answers are those that were collected, the paper is the one that was sealed."""
    objective: Decimal | None
    objective_again: Decimal
    written: Sequence[WrittenFound]
    mark: Decimal | None

    @property
    def derived(self) -> Decimal | None:
        """The mark that follows; None for who was absent or while an answer has no mark."""
        marks = [w.mark for w in self.written]
        if self.absent or None in marks:
            return None
        return self.objective_again + sum((m for m in marks if m is not None), Decimal(0))


def theory_differences(sheet: TheoryFound) -> Iterator[str]:
    if sheet.absent:
        if sheet.mark is not None:
            yield "理论登记缺考，却有成绩"
        return
    if not sheet.untouched:
        yield UNTOUCHED
    if sheet.objective != sheet.objective_again:
        yield f"理论客观题按答卷和答案重判为 {sheet.objective_again}，登记为 {_said(sheet.objective)}"
    if any(w.mark is None for w in sheet.written):
        yield "理论有主观题没有定分"
    elif any(_written_differs(w) for w in sheet.written):
        yield "理论主观题的定分与两名评阅人的评分不符"
    if sheet.derived != sheet.mark:
        yield f"理论成绩重算为 {_said(sheet.derived)}，答卷登记为 {_said(sheet.mark)}"


def _written_differs(answer: WrittenFound) -> bool:
    """A mark that no note explains is the mean of two examiners' marks."""
    assert answer.mark is not None
    if not 0 <= answer.mark <= answer.full:
        return True
    return not answer.noted and (len(answer.marks) < MARKERS or answer.mark != panel_mark(answer.marks))


@dataclass(frozen=True)
class ScoreFound:
    """One examiner's marks of one candidate: locked, the total as kept, and as its points come to (None: they do not add up)."""

    locked: bool
    total: Decimal | None
    total_again: Decimal | None


@dataclass(frozen=True)
class PanelFound:
    absent: bool
    settled: bool
    scores: Sequence[ScoreFound]
    mark: Decimal | None

    @property
    def derived(self) -> Decimal | None:
        totals = [s.total_again for s in self.scores if s.locked and s.total_again is not None]
        return None if self.absent or not totals else panel_mark(totals)


def panel_differences(title: str, sheet: PanelFound) -> Iterator[str]:
    if not sheet.settled:
        yield f"{title}没有由考评组长合成"
    if sheet.absent:
        if sheet.mark is not None:
            yield f"{title}登记缺考，却有成绩"
        return
    if not any(s.locked for s in sheet.scores):
        yield f"{title}没有锁定的考评员评分"
    if any(s.locked and s.total != s.total_again for s in sheet.scores):
        yield f"{title}有考评员的合计与各评分点不符"
    if sheet.derived != sheet.mark:
        yield f"{title}成绩按考评员评分重算为 {_said(sheet.derived)}，登记为 {_said(sheet.mark)}"


@dataclass(frozen=True)
class CorrectionFound:
    """A mark that a score check corrected: what it became, whether two people saw to it, and for skill and review what the sheet
    came to when an examiner marked it again."""

    after: Decimal | None
    by_two: bool
    marked_again: Decimal | None


def correction_differences(title: str, sheet: TheoryFound | PanelFound, correction: CorrectionFound) -> Iterator[str]:
    """Theory is corrected to what its own answers come to, the other parts to what marking again came to."""
    if not correction.by_two:
        yield f"{title}成绩复核更正没有另一人确认"
    if sheet.absent:
        yield f"{title}登记缺考，却经复核有了成绩"
        return
    if isinstance(sheet, TheoryFound):
        if not sheet.untouched:
            yield UNTOUCHED
        derived = sheet.derived
    else:
        derived = correction.marked_again
    if derived != correction.after:
        yield f"{title}成绩复核更正为 {_said(correction.after)}，按原始记录应为 {_said(derived)}"


@dataclass(frozen=True)
class PartFound:
    """One part of a result: whether it has to be passed, what follows for it, what the result says."""

    title: str
    required: bool
    derived: Decimal | None
    absent: bool
    mark: Decimal | None
    mark_absent: bool


def part_differences(part: PartFound) -> Iterator[str]:
    if (part.derived, part.absent) != (part.mark, part.mark_absent):
        there = "缺考" if part.absent else _said(part.derived)
        here = "缺考" if part.mark_absent else _said(part.mark)
        yield f"{part.title}成绩应为 {there}，成绩表为 {here}"
    elif part.required and part.absent:
        yield f"{part.title}缺考"


def _said(mark: Decimal | None) -> str:
    return "无" if mark is None else str(mark)
