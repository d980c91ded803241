"""The sheet of an operation-skill task (操作技能试题): how long, how it is marked, what has to be at hand. Pure.

A sheet is plain data: {"title", "minutes", "form", "points", "vetoes", "materials"} (rules.md §8; dossier F4.21–F4.25).
Points are of three kinds. `mark`: examiners give what it was worth. `deduct`: they count faults, each takes `each` off.
`measure`: they write down what they measured; within `low` and `high` it earns all, outside nothing.

On screen, points and materials are written a line each, parts apart by `|` or by tabs, so that rows of a spreadsheet can
be pasted in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from assay.items import marks

FORMS = ("实操", "笔试", "口试")
KINDS = {"评分": "mark", "扣分": "deduct", "测量": "measure"}
VETO = "否定"
SIDES = {"考场": "site", "考生": "candidate", "考评员": "examiner"}
TENTH = Decimal("0.1")
MOST = 60
"""Lines of points or of materials: more is not one task."""
_RANGE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[~～至]\s*([+-]?\d+(?:\.\d+)?)\s*(\S*)")
_EACH = re.compile(r"每\S{0,3}?\s*(\d+(?:\.\d+)?)\s*分?")
_POINT_FORMS = {
    "mark": "评分 | 内容 | 配分 | 评分标准",
    "deduct": "扣分 | 内容 | 配分 | 每处 2 | 评分标准",
    "measure": "测量 | 内容 | 配分 | 24.98~25.02 mm | 评分标准",
}


def _parts(line: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|｜\t]", line)]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, _parts(line)


def parse_points(text: str) -> tuple[list[dict[str, str]], list[dict[str, str]], list[str]]:
    """(points, veto items, what cannot be read: each with its line, in Chinese)."""
    points: list[dict[str, str]] = []
    vetoes: list[dict[str, str]] = []
    problems: list[str] = []
    for number, parts in _lines(text):
        kind = parts[0].removesuffix("点").removesuffix("项")
        if kind == VETO:
            title = parts[1] if len(parts) > 1 else ""
            if title:
                vetoes.append({"title": title})
            else:
                problems.append(f"第 {number} 行应写成“否定 | 内容”")
        elif kind not in KINDS:
            problems.append(f"第 {number} 行以“{parts[0][:10]}”开头，应为 {'、'.join([*KINDS, VETO])}")
        else:
            point, said = _point(KINDS[kind], parts)
            problems += [f"第 {number} 行{problem}" for problem in said]
            points += [point] if point else []
    return points, vetoes, problems


def _point(kind: str, parts: Sequence[str]) -> tuple[dict[str, str] | None, list[str]]:
    full = _mark(parts[2]) if len(parts) > 2 else None
    if full is None or not parts[1]:
        return None, [f"应写成“{_POINT_FORMS[kind]}”，配分为大于 0、至多一位小数的数"]
    point = {"kind": kind, "title": parts[1], "full": str(full)}
    rest = list(parts[3:])
    if kind == "mark":
        return {**point, "rule": " ".join(filter(None, rest))}, []
    if not rest:
        return None, [f"应写成“{_POINT_FORMS[kind]}”"]
    said, point["rule"] = rest[0], " ".join(filter(None, rest[1:]))
    if kind == "deduct":
        each = _EACH.search(said) or re.fullmatch(r"(\d+(?:\.\d+)?)", said)
        taken = _mark(each[1]) if each else None
        if taken is None or taken > full:
            return None, [f"的“{said}”应写成“每处 2”，扣的分不超过配分"]
        return {**point, "each": str(taken)}, []
    between = _RANGE.fullmatch(said)
    if between is None or Decimal(between[1]) > Decimal(between[2]):
        return None, [f"的“{said}”应写成“24.98~25.02 mm”，先小后大"]
    return {**point, "low": between[1], "high": between[2], "unit": between[3]}, []


def _mark(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    if not found.is_finite() or not 0 < found <= 100 or found != found.quantize(TENTH):
        return None
    return found.quantize(TENTH)


def format_points(sheet: Mapping[str, Any]) -> str:
    """Points and veto items as they are written on screen."""
    titles = {kind: title for title, kind in KINDS.items()}
    lines = []
    for point in sheet.get("points", []):
        said = [
            titles[point["kind"]],
            point["title"],
            marks.read(point["full"]),
            allowance(point),
            point.get("rule", ""),
        ]
        lines.append(" | ".join(part for n, part in enumerate(said) if part or n < 3))
    return "\n".join([*lines, *(f"{VETO} | {veto['title']}" for veto in sheet.get("vetoes", []))])


def allowance(point: Mapping[str, Any]) -> str:
    """What a fault takes off, or what may be measured: `每处扣 2`, `24.98~25.02 mm`; '' for a mark that is given."""
    if point["kind"] == "deduct":
        return f"每处扣 {marks.read(point['each'])}"
    if point["kind"] == "measure":
        return f"{point['low']}~{point['high']} {point['unit']}".strip()
    return ""


def parse_materials(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """(what has to be at hand, what cannot be read)."""
    found: list[dict[str, str]] = []
    problems: list[str] = []
    for number, parts in _lines(text):
        side = SIDES.get(parts[0])
        if side is None or len(parts) < 2 or not parts[1]:
            problems.append(f"第 {number} 行应写成“考场 | 名称 | 规格 | 单位 | 数量 | 备注”，开头为 {'、'.join(SIDES)}")
            continue
        _, name, spec, unit, quantity, remark = [*parts[:6], *[""] * (6 - len(parts))]
        if quantity and not re.fullmatch(r"\d{1,5}(?:\.\d)?", quantity):
            problems.append(f"第 {number} 行的数量“{quantity}”应为数字")
            continue
        found.append(
            {"side": side, "name": name, "spec": spec, "unit": unit, "quantity": quantity or "1", "remark": remark}
        )
    return found, problems


def format_materials(sheet: Mapping[str, Any]) -> str:
    titles = {side: title for title, side in SIDES.items()}
    return "\n".join(
        " | ".join([titles[m["side"]], m["name"], m["spec"], m["unit"], m["quantity"], m["remark"]]).rstrip(" |")
        for m in sheet.get("materials", [])
    )


def total(sheet: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(p["full"]) for p in sheet.get("points", [])), Decimal(0))


def sheet_problems(sheet: Mapping[str, Any]) -> list[str]:
    """What is wrong with a sheet in itself."""
    problems = []
    if not str(sheet.get("title", "")).strip():
        problems.append("试题名称为空")
    if not 1 <= int(sheet.get("minutes") or 0) <= 600:
        problems.append("考核时间应在 1 至 600 分钟之间")
    if sheet.get("form") not in FORMS:
        problems.append(f"考核形式应为 {'、'.join(FORMS)}")
    points = sheet.get("points", [])
    if not points:
        problems.append("没有评分点")
    if len(points) > MOST or len(sheet.get("materials", [])) > MOST:
        problems.append(f"评分点或准备物品超过 {MOST} 行")
    titles = [p["title"] for p in points]
    problems += [f"评分点“{t}”重复" for t in dict.fromkeys(titles) if titles.count(t) > 1]
    return problems


def worth_of(weight: Decimal, draw: int) -> Decimal:
    """What one task of a range counts on a paper: the range's weight over the tasks drawn from it."""
    return weight / draw
