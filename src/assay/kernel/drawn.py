"""Words drawn by lot that people copy by hand: codes, numbers, first passwords."""

from __future__ import annotations

import secrets

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
"""Without what is taken for something else: 0 O, 1 I L, 2 Z, 5 S, 8 B."""


def drawn(length: int, group: int = 0) -> str:
    """So many characters, each of 4.6 bits; with hyphens between groups of `group`."""
    made = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(made[n : n + group] for n in range(0, length, group)) if group else made


def plain(typed: str) -> str:
    """As it was drawn, whatever the case, the blanks and the hyphens of who typed it."""
    return "".join(c for c in typed.upper() if c.isalnum())
