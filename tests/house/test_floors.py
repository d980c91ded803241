"""What import-linter does not see: names that lead up without an import, and programs that stand apart."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps

from assay.kernel.contributions import menu
from assay.office.settings import ROOMS
from assay.office.shell import SECTIONS
from tests.conftest import LONG
from tests.house.floors import FLOORS, ROOT, SOURCE, may_know, room_of

APART = {
    "typed": set(), "front": set(), "standin": {"front"}, "bridge": {"typed"}, "hall": {"bridge", "front", "typed"},
}  # fmt: skip
"""What may be known, of the product and beside it without Django, by what stands apart."""
WORDS = {
    "record", "readiness", "results", "notice", "sheet", "room", "sessions", "member", "item", "certificate", "certificates", "evidence",
    "activation", "marks", "applications", "scores", "card", "claim", "opening", "major", "person", "seating", "specification",
}  # fmt: skip
"""Reverse names that are words of the lower rooms as well (`ctx.record`, the stage `readiness`): a use of them says nothing."""
UPWARDS = {
    ("batches", "desk"), ("centre", "desk"), ("results", "portal"), ("exam", "marking"), ("desk", "portal"), ("portal", "desk"),
    ("office", "desk"), ("office", "portal"),
}  # fmt: skip
"""Addresses that lead up: to the pages of ledger and security log, of the public notice, of an examiner's panels; from the one
sign-in to the other; and from the shell, whose menu leads everywhere."""
CLIMBING = {("applications", "result"), ("arrangement", "filings"), ("exam", "panel_sheet")}
"""What still goes up by a reverse name: the form of an application ends with its outcome, the arrangement asks whether it was filed, the
record of a skill room counts whom its panel noted as absent. Nothing is to be added here."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("assay", include_external_packages=True)


@pytest.mark.parametrize("package", sorted(APART))
def test_what_stands_apart_knows_only_what_it_is_allowed(graph: grimp.ImportGraph, package: str) -> None:
    own = {f"assay.{package}", *graph.find_descendants(f"assay.{package}")}
    known = {found for module in own for found in graph.find_modules_directly_imported_by(module)} - own
    inside = {name.split(".")[1] for name in known if name.startswith("assay.")}
    assert inside <= APART[package]
    assert "django" not in {name.split(".")[0] for name in known}


def test_every_part_of_the_house_has_a_floor_or_stands_apart() -> None:
    parts = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {
        "__init__"
    }
    assert parts == set(FLOORS) | set(APART)


PATH = re.compile("-?[a-z_]+(__[a-z_]+)*")


def _reverse_names() -> dict[str, set[tuple[str, str]]]:
    """Name by which a row leads to rows that point at it → (room of the row, room of those rows), of rooms that differ."""
    found: dict[str, set[tuple[str, str]]] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("assay."):
            continue
        room = model.__module__.split(".")[1]
        for relation in model._meta.related_objects:
            other = relation.related_model.__module__.split(".")[1]
            if other != room:
                for name in {relation.get_accessor_name(), relation.name} - {None}:
                    found.setdefault(str(name), set()).add((room, other))
    return found


def _names(node: ast.AST) -> Iterator[str]:
    """Names of fields that an expression leads along: attributes, keywords and strings of queries."""
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword) and node.arg:
        yield from node.arg.split("__")
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH.fullmatch(node.value):
        yield from node.value.lstrip("-").split("__")


def _code() -> Iterator[Path]:
    return (file for file in SOURCE.rglob("*.py") if room_of(file) in FLOORS and "migrations" not in file.parts)


def test_no_room_goes_up_by_the_reverse_name_of_a_relation() -> None:
    reverse = {name: pairs for name, pairs in _reverse_names().items() if name not in WORDS}
    assert len(reverse) > 40
    climbing = {
        (room_of(file), name)
        for file in _code()
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _names(node)
        if name in reverse and not any(may_know(room_of(file), source) for _, source in reverse[name])
    }
    assert climbing == CLIMBING


ADDRESS = re.compile(r"""(?:\{% url |reverse\(|redirect\(|reverse_lazy\()\s*['"]([a-z_]+):[a-z_]+['"]""")


def test_no_room_leads_to_the_pages_of_a_room_above_it() -> None:
    files = [*_code(), *(file for file in SOURCE.rglob("*.html") if room_of(file) in FLOORS)]
    leading = {
        (room_of(file), room)
        for file in files
        for room in ADDRESS.findall(file.read_text())
        if not may_know(room_of(file), room)
    }
    assert leading == UPWARDS


def test_every_room_is_in_the_list_of_rooms() -> None:
    assert {path.parent.name for path in SOURCE.glob("*/apps.py")} == set(ROOMS)


def test_every_menu_entry_stands_in_a_section_that_there_is() -> None:
    assert menu
    assert {entry.section for entry in menu} <= set(SECTIONS)


def test_whatever_is_called_rules_is_pure() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = [one["source_modules"] for one in contracts if one["type"] == "forbidden"]
    rules = [
        ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts)
        for file in SOURCE.rglob("*rules.py")
        if file.parent.name != "migrations"
    ]
    assert len(rules) > 3
    assert [name for name in rules if not any(name == one or name.startswith(f"{one}.") for one in pure)] == []


def test_every_long_test_that_is_named_is_there() -> None:
    assert LONG
    assert [place for place in LONG if not (ROOT / "tests" / place).exists()] == []
