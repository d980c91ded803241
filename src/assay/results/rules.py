"""The outcome of an application. Pure. Every part of 100 and passed at the pass mark; absent is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    ABSENT = "absent"
    INCOMPLETE = "incomplete"


OUTCOMES: dict[str, str] = {
    Outcome.PASS: "合格",
    Outcome.FAIL: "不合格",
    Outcome.ABSENT: "缺考",
    Outcome.INCOMPLETE: "未完成",
}
OUTCOME_CHOICES = [(outcome.value, OUTCOMES[outcome]) for outcome in Outcome]


@dataclass(frozen=True)
class TakenPart:
    """One part as taken: its mark (None: not marked), whether the candidate was absent, whether it counts. What is left out on
    an earlier pass counts with that pass's mark; what is left out on nothing counts and has none."""

    mark: Decimal | None
    absent: bool = False
    required: bool = True


def outcome(parts: list[TakenPart], pass_mark: Decimal) -> Outcome:
    """pass / fail / absent / incomplete (national standards §1.9: all parts must pass, no averaging).

    A part that is neither marked nor absent makes the whole incomplete; absent from every required part is `absent`;
    absent from one of several is `fail`. Nobody passes without a part that counts.
    """
    required = [p for p in parts if p.required]
    if not required or any(p.mark is None and not p.absent for p in required):
        return Outcome.INCOMPLETE
    if all(p.absent for p in required):
        return Outcome.ABSENT
    passed = all(p.mark is not None and p.mark >= pass_mark for p in required)
    return Outcome.PASS if passed else Outcome.FAIL
