"""The worlds, by room."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def load() -> None:
    """Declare them all."""
    for module in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        import_module(f"{__name__}.{module.stem}")
