"""What the security documents say can be counted and looked up: no line of the standard is missing, no place is named that is gone."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import click
import pytest

from assay.cli.main import assay

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "assay"
MAIN, TABLE = ROOT / "docs" / "security.md", ROOT / "docs" / "security-asvs.md"
STATUSES = ("met", "partly", "not met", "not applicable")
LINE = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
PLACE = re.compile(r"([\w./-]+(?:\.(?:py|js|html|md|txt|typ)|/))(?:::(\w+))?")


def said(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def quoted(document: Path) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`\n]+)`", said(document))


def lines() -> list[tuple[str, str, str, str, str]]:
    """(number, level, gist, status, where or why) of each line of the table."""
    found = [line for line in said(TABLE).splitlines() if re.match(r"\| \d", line)]
    read = [LINE.fullmatch(line) for line in found]
    assert None not in read, [line for line, one in zip(found, read, strict=True) if one is None]
    return [(one[1], one[2], one[3], one[4], one[5]) for one in read if one is not None]


def numbers() -> list[tuple[str, str]]:
    """Number and level of every requirement of levels 1 and 2 of OWASP ASVS 5.0.0."""
    listed = said(ROOT / "tests" / "docs" / "asvs_5_0_0.txt").split()
    return list(zip(listed[::2], listed[1::2], strict=True))


def test_every_requirement_of_both_levels_stands_in_the_table_once_with_a_status() -> None:
    assert len(numbers()) == 253
    assert sorted((number, level) for number, level, *_ in lines()) == sorted(numbers())
    assert {status for *_, status, _ in lines()} <= set(STATUSES)
    assert [number for number, _, gist, _, why in lines() if not why.strip() or len(gist.split()) > 10] == []


def test_the_summary_says_what_the_table_says() -> None:
    counts = Counter((level, status) for _, level, _, status, _ in lines())
    for level in ("1", "2"):
        row = [counts[level, status] for status in STATUSES]
        assert f"| {level} | {' | '.join(map(str, row))} | {sum(row)} |" in said(MAIN)
    together = [sum(counts[level, status] for level in ("1", "2")) for status in STATUSES]
    assert f"| both | {' | '.join(map(str, together))} | 253 |" in said(MAIN)


@cache
def names_in(file: Path) -> set[str]:
    return set(re.findall(r"^\s*(?:async )?def (\w+)", said(file), re.MULTILINE))


def missing(place: str, test: str | None) -> bool:
    found = next((path for path in (ROOT / place, SOURCE / place) if path.exists()), None)
    return found is None or (test is not None and test not in names_in(found))


@pytest.mark.parametrize("document", [MAIN, TABLE], ids=lambda path: path.name)
def test_every_place_and_test_that_is_named_is_there(document: Path) -> None:
    named = [
        one for text in quoted(document) if "://" not in text and (one := PLACE.fullmatch(text)) and text[0] != "/"
    ]
    assert len(named) > 40
    assert [one[0] for one in named if missing(one[1], one[2])] == []


def test_every_setting_that_is_named_is_read_somewhere() -> None:
    code = "".join(said(file) for file in SOURCE.rglob("*.py"))
    named = set(re.findall(r"\bASSAY_[A-Z_]+\b(?!<)", said(MAIN) + said(TABLE))) - {"ASSAY_SECRET_"}
    assert {"ASSAY_HTTPS", "ASSAY_HEADS_DIR", "ASSAY_SECRETS"} <= named
    assert [name for name in sorted(named) if name not in code] == []


def is_command(words: list[str]) -> bool:
    """Whether the words lead to a command, until the first that is an argument."""
    command: click.Command = assay
    for word in words:
        if not isinstance(command, click.Group):
            break
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def test_every_command_that_is_named_can_be_given() -> None:
    named = [text.split()[1:] for text in quoted(MAIN) + quoted(TABLE) if text.startswith("assay ")]
    assert len(named) > 10
    assert [words for words in named if not is_command(words)] == []


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_every_link_leads_somewhere() -> None:
    for document in (MAIN, TABLE):
        for target in re.findall(r"\]\(([^)]+)\)", said(document)):
            file, _, anchor = target.partition("#")
            reached = document.parent / file if file else document
            assert reached.exists(), target
            if anchor:
                assert anchor in {
                    slug(line.lstrip("#")) for line in said(reached).splitlines() if line.startswith("#")
                }, target
