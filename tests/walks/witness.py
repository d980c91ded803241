"""What was seen to happen, kept apart from the product's own account of it, and what has to follow for every certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

PASS = Decimal(60)
Part = tuple[int, str]
"""(application, part)"""


@dataclass(frozen=True)
class Said:
    """Who an application or a certificate says that somebody is."""

    name: str
    number: str
    photo: str | None


@dataclass(frozen=True)
class Review:
    step: str
    verdict: str
    human: str
    said: Said


@dataclass
class Corrected:
    """A mark that a score check changed: what it became and by whose hands."""

    mark: Decimal
    marked_again: str
    answered: str
    confirmed: str


@dataclass
class Candidacy:
    """One application as far as this test knows: whose, for which level, when it is assessed."""

    human: str
    person: int
    level: str
    day: date

    @property
    def parts(self) -> tuple[str, ...]:
        return ("theory", "skill", "review") if self.level == "2" else ("theory", "skill")


@dataclass
class Witness:
    kept: list[tuple[int, str, str, Decimal, date]]
    candidacies: dict[int, Candidacy] = field(default_factory=dict)
    reviews: dict[int, list[Review]] = field(default_factory=lambda: defaultdict(list))
    """Since the application was last handed in."""
    said: dict[int, Said] = field(default_factory=dict)
    """What the certificate may say: what the centre's review saw, or what an act with a reason made of it."""
    theory: dict[int, Decimal | None] = field(default_factory=dict)
    """None for who was absent."""
    absent: set[Part] = field(default_factory=set)
    locked: dict[Part, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    """What each examiner (a human being) came to."""
    settled: set[Part] = field(default_factory=set)
    again: dict[Part, tuple[str, Decimal]] = field(default_factory=dict)
    """The newest marking again: by whom, what it came to."""
    answers: dict[Part, str] = field(default_factory=dict)
    corrected: dict[Part, Corrected] = field(default_factory=dict)
    exempted: set[Part] = field(default_factory=set)
    admitted_again: set[int] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)
    appointed: list[tuple[str, str]] = field(default_factory=list)
    """(who appointed, who was appointed)"""
    drew_up: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    approved: dict[int, str] = field(default_factory=dict)

    def mark(self, application: int, part: str) -> Decimal | None:
        """What the candidate has earned in a part by this test's own arithmetic; None for who has no sheet or was absent."""
        key = (application, part)
        if key in self.corrected:
            return self.corrected[key].mark
        if part == "theory":
            return self.theory.get(application)
        if key in self.absent or key not in self.settled or not self.locked[key]:
            return None
        totals = list(self.locked[key].values())
        return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def sat(self, application: int, part: str) -> bool:
        """Whether there is a sheet of the part, even one that only says that nobody came."""
        return application in self.theory if part == "theory" else (application, part) in self.settled

    def holds_kept(self, candidacy: Candidacy, part: str) -> bool:
        return any(
            (person, level, passed) == (candidacy.person, candidacy.level, part)
            and mark >= PASS
            and candidacy.day <= on + timedelta(days=365)
            for person, level, passed, mark, on in self.kept
        )

    # What has to be true of a certificate that is in force.

    def wrongs(self, application: int, printed: Said) -> Iterator[str]:
        """Everything that is wrong with a certificate of this application that says `printed`."""
        candidacy = self.candidacies[application]
        yield from self._reviewed(application, candidacy)
        yield from self._passed(application, candidacy)
        for (of, part), check in self.corrected.items():
            hands = {check.answered, check.confirmed}
            if of == application and (len(hands) < 2 or check.marked_again in hands or candidacy.human in hands):
                yield f"{part} was corrected by {check}"
        if self.said.get(application) != printed:
            yield f"it says {printed}, the review saw {self.said.get(application)}"

    def _reviewed(self, application: int, candidacy: Candidacy) -> Iterator[str]:
        by = {
            step: {r.human for r in self.reviews[application] if (r.step, r.verdict) == (step, "pass")}
            for step in ("first", "centre")
        }
        if not by["first"] or not by["centre"]:
            yield f"no pass of both reviews: {by}"
        if len(by["first"] | by["centre"]) < 2:
            yield f"both reviews by {by}"
        if candidacy.human in by["first"] | by["centre"]:
            yield "reviewed by the candidate"
        if any(r.verdict != "pass" for r in self.reviews[application]):
            yield "refused or returned after it was handed in"

    def _passed(self, application: int, candidacy: Candidacy) -> Iterator[str]:
        earned = 0
        for part in candidacy.parts:
            mark = self.mark(application, part)
            if mark is not None and mark < PASS:
                yield f"{part} failed with {mark}"
            earned += mark is not None
            if mark is None and self.sat(application, part):
                yield f"absent from {part}"
            exempt = self.holds_kept(candidacy, part) or (application, part) in self.exempted
            if mark is None and not exempt:
                yield f"nothing for {part}"
            if mark is not None and part != "theory" and (application, part) not in self.corrected:
                panel = self.locked[application, part]
                if len(panel) < 3 or len(panel) % 2 == 0 or candidacy.human in panel:
                    yield f"{part} marked by {sorted(panel)}"
        if not earned:
            yield "no part was sat"

    # What was seen.

    def handed_in(self, application: int, candidacy: Candidacy) -> None:
        self.candidacies[application] = candidacy
        self.reviews[application].clear()
        self.said.pop(application, None)

    def reviewed(self, application: int, review: Review) -> None:
        self.reviews[application].append(review)
        if review.step == "centre" and review.verdict == "pass":
            self.said[application] = review.said

    def put_right(self, application: int, **changes: str | None) -> None:
        if application in self.said:
            self.said[application] = replace(self.said[application], **changes)
