"""What people may write into a field or a cell: anything that is seen as it is written.

Signs that turn the direction of what follows make another name, number or amount of it on screen and paper; control characters end
lines in tables and files that others read; what looks like a piece of a page is none of ours to write. Texts of items have a
markup of their own (`items/content`) that knows what it lets through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from assay.kernel.refusals import Refused

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but the tab and the ends of lines
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, overrides, isolates
    "\u2028\u2029\ufff9-\ufffb\U000e0001-\U000e007f]"  # ends of lines that few know, notes between lines, hidden tags
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>|<!--|<!\[CDATA|<!DOCTYPE", re.IGNORECASE)
_SHOWN = 12
LONGEST = 50_000
"""Characters of one field or cell, whatever it is; a form or column asks for far less."""


def text_problem(text: str, *, markup: bool = False) -> str | None:
    """Why this is not taken, in Chinese, with the place; None when it may be. `markup`: tags are looked at elsewhere."""
    if len(text) > LONGEST:
        return f"“{text[:_SHOWN].strip()}……”一处有 {len(text)} 个字符，超过 {LONGEST} 个，请缩短或分开填写"
    unseen = _UNSEEN.search(text)
    if unseen:
        before = _UNSEEN.sub("", text[: unseen.start()])[-_SHOWN:].strip()
        place = f"“{before}”后面" if before else "开头"
        return (
            f"{place}有一个看不见的控制字符或方向标记（U+{ord(unseen[0]):04X}），多半是粘贴时带来的，请删去后重新输入"
        )
    tag = None if markup else _TAG.search(text)
    if tag:
        return f"“{tag[0][:_SHOWN]}”像是网页代码，不能填写；需要尖括号时请用全角的“＜”“＞”"
    return None


def uncut(text: str, most: int, what: str) -> str:
    """The text without blanks around it. Raises Refused when it is longer than its field: what somebody gave as a reason is kept
    whole or not at all."""
    kept = text.strip()
    if len(kept) > most:
        raise Refused(f"“{what}”最多 {most} 个字，现有 {len(kept)} 个，请缩短后再提交")
    return kept


def require_readable(given: Mapping[str, Any], *, markup: bool = False) -> None:
    """Refused for the first text among what is given that is not taken: a text, one of a form's values, a field of a person's data, one
    of a list, however deep. Passwords are shown nowhere and are as they are; long lists of rows were looked at as a table."""
    for name, value in given.items():
        if "password" in name:
            continue
        for text in _texts(value):
            wrong = text_problem(text, markup=markup)
            if wrong:
                raise Refused(wrong)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (part for f in fields(value) if isinstance(part := getattr(value, f.name), str))
    elif isinstance(value, Mapping):
        yield from _of_each(part for name, part in value.items() if "password" not in str(name))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from _of_each(value)


def _of_each(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if not is_dataclass(part):  # a row of a table
            yield from _texts(part)
