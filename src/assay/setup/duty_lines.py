"""Which duties a post has: a line for each post and duty, both chosen by their words, in a sheet of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.catalogue.notation import words
from assay.centre.duties import DUTIES, HELD_BY_NO_POST
from assay.centre.models import Post
from assay.kernel.tables import as_text
from assay.setup import columns as c
from assay.setup.called import POST

SHEET = "岗位职责"
CODES = "职责代码"
"""The column of workbooks of before, and of books that a program makes: all duties of a post in one cell."""
RowValues = tuple[int, Mapping[str, Any]]
Book = Mapping[str, Sequence[RowValues]]
Wrong = Callable[[str, int, str, str], None]


def duty_words() -> list[str]:
    """Every duty that a post can hold, as it stands in the list of the cell."""
    return [f"{duty.code} {duty.text}" for code, duty in DUTIES.items() if code not in HELD_BY_NO_POST]


def groups() -> list[str]:
    """The groups of the plan, to choose from; a centre may have others."""
    return list(dict.fromkeys(duty.group for code, duty in DUTIES.items() if code not in HELD_BY_NO_POST))


def duty_code(said: str) -> str | None:
    """By its code, by its words, or by both."""
    first = said.split(maxsplit=1)[0] if said.strip() else ""
    if first in DUTIES and first not in HELD_BY_NO_POST:
        return first
    return next((code for code, duty in DUTIES.items() if duty.text == said and code not in HELD_BY_NO_POST), None)


def duties_of_a_post(value: Any) -> list[str]:
    codes = words(as_text(value))
    unknown = [code for code in codes if code not in DUTIES]
    if unknown:
        raise ValueError(f"没有职责 {'、'.join(unknown)}")
    return codes


COLUMNS = (
    c.Col("岗位", "post", as_text, required=True, called=POST),
    c.Col(
        "职责", "duty", as_text, lambda code: f"{code} {DUTIES[code].text}", required=True, words=tuple(duty_words())
    ),
)


def with_duties(book: Book, wrong: Wrong) -> Book:
    """The book with each post's lines brought together in its row. A post without any line keeps what it has; a new one has to have
    some."""
    posts = book.get("岗位", ())
    held = _Held(posts, wrong)
    for number, given in book.get(SHEET, ()):
        held.take(number, as_text(given.get("岗位")), as_text(given.get("职责")))
    there = set(Post.objects.values_list("code", flat=True))
    rows = []
    for number, given in posts:
        code = as_text(given.get("代码"))
        if code in held.duties:
            given = {**given, CODES: "、".join(dict.fromkeys(held.duties[code]))}
        elif code and code not in there and not as_text(given.get(CODES)):
            if code not in held.spoiled:
                wrong("岗位", number, "岗位", f"没有写这个岗位承担的职责，请在“{SHEET}”工作表中填写")
            continue
        rows.append((number, given))
    return {**book, "岗位": rows}


class _Held:
    """The duties of each post by its code, and the posts of which a line could not be read."""

    def __init__(self, posts: Sequence[RowValues], wrong: Wrong) -> None:
        self._wrong = wrong
        self._codes: dict[str, str] = {}
        self.duties: dict[str, list[str]] = {}
        self.spoiled: set[str] = set()
        for _, given in posts:
            code, title = as_text(given.get("代码")), as_text(given.get("岗位"))
            self._codes |= {code: code, title: code}

    def take(self, number: int, post: str, said: str) -> None:
        code = self._codes.get(post, "")
        duty = duty_code(said)
        if not post:
            self._wrong(SHEET, number, "岗位", "不能为空")
        elif not code:
            self._wrong(SHEET, number, "岗位", f"“{post}”不在“岗位”工作表中，请先在那里填写")
        if duty is None:
            self.spoiled.add(code)
            self._wrong(SHEET, number, "职责", f"没有职责“{said}”，请从下拉列表中选择" if said else "不能为空")
        elif code:
            self.duties.setdefault(code, []).append(duty)
