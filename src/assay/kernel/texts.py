"""What people may write into a field or a cell: anything that is seen as it is written.

Signs that turn the direction of what follows make another name, number or amount of it on screen and paper; control characters end
lines in tables and files that others read; signs that show nothing make two departments of one name, and a reason that is none; what
looks like a piece of a page is none of ours to write. Texts of items have a markup of their own (`items/content`) that knows what it
lets through, and may hold such signs beside others: they come from files that have to go out again as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from assay.kernel.refusals import Refused
from assay.typed import UNSEEN

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but the tab and the ends of lines
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, overrides, isolates
    "\u2028\u2029\ufff9-\ufffb\U000e0001-\U000e007f]"  # ends of lines that few know, notes between lines, hidden tags
)
_SHOWS_NOTHING = re.compile(f"(?!{_CONTROLS.pattern})[{UNSEEN}]")
_PICTURE = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
"""Signs of which others make another picture, colour or sex."""
_JOINED = "\u0600-\u077f\u07c0-\u07ff\u0840-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa"
"""Letters of scripts that are joined up, such as Uyghur: a sign of no width between two of them parts or joins them."""
_SHOWS_THERE = re.compile(
    f"(?<=[{_JOINED}])(?<![{UNSEEN}])[\u200c\u200d](?![{UNSEEN}])(?=[{_JOINED}])"
    f"|(?:(?<=[{_PICTURE}])|(?<=[{_PICTURE}]\ufe0f))\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_PICTURE}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]|\u180e(?=[\u1820\u1821])"
)
"""Where signs that show nothing by themselves change what is seen: emoji, joined scripts, Mongolian."""
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>|<!--|<!\[CDATA|<!DOCTYPE", re.IGNORECASE)
_SHOWN = 12
LONGEST = 50_000
"""Characters of one field or cell, whatever it is; a form or column asks for far less."""


def text_problem(text: str, *, markup: bool = False) -> str | None:
    """Why this is not taken, in Chinese, with the place; None when it may be. `markup`: tags are looked at elsewhere."""
    if len(text) > LONGEST:
        return f"“{text[:_SHOWN].strip()}……”一处有 {len(text)} 个字符，超过 {LONGEST} 个，请缩短或分开填写"
    control = _CONTROLS.search(text)
    if control:
        return _said_of(control, "看不见的控制字符或方向标记")
    hidden = next(_showing_nothing(text), None)
    if hidden and not markup:
        return _said_of(hidden, "看不见的字符")
    if hidden and not seen(text).strip():
        return f"只有看不见的字符（U+{ord(hidden[0]):04X}），等于没有填写，请删去后重新输入"
    tag = None if markup else _TAG.search(text)
    if tag:
        return f"“{tag[0][:_SHOWN]}”像是网页代码，不能填写；需要尖括号时请用全角的“＜”“＞”"
    return None


def _said_of(sign: re.Match[str], what: str) -> str:
    before = seen(_CONTROLS.sub("", sign.string[: sign.start()]))[-_SHOWN:].strip()
    place = f"“{before}”后面" if before else "开头"
    return f"{place}有一个{what}（U+{ord(sign[0]):04X}），多半是粘贴时带来的，请删去后重新输入"


def _showing_nothing(text: str) -> Iterator[re.Match[str]]:
    if not text.isascii():
        yield from (sign for sign in _SHOWS_NOTHING.finditer(text) if not _SHOWS_THERE.match(text, sign.start()))


def seen(text: str) -> str:
    """The text without the signs that show nothing where they stand; marks of direction, which do something, stay."""
    if text.isascii():
        return text
    return _SHOWS_NOTHING.sub(lambda sign: sign[0] if _SHOWS_THERE.match(text, sign.start()) else "", text)


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
