"""Deeds that can meet: a world is one object in one state with the people around it, and a deed is one act on it by its own actor."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from assay.centre.models import Account
from assay.kernel.acts import Act, Actor, declaration_of
from assay.kernel.refusals import Refused
from tests import factories as f

Pair = tuple[Actor, Actor]


class Gone(Refused):
    """What the deed is about has been removed: a page would say that there is no such thing."""


@dataclass(frozen=True)
class Deed:
    """One act on the world's object. `who` are two people who may do it; the first does it unless it meets itself."""

    name: str
    acts: tuple[Act, ...]
    who: Pair
    call: Callable[[Actor], object]


def deed(
    who: Pair, function: Callable[..., Any], *args: Any, said: str = "", within: Iterable[Any] = (), **named: Any
) -> Deed:
    """The act `function` over the arguments. Rows among them are read anew when it is done, as a page does before its act. A
    function that leads to several acts names them in `within`."""
    acts = tuple(declaration_of(one) for one in within) or (declaration_of(function),)
    return Deed(
        f"{acts[0].name}{f' {said}' if said else ''}", acts, who,
        lambda actor: function(actor, *_read(args), **_read(named)),
    )  # fmt: skip


def _read(value: Any) -> Any:
    if isinstance(value, Model) and value.pk is not None and not value._state.adding:
        try:
            return type(value)._default_manager.get(pk=value.pk)
        except ObjectDoesNotExist as gone:
            raise Gone("这一项已经不在了") from gone
    if isinstance(value, list | tuple):
        return type(value)(_read(one) for one in value)
    if isinstance(value, dict):
        return {name: _read(one) for name, one in value.items()}
    return copy.deepcopy(value)


class People:
    """Pairs of people for deeds, the same ones in each building of a world, so that building costs little."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[Pair]] = defaultdict(list)
        self._used: dict[tuple[Any, ...], int] = defaultdict(int)
        self._kept: dict[str, Any] = {}

    def begin(self) -> None:
        """A world is built anew: everybody is free again."""
        self._used.clear()

    def __call__(self, *duties: str, **fields: Any) -> Pair:
        """Two members of staff who hold the duties and take part in no other deed of the world."""
        key = (duties, *sorted((name, getattr(value, "pk", value)) for name, value in fields.items()))
        if self._used[key] == len(self._known[key]):
            one, other = (f.actor_with(*duties, account=f.staff(*duties, **fields)) for _ in range(2))
            self._known[key].append((one, other))
        self._used[key] += 1
        return self._known[key][self._used[key] - 1]

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What all buildings of a world share and none of its deeds changes."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]


def as_both(account: Account, *duties: str) -> Pair:
    """A deed that only one person can do."""
    actor = f.actor_with(*duties, account=account)
    return actor, actor


SYSTEM = (Actor(None, "系统", frozenset({"SYS"})),) * 2
Builder = Callable[[People], Iterable[Deed]]


@dataclass(frozen=True)
class World:
    """`build` makes it and yields its deeds, always in the same order. `acts` are the acts that meet in it; `blurred` are facts
    («label.field») that differ whenever the same thing is done again, such as the digest of a document with a time in it."""

    title: str
    build: Builder
    acts: frozenset[str]
    blurred: frozenset[str] = frozenset()
    place: str = "ledger"
    """Where the first of two deeds stands when the other comes: before the "ledger", or behind its first "lock"."""


_worlds: list[World] = []


def world(*acts: str, blurred: Iterable[str] = (), place: str = "ledger") -> Callable[[Builder], Builder]:
    """Declare a world in which these acts meet."""

    def declare(build: Builder) -> Builder:
        title = f"{build.__module__.rsplit('.', 1)[-1]}.{build.__name__}"
        _worlds.append(World(title, build, frozenset(acts), frozenset(blurred), place))
        return build

    return declare


def worlds() -> list[World]:
    """All that are declared."""
    return list(_worlds)
