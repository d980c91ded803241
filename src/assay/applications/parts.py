"""Which parts an application takes, and on what it leaves one out. Pure.

Every part must be passed (rules.md §2). A part is left out (免考) only on a pass of the same job and level that is still kept,
or on an exemption that names its paper; whoever kept one part may resit the other so many times, then both are taken anew.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from assay.catalogue.parts import SHORT, Part
from assay.items import marks


class How(StrEnum):
    """How a part is taken."""

    FIRST = "first"
    RESIT = "resit"
    EXEMPT = "exempt"


HOWS: Mapping[str, str] = {How.FIRST: "新考", How.RESIT: "补考", How.EXEMPT: "免考"}
HOW_CHOICES = [(how.value, HOWS[how]) for how in How]


class LeftOut(StrEnum):
    """On what a part is left out: on a pass that is kept, on an exemption, or on what was decided to be nothing."""

    KEPT = "kept"
    EXEMPTION = "exemption"
    LAPSED = "lapsed"


EVERY_PART = "国家职业技能标准 1.9"
KEPT = "单科合格成绩保留（系统参数）"
RESITS = "单科补考次数（系统参数）"
EXEMPTED_BY_DEPARTMENT = "请院系在报名页登记免考"
"""What helps, for whoever cannot do it where this is read."""


class Kept(Protocol):
    """A part passed in an earlier assessment of the same job and level."""

    @property
    def mark(self) -> Decimal: ...
    @property
    def on(self) -> date: ...
    @property
    def until(self) -> date: ...


class Earlier(Protocol):
    """What is known of the earlier assessments, by part."""

    @property
    def passes(self) -> Mapping[str, Kept]: ...
    @property
    def resits(self) -> Mapping[str, int]: ...
    @property
    def exemptions(self) -> Container[str]: ...


def parts_of(needs_review: bool) -> tuple[Part, ...]:
    """The parts of an assessment: the comprehensive review from level 2 up."""
    return tuple(Part) if needs_review else (Part.THEORY, Part.SKILL)


def stands(kept: Kept | None, day: date, pass_mark: Decimal) -> bool:
    """Whether a kept pass still counts for an exam on that day."""
    return kept is not None and kept.mark >= pass_mark and kept.on <= day <= kept.until


def left_out_by(part: str, earlier: Earlier, day: date, pass_mark: Decimal) -> LeftOut | None:
    """On what the part may be left out; None for nothing."""
    if stands(earlier.passes.get(part), day, pass_mark):
        return LeftOut.KEPT
    return LeftOut.EXEMPTION if part in earlier.exemptions else None


def part_problems(
    taken: Mapping[str, str], earlier: Earlier, *, day: date, pass_mark: Decimal, resits: int
) -> Iterator[tuple[str, str]]:
    """(what is wrong, clause) with the parts taken: {part: how} of all parts of the assessment."""
    left_out = [part for part, how in taken.items() if how == How.EXEMPT]
    if left_out and len(left_out) == len(taken):
        yield "各科目都填了免考：至少须参加一科考核", EVERY_PART
    for part in left_out:
        if not left_out_by(part, earlier, day, pass_mark):
            yield _without_basis(part, earlier.passes.get(part), day, pass_mark), KEPT
    kept = [part for part in left_out if left_out_by(part, earlier, day, pass_mark) == LeftOut.KEPT]
    for part in taken:
        times = earlier.resits.get(part, 0)
        if kept and part not in left_out and times >= resits:
            others = "、".join(SHORT[name] for name in kept)
            said = f"{SHORT[part]}已补考 {times} 次，最多 {resits} 次"
            yield f"{said}：{others}成绩不再保留，各科目须重新参加（都填新考）", RESITS


def _without_basis(part: str, kept: Kept | None, day: date, pass_mark: Decimal) -> str:
    title = SHORT[part]
    if kept is None or kept.mark < pass_mark:
        return f"{title}免考没有依据：没有同工种同等级的{title}合格成绩；有免考文件的，{EXEMPTED_BY_DEPARTMENT}"
    if kept.on > day:
        return f"{title}免考没有依据：{title}合格成绩 {kept.on} 才发布，晚于考核日 {day}"
    passed = f"{kept.on} 发布的合格成绩 {marks.read(kept.mark)}"
    return f"{title}免考没有依据：{passed} 保留到 {kept.until}，考核日 {day} 已过期，须重新考{title}"
