"""Templates say what a page shows: in lines that can be read, and without deciding what may be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "assay"
TEMPLATES = sorted(SOURCES.glob("*/templates/**/*.html"))
LONGEST = 140
CONDITION = re.compile(r"{%\s*(?:el)?if\s([^%]*(?:%(?!})[^%]*)*)%}")
DECIDES = re.compile(
    r"""\b(?:stage|state|route|part|kind|duty|duties|held)\s*(?:==|!=|\bin\b|\bnot\ in\b)"""
    r"""|["'][A-Z]\d{1,2}["']\s+(?:not\s+)?in\b""",
    re.VERBOSE,
)
"""A condition that compares what an act, or a named property, has to answer."""


def conditions(template: Path) -> Iterator[str]:
    yield from (found[1] for found in CONDITION.finditer(template.read_text(encoding="utf-8")))


def test_there_are_templates_in_all_rooms_with_pages() -> None:
    assert len({template.relative_to(SOURCES).parts[0] for template in TEMPLATES}) > 15


@pytest.mark.parametrize(
    "condition", ['x.state == "draft"', '"E8" in held', 'a and b.kind != "staff"', "batch.stage in open"]
)
def test_a_condition_that_decides_is_found(condition: str) -> None:
    assert DECIDES.search(condition)


def test_no_line_is_longer_than_one_reads() -> None:
    found = [
        f"{template.relative_to(SOURCES)}:{number} {len(line)}"
        for template in TEMPLATES
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert found == []


def test_no_template_compares_a_stage_a_state_a_route_a_part_or_a_duty() -> None:
    found = [
        f"{template.relative_to(SOURCES)}: {condition.strip()}"
        for template in TEMPLATES
        for condition in conditions(template)
        if DECIDES.search(condition)
    ]
    assert found == []
