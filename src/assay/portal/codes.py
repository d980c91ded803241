"""Words that people copy by hand: activation codes and the numbers of claims."""

from __future__ import annotations

from assay.kernel.drawn import drawn, plain
from assay.kernel.sealing import blind_index

CODE_LENGTH, NUMBER_LENGTH = 10, 6


def new_code() -> str:
    """Ten characters, 46 bits, in two groups."""
    return drawn(CODE_LENGTH, group=5)


def new_number() -> str:
    """The number of a claim: drawn, so that it says nothing of how many there are and nobody guesses another's."""
    return drawn(NUMBER_LENGTH)


def digest_of(person_index: str, code: str) -> str:
    """What is kept of a code: good for one person only. Case, blanks and hyphens as typed do not matter."""
    return blind_index("activation", f"{person_index}\x1f{plain(code)}")
