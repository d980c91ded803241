"""What people write is kept whole or refused with a sentence (`kernel.texts.uncut`): nothing of it is dropped in silence."""

from __future__ import annotations

import ast

import pytest

from tests.house.floors import SOURCE

GIVEN = {"reason", "remark", "remarks", "note", "text", "basis", "finding", "witness", "title", "to", "place"}
"""As acts call what somebody writes in his own words."""


def cuts(module: ast.Module) -> list[int]:
    """Lines of an act's module that keep only the beginning of such a text: `reason.strip()[:200]`, but for what is said of it in
    passing, within a sentence."""
    within = {inner for joined in ast.walk(module) if isinstance(joined, ast.JoinedStr) for inner in ast.walk(joined)}
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is None
        and node not in within and _given(node.value) in GIVEN
    ]  # fmt: skip


def _given(value: ast.expr) -> str:
    """The name under which the text was given: of a parameter, an attribute, a field of a form."""
    match value:
        case ast.Call(func=ast.Attribute(value=inner, attr="strip")):
            return _given(inner)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_no_act_and_no_page_cuts_what_was_written() -> None:
    files = [
        file for file in SOURCE.rglob("*.py") if {"acts", "acts.py"} & set(file.parts) or file.name.endswith("views.py")
    ]
    assert len(files) > 60
    assert [(str(file.relative_to(SOURCE)), line) for file in files for line in cuts(ast.parse(file.read_text()))] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("row.reason = reason.strip()[:200]", True),
        ('act(remark=request.POST.get("remark", "")[:200])', True),
        ("save(reason=entry.remarks[:300])", True),
        ('ctx.note = f"{session}：{reason.strip()[:150]}"', False),
        ("first = numbers[:200]", False),
        ("rest = reason[200:]", False),
    ],
)
def test_a_cut_is_found(code: str, found: bool) -> None:
    assert bool(cuts(ast.parse(code))) is found
