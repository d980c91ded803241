"""Acts as functions: tried directly on rows, with made-up inputs, and undone."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from django.db.models import Model

from assay.bridge.contract import Collection
from assay.certificates.acts.printing import Drawn
from assay.certificates.layouts import Layout
from assay.kernel import clock
from assay.kernel.acts import Act, Actor
from assay.kernel.refusals import Refused
from tests.offered.asked import DONE
from tests.played.access.visitors import undone

Deed = Callable[..., Any]
PNG = b"\x89PNG\r\n\x1a\n"
GIVEN: dict[str, Any] = {
    "verdict": "pass", "part": "theory", "first_serial": "90000001", "mark": "4", "certificates.decide_right verdict": "withhold",
    "exam.check_rooms places": [],
    "applications.set_parts parts": {"theory": "first"},
    "certificates.print_certificates reason": "示例", "certificates.draw drawn": Drawn(Layout.INSIDE, b"", ()),
    "exam.record_collection collection": Collection("示例", False, [], [], 0, ""),
}  # fmt: skip
"""Inputs that must be one of a few words."""


@dataclass(frozen=True)
class Tried:
    """What came of it: `said` is the refusal (`DONE`: none), `error` what went wrong with the inputs before anything was said."""

    said: str = DONE
    error: str = ""

    @property
    def done(self) -> bool:
        return not self.said and not self.error


@cache
def deeds() -> dict[str, Deed]:
    """Every act's function, by the act's name."""
    found: dict[str, Deed] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("assay.") and "acts" in name.split("."):
            for value in vars(module).values():
                if inspect.isfunction(value) and isinstance(getattr(value, "act", None), Act):
                    found[value.act.name] = value  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Wanted:
    """A parameter of an act: its name, the type of one, whether many are asked for, whether it may be left out or be nothing."""

    name: str
    kind: Any
    many: bool
    free: bool
    keyword: bool
    nothing: bool

    def takes(self, row: object) -> bool:
        if self.many and isinstance(row, list):
            return all(map(self.takes, row))
        return isinstance(self.kind, type) and isinstance(row, self.kind)


@cache
def wanted(deed: Deed) -> tuple[Wanted, ...]:
    body = inspect.unwrap(deed)
    try:
        hints = get_type_hints(body)
    except NameError:  # a name that is there for the type checker only
        hints = {}
    return tuple(_wanted(one, hints.get(one.name)) for one in list(inspect.signature(body).parameters.values())[1:])


def _wanted(one: inspect.Parameter, hint: Any) -> Wanted:
    many = get_origin(hint) is not None and issubclass_of(get_origin(hint), Iterable) and get_origin(hint) is not dict
    many = many and not issubclass_of(get_origin(hint), Mapping)
    inner, nothing = _without_none((get_args(hint) or (None,))[0] if many else hint)
    return Wanted(one.name, inner, many, one.default is not one.empty, one.kind is one.KEYWORD_ONLY, nothing)


def _without_none(hint: Any) -> tuple[Any, bool]:
    """The type of `X | None`, and that it is one."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    either = isinstance(hint, UnionType) and len(kinds) == 1
    return (kinds[0], True) if either else (hint, False)


def issubclass_of(one: Any, other: type) -> bool:
    return isinstance(one, type) and issubclass(one, other)


def subject(deed: Deed) -> type[Model] | None:
    """The kind of row that an act is done to: of its first parameter that is one."""
    return next((w.kind for w in wanted(deed) if issubclass_of(w.kind, Model) and not w.free and not w.nothing), None)


def tried(deed: Deed, actor: Actor, rows: Sequence[Any]) -> Tried:
    """The act on these rows, for a moment."""
    args, kwargs = _arguments(deed, list(rows))
    with undone():
        try:
            deed(actor, *args, **kwargs)
        except Refused as refused:
            return Tried(said=refused.message)
        except Exception as problem:  # whatever made-up inputs lead to
            return Tried(error=f"{type(problem).__name__}: {problem}")
    return Tried()


def _arguments(deed: Deed, rows: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for one in wanted(deed):
        found = next((row for row in rows if one.takes(row)), None)
        if found is not None:
            rows.remove(found)
            value: Any = [found] if one.many and not isinstance(found, list) else found
        elif one.free and f"{deed.act.name} {one.name}" not in GIVEN:  # type: ignore[attr-defined]
            continue
        else:
            value = _made_up(deed, one)
        if one.keyword:
            kwargs[one.name] = value
        else:
            args.append(value)
    return args, kwargs


def _made_up(deed: Deed, one: Wanted) -> Any:
    for key in (f"{deed.act.name} {one.name}", one.name):  # type: ignore[attr-defined]
        if key in GIVEN:
            return GIVEN[key]
    if one.many:
        return []
    if one.nothing:
        return None
    if issubclass_of(one.kind, Model):
        return one.kind._default_manager.order_by("pk").first()
    plain: Mapping[Any, Any] = {
        str: "示例", bool: True, int: 1, Decimal: Decimal(1), bytes: PNG, date: clock.today(), datetime: clock.now(),
    }  # fmt: skip
    return {} if issubclass_of(get_origin(one.kind), Mapping) else plain.get(one.kind)


def holders(deed: Deed, actors: Mapping[str, Actor]) -> Iterator[str]:
    """The names of those who hold the act's duty by a post."""
    yield from (name for name, actor in actors.items() if actor.duties & set(deed.act.duties))  # type: ignore[attr-defined]
