"""Where one walks through a room: after which seats of a row, as they are numbered; a text such as «2,6»."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[\s,;.、]+")


def aisles_of(text: str) -> tuple[int, ...]:
    """The columns after which there is an aisle, of a text without problems."""
    return tuple(sorted(map(int, _words(text))))


def problems_of(text: str, columns: int) -> list[str]:
    """Everything that is wrong with the text, in Chinese; [] when nothing is. An aisle lies between two columns."""
    words = _words(text)
    if unreadable := [word for word in words if not word.isdecimal()]:
        return [f"“{'、'.join(unreadable)}”看不懂，应为列号，用逗号分开，如“2,6”"]
    said = aisles_of(text)
    outside = [after for after in said if not 1 <= after < columns]
    return [
        *(f"走道不能在第 {after} 列之后：每排 {columns} 个机位，走道在两列之间" for after in outside),
        *(f"第 {after} 列写了两次" for after in sorted(set(said)) if said.count(after) > 1),
    ]


def _words(text: str) -> list[str]:
    """Full-width signs count as plain ones."""
    return list(filter(None, _APART.split(unicodedata.normalize("NFKC", text))))
