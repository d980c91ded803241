"""Words that people copy by hand: activation codes and the numbers of claims."""

from __future__ import annotations

import secrets

from assay.kernel.sealing import blind_index

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
"""Without what is taken for something else: 0 O, 1 I L, 2 Z, 5 S, 8 B."""
CODE_LENGTH, NUMBER_LENGTH = 10, 6


def new_code() -> str:
    """Ten characters, 46 bits, in two groups."""
    made = _drawn(CODE_LENGTH)
    return f"{made[:5]}-{made[5:]}"


def new_number() -> str:
    """The number of a claim: drawn, so that it says nothing of how many there are and nobody guesses another's."""
    return _drawn(NUMBER_LENGTH)


def digest_of(person_index: str, code: str) -> str:
    """What is kept of a code: good for one person only. Case, blanks and hyphens as typed do not matter."""
    return blind_index("activation", f"{person_index}\x1f{''.join(c for c in code.upper() if c.isalnum())}")


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
