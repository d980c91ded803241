"""Bare literals where a word of an enum belongs: what a route, a stage, a part, a state, an outcome, a verdict, the kind of a remark
or how a part is taken is compared with, passed as, filtered by or set to. Read from the source alone; a name tells what a value is about
(`batch.stage`, `state__in`, `OPEN_STATES`)."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

KINDS = ("route", "stage", "part", "state", "outcome", "verdict", "how", "kind")
Words = Mapping[str, Collection[str]]
"""Of each kind the values of its enums."""
Places = Mapping[str, Collection[tuple[int, str]]]
"""Name of a function or class → (place, kind) of parameters that are about a kind; a negative place means from there on."""
_LOOKUPS = ("in", "exact", "iexact", "startswith")
_ASKED_BY = ("get", "pop", "index", "count")


@dataclass(frozen=True)
class Bare:
    """A literal that says a word of an enum: where, what it is about, and the node."""

    line: int
    kind: str
    node: ast.Constant

    @property
    def word(self) -> str:
        return str(self.node.value)


def kind_of(name: str) -> str:
    """What a name is about: `publication__state__in` a state, `OPEN_STATES` states; "" for any other."""
    parts = name.split("__")
    while len(parts) > 1 and parts[-1] in _LOOKUPS:
        parts.pop()
    last = parts[-1].lower().rsplit("_", 1)[-1]
    return next((kind for kind in KINDS if last in (kind, f"{kind}s")), "")


def bare_words(tree: ast.AST, words: Words, places: Places) -> Iterator[Bare]:
    """Every bare literal of a module, once."""
    seen: set[ast.Constant] = set()
    constants = _constants(tree)
    for kind, value in _spoken_of(tree, places):
        for node in _literals(value, constants):
            if node.value in words.get(kind, ()) and node not in seen:
                seen.add(node)
                yield Bare(node.lineno, kind, node)


def places_in(tree: ast.AST) -> dict[str, set[tuple[int, str]]]:
    """The parameters of functions, and the fields of classes in order, that are about a kind."""
    found: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.posonlyargs, *node.args.args]
            own = given[1:] if given and given[0].arg in ("self", "cls") else given
            found[node.name] |= {(n, kind) for n, one in enumerate(own) if (kind := kind_of(one.arg))}
            rest = node.args.vararg
            if rest is not None and kind_of(rest.arg):
                found[node.name].add((-len(own) - 1, kind_of(rest.arg)))
        elif isinstance(node, ast.ClassDef):
            fields = [
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            ]
            found[node.name] |= {(n, kind) for n, name in enumerate(fields) if (kind := kind_of(name))}
    return found


def _spoken_of(tree: ast.AST, places: Places) -> Iterator[tuple[str, ast.expr]]:
    """(kind, value) wherever something is said of what is about a kind."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
                for one, other in pairwise(sides):
                    yield kind_of(_name(one)), other
                    yield kind_of(_name(other)), one
            case ast.keyword(arg=str(name)):
                yield kind_of(name), node.value
            case ast.Assign():
                for target in node.targets:
                    yield from _assigned(target, node.value)
            case ast.AnnAssign(value=ast.expr() as value):
                yield from _assigned(node.target, value)
            case ast.NamedExpr():
                yield from _assigned(node.target, node.value)
            case ast.arguments():
                given = [*node.posonlyargs, *node.args]
                for one, value in zip(given[::-1], node.defaults[::-1], strict=False):
                    yield kind_of(one.arg), value
                for one, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                    if default is not None:
                        yield kind_of(one.arg), default
            case ast.For() | ast.comprehension():
                yield from _run_through(node.target, node.iter)
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield kind_of(key.value), value
            case ast.Subscript():
                yield kind_of(_name(node.value)), node.slice
            case ast.FunctionDef():
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield kind_of(node.name), inner.value
            case ast.Call():
                yield from _given(node, places)


def _given(call: ast.Call, places: Places) -> Iterator[tuple[str, ast.expr]]:
    """What a call gives by place, and what it asks a collection of such words for."""
    name = _name(call.func)
    if isinstance(call.func, ast.Attribute) and name in _ASKED_BY:
        for value in call.args[:1]:
            yield kind_of(_name(call.func.value)), value
    for place, kind in places.get(name, ()):
        for value in call.args[place : place + 1] if place >= 0 else call.args[-place - 1 :]:
            yield kind, value


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, said in zip(target.elts, value.elts, strict=False):
            yield from _assigned(one, said)
        return
    yield kind_of(_name(target)), value
    if isinstance(value, ast.Call):  # a column with its default
        for given in value.keywords:
            if given.arg == "default":
                yield kind_of(_name(target)), given.value


def _run_through(target: ast.expr, rows: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """`for state, title in (("asked", …), …)`."""
    if not isinstance(target, ast.Tuple):
        yield kind_of(_name(target)), rows
        return
    for row in rows.elts if isinstance(rows, ast.Tuple | ast.List) else ():
        yield from _assigned(target, row)


def _name(node: ast.expr) -> str:
    """By what name something is spoken of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case ast.Call():
            return _name(node.func)
        case _:
            return ""


def _constants(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What is said of the names of a module, wherever it is said."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id].append(node.value)
    return found


def _literals(node: ast.expr | None, constants: Mapping[str, Sequence[ast.expr]]) -> Iterator[ast.Constant]:
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.Tuple() | ast.List() | ast.Set():
            for one in node.elts:
                yield from _literals(one, constants)
        case ast.Dict():
            yield from (one for key in node.keys for one in _literals(key, constants))
            for value in node.values:  # a collection there says something of a word, and is none
                if not isinstance(value, ast.Tuple | ast.List | ast.Set):
                    yield from _literals(value, constants)
        case ast.IfExp():
            yield from _literals(node.body, constants)
            yield from _literals(node.orelse, constants)
        case ast.BoolOp():
            for one in node.values:
                yield from _literals(one, constants)
        case ast.Starred():
            yield from _literals(node.value, constants)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            yield from _literals(node.elt, constants)
        case ast.Name(id=name) if name in constants:
            for one in constants[name]:
                yield from _literals(one, {})
