"""The floors of the house as `pyproject.toml` has them, for tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "assay"


def floors() -> dict[str, int]:
    """Room → floor, the ground lowest; rooms of one floor have the same number."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one["type"] == "layers"]
    return {room: n for n, line in enumerate(reversed(layers)) for room in line.split(" | ")}


FLOORS = floors()


def may_know(room: str, other: str) -> bool:
    return room == other or FLOORS[room] > FLOORS[other]


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")
