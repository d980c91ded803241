"""What an act is given comes through a form: a view that picks several fields out of a request by hand gets their types, lengths and
sentences wrong one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.floors import SOURCE

BY_HAND = {
    ("bank/papers/views.py", "_papers_page"): "fills its forms again with what was sent",
    ("marking/views.py", "_keep"): "which button was pressed; the sheet itself is read by `entered_on_sheet`",
}
"""Views that read several fields all the same, and why."""


def fields_read(function: ast.FunctionDef) -> set[str]:
    """The fields that a function picks out of `request.POST`, or out of what it calls so."""
    given = {"request.POST"}
    for node in ast.walk(function):
        for target, value in _assigned(node):
            if ast.unparse(value) == "request.POST":
                given.add(ast.unparse(target))
    return {ast.unparse(name) for node in ast.walk(function) for of, name in _picked(node) if ast.unparse(of) in given}


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from zip(target.elts, value.elts, strict=True)
        else:
            yield target, value


def _picked(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(what is read, the name of the field) where a node reads one."""
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr="get" | "getlist"), args=[name, *_]):
            yield of, name
        case ast.Subscript(value=of, slice=name):
            yield of, name
        case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[of]):
            yield of, name


def _functions(source: str) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))


def test_no_view_picks_several_fields_by_hand() -> None:
    files = sorted(SOURCE.rglob("*views.py"))
    assert len(files) > 40
    found = {
        (str(file.relative_to(SOURCE)), function.name): sorted(fields)
        for file in files
        for function in _functions(file.read_text())
        if len(fields := fields_read(function)) > 1
    }
    assert {view: fields for view, fields in found.items() if view not in BY_HAND} == {}
    assert set(BY_HAND) <= set(found)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ('act(to=request.POST.get("to", ""), note=request.POST.get("note", ""))', 2),
        ('who, given = actor(request), request.POST\n    act(given["to"], "all" in given)', 2),
        ('chosen = request.POST.getlist("chosen")\n    act(chosen, reason=request.POST.get("reason", ""))', 2),
        ('act(text=request.POST.get("text", ""))', 1),
        ("act(**SomeForm.read(request))", 0),
    ],
)
def test_fields_picked_by_hand_are_found(body: str, read: int) -> None:
    (function,) = _functions(f"def view(request):\n    {body}\n")
    assert len(fields_read(function)) == read
