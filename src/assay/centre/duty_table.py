"""Act → duty → post, read from the code and the posts: the plan's division of work as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from assay.centre.models import Post
from assay.kernel.acts import declared


@dataclass(frozen=True)
class DutyRow:
    """An act, the duties any of which allows it, and the posts that hold one of them."""

    act: str
    title: str
    duties: tuple[str, ...]
    clause: str
    posts: tuple[str, ...]


def rows() -> list[DutyRow]:
    """Every act of the product in order of its name."""
    posts = [(post.title, frozenset(post.duties)) for post in Post.objects.order_by("code")]
    return [
        DutyRow(
            a.name, a.title, a.duties, a.clause, tuple(title for title, held in posts if held & frozenset(a.duties))
        )
        for a in declared()
    ]


class Posts:
    """Which posts hold a duty, over one reading of the table."""

    def __init__(self) -> None:
        self._titles: dict[str, list[str]] = {}
        for post in Post.objects.order_by("code"):
            for code in post.duties:
                self._titles.setdefault(code, []).append(post.title)

    def holding(self, duty: str) -> str:
        return "、".join(self._titles.get(duty, [])) or "尚无岗位承担"
