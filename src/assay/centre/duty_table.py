"""Act → duty → post, read from the code and the posts: the plan's division of work as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from assay.centre.duties import DUTIES, SENSITIVE, Duty
from assay.centre.models import Post
from assay.kernel import separation
from assay.kernel.acts import declared, title_of


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


@dataclass(frozen=True)
class ApartRow:
    """A kind of object, an act on it, and what the person who did it never does to the same object; acts by name and title."""

    subject: str
    one: str
    other: str
    said: str
    clause: str


OWN_MATTER = "本人的事项"


def kept_apart() -> list[ApartRow]:
    """Act × incompatible act, as declared by the rooms."""
    found = [
        ApartRow(_subject(pair.one.subject), _acts(pair.one.acts), _acts(pair.other.acts), pair.said, pair.clause)
        for pair in separation.pairs()
    ]
    return found + [
        ApartRow(_subject(own.subject), _acts(own.acts), OWN_MATTER, own.said, own.clause)
        for own in separation.own_matters()
    ]


def _acts(names: tuple[str, ...]) -> str:
    return "\n".join(f"{title_of(name)} {name}" for name in names)


def _subject(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


@dataclass(frozen=True)
class SensitiveRow:
    """A sensitive duty and the posts that hold it."""

    duty: Duty
    posts: str


def sensitive() -> list[SensitiveRow]:
    """In the order of the plan."""
    posts = Posts()
    return [SensitiveRow(duty, posts.holding(code)) for code, duty in DUTIES.items() if code in SENSITIVE]


class Posts:
    """Which posts hold a duty, over one reading of the table."""

    def __init__(self) -> None:
        self._titles: dict[str, list[str]] = {}
        for post in Post.objects.order_by("code"):
            for code in post.duties:
                self._titles.setdefault(code, []).append(post.title)

    def holding(self, duty: str) -> str:
        return "、".join(self._titles.get(duty, [])) or "尚无岗位承担"
