"""The sign-ins that the demo prints."""

from __future__ import annotations

from assay.demo.posts import SIGN_INS


def sign_ins() -> list[tuple[str, str]]:
    """(username, what it is for)."""
    return SIGN_INS
