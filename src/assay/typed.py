"""What people type or paste, without what nobody sees. Pure; the standard library only, so that office and hall read alike.

A number at the door of the hall, one in a form of the office and an answer in a blank come from the same keyboards: full width
because the Chinese input method was left on, with marks of direction or signs without width because they were pasted.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Signs that show nothing, as a class of regular expressions: what Unicode calls default ignorable, whatever category each has (letters
and marks are among them), and the empty pattern of Braille."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
_UNSEEN_IN_ANSWERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f]")
_ISSUED_AGAIN = re.compile(r"([HM]\d{8})\d{2}")
_IN_NUMBERS = re.compile("[\\s'‘’\\-\u2010-\u2015\u2212]")


def visible(text: str) -> str:
    """Without signs that show nothing: those of no width, marks of direction, soft hyphens, fillers, halves of signs; blanks and ends
    of lines stay."""
    return _without(text, _UNSEEN)


def of_answer(text: str) -> str:
    """The same of an answer in a blank. Marks that were given rest on what this leaves out: it leaves out no more."""
    return _without(text, _UNSEEN_IN_ANSWERS)


def one_line(text: str) -> str:
    """What is seen of a text, in one line: for a line of a list that nobody shall be able to make two of."""
    return " ".join(visible(text).split())


def _without(text: str, unseen: re.Pattern[str]) -> str:
    if text.isascii() and text.isprintable():  # as nearly all are
        return text
    return "".join(sign for sign in unseen.sub("", text) if not _controls(sign))


def _controls(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs") and not sign.isspace()


def first_issue(number: str) -> str:
    """Of a Home Return Permit, known by its form, without the two digits that count how often it was issued again; any other as it is."""
    again = _ISSUED_AGAIN.fullmatch(number)
    return again[1] if again else number


def number(text: str) -> str:
    """The number of a document or a ticket in its one form: without blanks and hyphens, full width folded, letters upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in visible(text))
    return _IN_NUMBERS.sub("", folded).upper()
