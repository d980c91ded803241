"""How structured rules are written down as a line of text, on screen and in the set-up workbook. Pure.

Sections «单选 80 1；判断 20 1», courses «汽车维护 理论 4 必修；…», entry rules «年满=16；工作年限=5；专业对应；毕业学年».
Every parser raises ValueError with a message in Chinese that names the piece that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from assay.catalogue.parts import Part

TYPES = {
    "单选": "single", "判断": "true_false", "多选": "multiple", "填空": "fill", "排序": "ordering", "匹配": "matching",
    "简答": "short", "案例": "case",
}  # fmt: skip
KINDS = {"理论": Part.THEORY.value, "技能": Part.SKILL.value}
_RULE_NUMBERS = {"年满": "min_age", "工作年限": "work_years", "持证年限": "held_years"}
_RULE_FLAGS = {
    "专业对应": "major_related",
    "毕业学年": "final_year",
    "限在校生": "students_only",
    "限教职工": "staff_only",
}
_RULE_TEXTS = {"持有等级": "holds_level", "职称": "title"}


def pieces(text: str) -> list[str]:
    """The parts of a line separated by ；, ; or line breaks."""
    return [p.strip() for p in re.split(r"[;；\n]", text) if p.strip()]


def words(text: str) -> list[str]:
    """The parts of a list separated by 、 or commas or blanks."""
    return [w for w in re.split(r"[、,，\s]+", text.strip()) if w]


def parse_sections(text: str) -> list[dict[str, Any]]:
    """Sections of a paper; their marks must add up to 100."""
    sections = []
    for piece in pieces(text):
        parts = piece.split()
        try:
            kind, count, mark = TYPES[parts[0]], int(parts[1]), Decimal(parts[2])
        except (KeyError, IndexError, ValueError, InvalidOperation) as wrong:
            raise ValueError(f"“{piece}”应写成“单选 80 1”（题型 题数 每题分值）") from wrong
        sections.append({"type": kind, "count": count, "mark": str(mark)})
    total = sum((Decimal(str(s["mark"])) * int(str(s["count"])) for s in sections), Decimal(0))
    if total != 100:
        raise ValueError(f"各题型分值合计 {total}，应为 100")
    return sections


def format_sections(sections: Sequence[Mapping[str, Any]]) -> str:
    titles = {v: k for k, v in TYPES.items()}
    return "；".join(f"{titles[s['type']]} {s['count']} {s['mark']}" for s in sections)


def parse_courses(text: str) -> list[dict[str, Any]]:
    """Courses of a credit scheme."""
    courses = []
    for piece in pieces(text):
        parts = piece.split()
        try:
            name, kind, credits = parts[0], KINDS[parts[1]], Decimal(parts[2])
            required = {"必修": True, "选修": False}[parts[3] if len(parts) > 3 else "必修"]
        except (KeyError, IndexError, InvalidOperation) as wrong:
            raise ValueError(f"“{piece}”应写成“汽车维护 理论 4 必修”（课程 类别 学分 必修/选修）") from wrong
        courses.append({"name": name, "kind": kind, "credits": str(credits), "required": required})
    if not courses:
        raise ValueError("至少要有一门课程")
    return courses


def format_courses(courses: Sequence[Mapping[str, Any]]) -> str:
    titles = {v: k for k, v in KINDS.items()}
    return "；".join(
        f"{c['name']} {titles[c['kind']]} {c['credits']} {'必修' if c.get('required', True) else '选修'}"
        for c in courses
    )


def parse_rule(text: str) -> dict[str, Any]:
    """The part of an entry condition that code can check; see EntryCondition.rule."""
    rule: dict[str, Any] = {}
    for piece in pieces(text):
        name, sign, value = piece.replace("＝", "=").partition("=")
        name, value = name.strip(), value.strip()
        if name in _RULE_FLAGS and not sign:
            rule[_RULE_FLAGS[name]] = True
        elif name in _RULE_NUMBERS and value.isdecimal():
            rule[_RULE_NUMBERS[name]] = int(value)
        elif name in _RULE_TEXTS and value:
            rule[_RULE_TEXTS[name]] = value
        elif name == "学历" and value:
            rule["education"] = value.split("/")
        else:
            known = "、".join(
                [*(f"{k}=数" for k in _RULE_NUMBERS), *_RULE_FLAGS, *(f"{k}=" for k in _RULE_TEXTS), "学历=甲/乙"]
            )
            raise ValueError(f"“{piece}”不认识，可写 {known}")
    return rule


def format_rule(rule: Mapping[str, Any]) -> str:
    written = [f"{title}={rule[key]}" for title, key in _RULE_NUMBERS.items() if key in rule]
    written += [f"{title}={rule[key]}" for title, key in _RULE_TEXTS.items() if key in rule]
    if "education" in rule:
        written.append(f"学历={'/'.join(rule['education'])}")
    return "；".join(written + [title for title, key in _RULE_FLAGS.items() if rule.get(key)])
