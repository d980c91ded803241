"""What people type or paste, without what nobody sees. Pure; the standard library only, so that office and hall read alike.

A number at the door of the hall, one in a form of the office and an answer in a blank come from the same keyboards: full width
because the Chinese input method was left on, with marks of direction or signs without width because they were pasted.
"""

from __future__ import annotations

import re
import unicodedata

_BESIDE = frozenset(map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10))))
"""Letters and marks that show nothing, beside the characters of format and control."""
_IN_NUMBERS = re.compile("[\\s'‘’\\-\u2010-\u2015\u2212]")


def visible(text: str) -> str:
    """Without signs that show nothing: those of no width, marks of direction, soft hyphens, halves of signs; blanks and ends of
    lines stay."""
    if text.isascii() and text.isprintable():  # as nearly all are
        return text
    return "".join(sign for sign in text if not _hidden(sign))


def one_line(text: str) -> str:
    """What is seen of a text, in one line: for a line of a list that nobody shall be able to make two of."""
    return " ".join(visible(text).split())


def _hidden(sign: str) -> bool:
    return sign in _BESIDE or (unicodedata.category(sign) in ("Cc", "Cf", "Cs") and not sign.isspace())


def number(text: str) -> str:
    """The number of a document or a ticket in its one form: without blanks and hyphens, full width folded, letters upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in visible(text))
    return _IN_NUMBERS.sub("", folded).upper()
