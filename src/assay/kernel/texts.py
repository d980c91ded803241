"""What people may write into a field or a cell: anything that is seen as it is written.

Signs that turn the direction of what follows make another name, number or amount of it on screen and paper; control characters end
lines in tables and files that others read; what looks like a piece of a page is none of ours to write. Texts of items have a
markup of their own (`bank/content`) that knows what it lets through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

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


def takes_markup(view: View) -> View:
    """This view takes texts of items, in which tags of our own markup may stand."""
    view.takes_markup = True  # type: ignore[attr-defined]
    return view
