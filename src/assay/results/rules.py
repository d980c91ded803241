"""The outcome of an application. Pure. Every part of 100 and passed at the pass mark; absent is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

FULL = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """One part as taken: its mark (None: not marked), whether the candidate was absent, whether it counts."""

    mark: Decimal | None
    absent: bool = False
    required: bool = True


def outcome(parts: list[Part], pass_mark: Decimal) -> str:
    """pass / fail / absent / incomplete (national standards §1.9: all parts must pass, no averaging).

    A part that is neither marked nor absent makes the whole incomplete; absent from every required part is `absent`;
    absent from one of several is `fail`.
    """
    required = [p for p in parts if p.required]
    if any(p.mark is None and not p.absent for p in required):
        return "incomplete"
    if required and all(p.absent for p in required):
        return "absent"
    passed = all(p.mark is not None and p.mark >= pass_mark for p in required)
    return "pass" if passed else "fail"


def mark_of(text: str) -> Decimal | None:
    """A part's mark as typed: of a hundred, with one decimal at most; None for anything else."""
    try:
        mark = Decimal(text.strip())
    except InvalidOperation:
        return None
    return mark if mark.is_finite() and 0 <= mark <= FULL and mark == mark.quantize(TENTH) else None
