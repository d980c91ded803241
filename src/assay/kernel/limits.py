"""How much of each anonymous or guessable thing is free, and how it slows down: the one table of these numbers.

A whole school sits behind one address, so what one address may do is measured by a busy lesson in a computer room (three
classes, about 150 people), and what one address may try at one subject (an account, a number, a notice) by a clumsy person.
Nothing is ever shut: beyond what is free each try brings a wait that doubles up to `longest` seconds, and one try is forgotten
after each `forgets` seconds.

`/v/<token>` has no limit: a token that this centre did not sign tells nothing, whatever the number of tries. Asking for a
score check has none: only the signed-in candidate can, once for each part.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2


@dataclass(frozen=True)
class Limit:
    """`free` tries cost nothing; then waits of `first` seconds, doubling up to `longest`."""

    free: int
    forgets: int
    first: int
    longest: int

    def wait(self, tries: float) -> int:
        """Seconds to wait after so many tries that are not forgotten yet."""
        beyond = ceil(tries) - self.free
        return min(self.longest, self.first << (beyond - 1)) if beyond > 0 else 0

    @property
    def most(self) -> int:
        """More are not counted, so that what lasted a night is forgotten as soon as what lasted ten minutes."""
        return self.free + 1 + ceil(log2(self.longest / self.first))


@dataclass(frozen=True)
class Kind:
    """What is tried: from one address at one subject, and from one address whatever the subject."""

    name: str
    subject: Limit
    address: Limit


STAFF_SIGN_IN = Kind(
    "staff_sign_in",
    # Five slips as everywhere; then 60 guesses an hour, 1,400 a day, against passwords of eight characters and more.
    subject=Limit(free=5, forgets=120, first=2, longest=60),
    # Seventy invigilators on the morning of an exam, every second one with a slip.
    address=Limit(free=60, forgets=60, first=1, longest=30),
)
SECOND_FACTOR = Kind(
    "second_factor",
    # Whoever comes so far has the password. Three codes of a million are right at a time: 1,400 guesses a day find one in 230 days.
    subject=Limit(free=5, forgets=600, first=5, longest=60),
    # Seventy invigilators on the morning of an exam, every second one with a slip.
    address=Limit(free=60, forgets=60, first=1, longest=30),
)
CANDIDATE_SIGN_IN = Kind(
    "candidate_sign_in",
    subject=Limit(free=5, forgets=120, first=2, longest=60),
    # A department looking up its results at once: 600 people, every third with a slip.
    address=Limit(free=200, forgets=30, first=1, longest=30),
)
SIGN_UP = Kind(
    "sign_up",
    # Every one counts, for each leaves something to look at for the department. Nobody signs up more than twice.
    subject=Limit(free=3, forgets=600, first=15, longest=60),
    # Three classes in one lesson.
    address=Limit(free=150, forgets=20, first=2, longest=60),
)
ACTIVATION = Kind(
    "activation",
    # A code has 46 bits: a million tries leave one chance in 70 million.
    subject=Limit(free=5, forgets=120, first=2, longest=60),
    address=Limit(free=100, forgets=30, first=1, longest=30),
)
CERTIFICATE_CHECK = Kind(
    "certificate_check",
    # Misses only. Names guessed for one number.
    subject=Limit(free=5, forgets=300, first=2, longest=60),
    # An employer who types a pile of certificates misses a few; numbers follow on each other and must not be walked through.
    address=Limit(free=20, forgets=60, first=2, longest=60),
)
OBJECTION = Kind(
    "objection",
    # Every one counts, for each has to be looked into before the notice may end: five about one list from one address at once,
    # then one in ten minutes. Who has more to say writes it into one objection.
    subject=Limit(free=5, forgets=600, first=60, longest=600),
    address=Limit(free=10, forgets=600, first=60, longest=600),
)
OWN_PASSWORD = Kind(
    "own_password",
    # Somebody at a computer that was left signed in guesses the password that is asked for before a new one.
    subject=Limit(free=5, forgets=120, first=2, longest=60),
    address=Limit(free=100, forgets=30, first=1, longest=30),
)
