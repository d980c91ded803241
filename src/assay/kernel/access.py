"""Who may open a page. Deny by default: a view that says nothing about it is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.urls import resolve

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`public`: anyone. `candidates`: signed-in candidates. `staff`: any signed-in staff. `duties`: any one of them."""

    public: bool = False
    candidates: bool = False
    staff: bool = False
    duties: frozenset[str] = frozenset()


def public(view: View) -> View:
    """Anyone may open it, signed in or not."""
    view.access = Access(public=True)  # type: ignore[attr-defined]
    return view


def candidates(view: View) -> View:
    """Signed-in candidates only."""
    view.access = Access(candidates=True)  # type: ignore[attr-defined]
    return view


def staff(view: View) -> View:
    """Any signed-in member of staff."""
    view.access = Access(staff=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anyone who has signed in, staff or candidate."""
    view.access = Access(staff=True, candidates=True)  # type: ignore[attr-defined]
    return view


def duties(*codes: str) -> Callable[[View], View]:
    """Staff who hold any of the duties. Who supervises the whole process (Q4) may read every such page as well."""

    def declare(view: View) -> View:
        view.access = Access(duties=frozenset(codes))  # type: ignore[attr-defined]
        return view

    return declare


def may_open(access: Access, *, kind: str | None, held: frozenset[str], reading: bool) -> bool:
    """Pure decision. `kind` is 'staff', 'candidate' or None (not signed in)."""
    if access.public:
        return True
    if kind == "candidate":
        return access.candidates
    if kind != "staff":
        return False
    return access.staff or bool(access.duties & held) or bool(access.duties and reading and "Q4" in held)


def may_open_url(url: str, *, kind: str | None, held: frozenset[str]) -> bool:
    """Whether the page at an address of this site may be opened: a link that leads to a closed door is not shown."""
    return may_open(_declared_at(urlsplit(url).path), kind=kind, held=held, reading=True)


@lru_cache(maxsize=4096)
def _declared_at(path: str) -> Access:
    """A page's menu asks for some thirty addresses, always the same ones."""
    return getattr(resolve(path).func, "access", Access())
