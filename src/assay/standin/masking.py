"""Numbers of documents as the public may see them."""

from __future__ import annotations


def masked(number: str) -> str:
    """The first three and the last four characters, stars between; short numbers keep only their last two."""
    if len(number) < 10:
        return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 2 else "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
