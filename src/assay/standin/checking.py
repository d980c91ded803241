"""Checking what was sent against a list of fields, collecting every fault with the place where it stands.

The same lists of fields name the columns of the pages that show what was received.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assay.standin.failures import Problem

SHOWN_IN_MESSAGE = 20
LARGEST_COUNT = 1_000_000
_MARK = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)

Fault = Callable[[Any], str | None]
"""Given a value that is present, what is wrong with it (a phrase that goes on from “字段名”), or None."""


def is_text(value: Any) -> str | None:
    """Text that is not blank."""
    return None if isinstance(value, str) and value.strip() else "应为非空文字"


def is_remark(value: Any) -> str | None:
    """Text, blank or not."""
    return None if isinstance(value, str) else "应为文字"


def is_count(value: Any) -> str | None:
    """A whole number from 1."""
    return None if type(value) is int and 1 <= value <= LARGEST_COUNT else "应为正整数"


def is_size(value: Any) -> str | None:
    """A whole number from 0."""
    return None if type(value) is int and 0 <= value <= LARGEST_COUNT else "应为不小于 0 的整数"


def is_flag(value: Any) -> str | None:
    """true or false."""
    return None if isinstance(value, bool) else "应为 true 或 false"


def is_day(value: Any) -> str | None:
    """A day as 2026-11-23."""
    return None if day_of(value) else "应为日期，如 2026-11-23"


def is_moment(value: Any) -> str | None:
    """A time with its offset, as 2026-11-23T09:00+08:00."""
    return None if moment_of(value) else "应为带时区的时间，如 2026-11-23T09:00+08:00"


def is_mark(value: Any) -> str | None:
    """A mark out of 100 as text, at most two decimals; a JSON number is refused, for it may have been rounded."""
    good = isinstance(value, str) and _MARK.fullmatch(value) and Decimal(value) <= 100
    return None if good else '应为 0 至 100 的文字，至多两位小数，如 "86.5"'


def matches(pattern: str, said: str) -> Fault:
    """A check that the whole text is of the form `pattern`; `said` when it is not."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: None if isinstance(value, str) and compiled.fullmatch(value) else said


def one_of(choices: Sequence[str]) -> Fault:
    """A check that the value is among `choices`."""
    return lambda value: None if isinstance(value, str) and value in choices else f"应为 {'、'.join(choices)} 之一"


def day_of(value: Any) -> date | None:
    """The day written in `value`, None when there is none."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def moment_of(value: Any) -> datetime | None:
    """The aware time written in `value`, None when there is none."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@dataclass(frozen=True)
class Field:
    """A field of a record: its key in JSON, its Chinese name, what its value must be, whether it may be absent."""

    key: str
    label: str
    fault: Fault = is_text
    required: bool = True


@dataclass
class Findings:
    """Faults, which refuse what was sent, and warnings, which go with its receipt."""

    problems: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, at: str, message: str) -> None:
        """Note a fault: `at` is the path in the JSON (lines[0].level), the message is whole."""
        self.problems.append({"field": at, "message": message})

    def refusal(self) -> Problem | None:
        """The faults as one refusal: the first twenty in the message, all of them beside it."""
        if not self.problems:
            return None
        said = "；".join(p["message"] for p in self.problems[:SHOWN_IN_MESSAGE])
        if len(self.problems) > SHOWN_IN_MESSAGE:
            said += f"；等共 {len(self.problems)} 处"
        return Problem(422, "invalid", f"报送内容有误：{said}", self.problems)


def check_record(record: Any, fields: Sequence[Field], findings: Findings, at: str = "", where: str = "") -> bool:
    """Check one record; `at` is its path, `where` its place in Chinese (工种第 2 行). True when nothing is wrong."""
    before = len(findings.problems)
    if not isinstance(record, dict):
        findings.add(at or "body", f"{where or '报送内容'}应为对象")
        return False
    for each in fields:
        value = record.get(each.key)
        path = f"{at}.{each.key}" if at else each.key
        if value is None:
            if each.required:
                findings.add(path, f"{where}缺“{each.label}”")
        elif said := each.fault(value):
            findings.add(path, f"{where}“{each.label}”{said}")
    return len(findings.problems) == before


def check_table(body: dict[str, Any], key: str, title: str, fields: Sequence[Field], findings: Findings) -> bool:
    """Check the list of records under `key`: at least one, each of `fields`. True when nothing is wrong."""
    rows = body.get(key)
    if not isinstance(rows, list) or not rows:
        findings.add(key, f"缺“{title}”" if rows is None or rows == [] else f"“{title}”应为列表")
        return False
    sound = [check_record(row, fields, findings, f"{key}[{n}]", f"{title}第 {n + 1} 行") for n, row in enumerate(rows)]
    return all(sound)  # of a list, so that every row is looked at
