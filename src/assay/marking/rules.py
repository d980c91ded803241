"""How a panel's marks become one mark. Pure; Decimal throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

TENTH = Decimal("0.1")
FULL = Decimal(100)


class Fault(NamedTuple):
    """What is wrong with one point or veto item of a sheet as an examiner filled it in."""

    code: str
    said: str


def sheet_problems(tasks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why a score sheet cannot be used: codes twice, marks that do not add up to 100."""
    codes = [p["code"] for t in tasks for p in t["points"]]
    problems = [f"评分点 {c} 重复" for c in sorted({c for c in codes if codes.count(c) > 1})]
    total = sum((Decimal(p["full"]) for t in tasks for p in t["points"]), Decimal(0))
    if total != FULL:
        problems.append(f"各评分点配分合计 {total}，应为 100")
    return problems


def weight_questions(tasks: Sequence[Mapping[str, Any]], weights: Sequence[tuple[str, Decimal]]) -> list[str]:
    """Where a score sheet does not give the parts of the skill what the standard's table of weights gives them. Experts may have
    their reasons, such as a task that takes in two parts: it is asked, not refused."""
    totals: dict[str, Decimal] = {}
    for task in tasks:
        full = sum((Decimal(point["full"]) for point in task["points"]), Decimal(0))
        totals[task["title"]] = totals.get(task["title"], Decimal(0)) + full
    asked = []
    for name, percent in weights:
        if percent and name not in totals:
            asked.append(f"标准中的“{name}”占 {percent.normalize():f}%，表中没有同名的任务")
        elif percent and totals[name] != percent:
            asked.append(f"“{name}”配分 {totals[name].normalize():f}，标准权重是 {percent.normalize():f}%")
    names = {name for name, percent in weights if percent}
    asked += [f"任务“{title}”不在标准的权重表中" for title in totals if names and title not in names]
    return asked


def mark_problems(tasks: Sequence[Mapping[str, Any]], marks: Mapping[str, str], vetoes: Sequence[str]) -> list[Fault]:
    """What is wrong with one examiner's marks: unknown or missing points, marks outside 0 and the full mark."""
    points = {p["code"]: p for t in tasks for p in t["points"]}
    known_vetoes = {v["code"] for t in tasks for v in t.get("vetoes", [])}
    problems = [Fault(code, f"没有评分点 {code}") for code in marks if code not in points]
    problems += [Fault(code, f"没有否定项 {code}") for code in vetoes if code not in known_vetoes]
    for code, point in points.items():
        mark = _decimal(marks.get(code))
        if mark is None:
            problems.append(Fault(code, f"“{point['title']}”没有评分"))
        elif not 0 <= mark <= Decimal(point["full"]):
            problems.append(Fault(code, f"“{point['title']}”评分 {mark}，应在 0 至 {point['full']} 之间"))
        elif mark != mark.quantize(TENTH):
            problems.append(Fault(code, f"“{point['title']}”评分 {mark} 超过一位小数"))
    return problems


def observation_problems(tasks: Sequence[Mapping[str, Any]], observed: Mapping[str, str]) -> list[Fault]:
    """What is wrong with what an examiner counted or measured, in Chinese."""
    points = {p["code"]: p for t in tasks for p in t["points"] if p.get("kind", "mark") != "mark"}
    problems = [Fault(code, f"评分点 {code} 没有检测结果可填") for code in observed if code not in points]
    for code, point in points.items():
        said = observed.get(code, "")
        if said == "":
            continue
        if point["kind"] == "deduct" and not (said.isdecimal() and len(said) <= 3):
            problems.append(Fault(code, f"“{point['title']}”的处数“{said}”应为 0 或正整数"))
        elif point["kind"] == "measure" and _decimal(said) is None:
            problems.append(Fault(code, f"“{point['title']}”的测量值“{said}”应为数字"))
    return problems


def earned(point: Mapping[str, Any], observed: str) -> Decimal:
    """What a counted or measured point earns: the full mark less `each` for every fault, at least 0; the full mark within
    `low` and `high`, nothing outside (dossier F4.24). ValueError for a point whose mark is given."""
    full = Decimal(point["full"])
    if point.get("kind") == "deduct":
        return max(full - int(observed) * Decimal(point["each"]), Decimal(0))
    if point.get("kind") == "measure":
        within = Decimal(point["low"]) <= Decimal(observed) <= Decimal(point["high"])
        return full if within else Decimal(0)
    raise ValueError(point["code"])


def marks_with_earned(
    tasks: Sequence[Mapping[str, Any]], marks: Mapping[str, str], observed: Mapping[str, str]
) -> dict[str, str]:
    """An examiner's marks: given ones as they are, those of counted and measured points from what was observed."""
    points = [p for t in tasks for p in t["points"] if p.get("kind", "mark") != "mark"]
    given = {code: mark for code, mark in marks.items() if code not in {p["code"] for p in points}}
    return given | {p["code"]: str(earned(p, observed[p["code"]])) for p in points if observed.get(p["code"], "") != ""}


def _decimal(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text) if text not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def total_of(tasks: Sequence[Mapping[str, Any]], marks: Mapping[str, str], vetoes: Sequence[str]) -> Decimal:
    """One examiner's total: a veto item makes its whole task 0 (否定项)."""
    total = Decimal(0)
    for task in tasks:
        if any(v["code"] in vetoes for v in task.get("vetoes", [])):
            continue
        total += sum((Decimal(marks[p["code"]]) for p in task["points"]), Decimal(0))
    return total.quantize(TENTH, ROUND_HALF_UP)


def panel_mark(totals: Sequence[Decimal]) -> Decimal:
    """The mean of the examiners' totals to one decimal, half up. ValueError without totals."""
    if not totals:
        raise ValueError("no totals")
    return (sum(totals, Decimal(0)) / len(totals)).quantize(TENTH, ROUND_HALF_UP)


def too_far_apart(totals: Sequence[Decimal], gap: Decimal) -> bool:
    """True when the examiners differ by more than `gap`: the panel talks it over and says so."""
    return bool(totals) and max(totals) - min(totals) > gap


MARKERS = 2
"""Examiners who mark a written answer independently (rules of the house, docs/decisions)."""
HALF = Decimal("0.5")


def written_mark_problem(text: str, full: Decimal) -> str | None:
    """Why a mark of a written answer cannot be taken: not in halves between 0 and the full mark. None when it can."""
    mark = _decimal(text.strip())
    if mark is None:
        return "请填写得分"
    if not 0 <= mark <= full or mark % HALF:
        return f"得分 {text.strip()[:12]} 应在 0 至 {full.normalize():f} 之间，以 0.5 分为一档"
    return None


def settled_mark(marks: Sequence[Decimal], full: Decimal, gap_percent: int) -> Decimal | None:
    """The mean of two independent marks to a tenth, half up; None while there are fewer, or when they lie further apart than
    `gap_percent` of the full mark and somebody has to decide."""
    if len(marks) < MARKERS or (max(marks) - min(marks)) * 100 > full * gap_percent:
        return None
    return panel_mark(marks)
