"""Every place that the documents of the house name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["docs/architecture.md", "docs/adding-a-room.md", "CONTRIBUTING.md"]
PLACE = re.compile(r"`((?:[\w.-]+/)+(?:[\w.-]+\.(?:py|js|typ|html|md|toml))?)`")


def places(document: Path) -> set[str]:
    """Paths between backticks that lead into a folder; what stands for any room, and what an installation makes, is left out."""
    return {found for found in PLACE.findall(document.read_text()) if "<" not in found and not found.startswith("var/")}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_that_is_named_is_there(document: str) -> None:
    named = places(ROOT / document)
    assert named
    product = ROOT / "src" / "assay"
    roots = (ROOT, product, *product.iterdir(), ROOT / "tests" / "played" / "access")
    assert sorted(one for one in named if not any((root / one).exists() for root in roots)) == []
