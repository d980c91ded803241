"""What the store keeps of packs, rooms and sittings: their last state, as it was decided. Fields that came later have a default, so
that stores of earlier versions go on."""

from __future__ import annotations

import msgspec


class Late(msgspec.Struct, frozen=True):
    """Answers that came after the end: how many count as given in time and how many do not (see `judging.py`), when the page
    says they were given (hall's ms), how they came (`network`, `file`, `old`: from a computer that the candidate had left for
    another), and what the invigilator decided (None: not yet).
    `page_in_time`: how many are in time by the page's own count alone; `known`: what the hall knew of the end when they came;
    `settled_at`: when their computer had last told that it held none (0: not known). `left`: an old computer of which answers were
    waited for, which may bring them after a hand-in at another; `left_at`: when the candidate had left it (0: never, or nobody knows).
    """

    number: int
    at: int
    source: str
    in_time: int
    after: int
    first_said: int
    last_said: int
    accepted: bool | None = None
    decided_by: str = ""
    page_in_time: int = 0
    known: str = ""
    settled_at: int = 0
    left: bool = True
    left_at: int = 0


class Receipt(msgspec.Struct, frozen=True):
    """A receipt that a sheet has, or had: since when (hall's ms), and how it came to it (hand_in, forced, timed, late)."""

    at: int
    code: str
    how: str


class Ready(msgspec.Struct, frozen=True):
    """What a computer reports of itself before the exam: its browser, whether it can keep answers, how far its clock is from the
    hall's, how long a request takes, and when it said so (hall's ms)."""

    browser: str
    storage: bool
    clock_ms: int
    net_ms: int
    at: int


class Notice(msgspec.Struct, frozen=True):
    """What a room, or one candidate alone, was told: the how manieth it was, when, and when it was taken back (hall's ms; 0: never)."""

    number: int
    at: int
    text: str
    withdrawn_at: int = 0


class Burst(msgspec.Struct, frozen=True):
    """Tries to sign in that the record does not tell yet: how many, and between when (hall's ms)."""

    tries: int
    first: int
    last: int


class SittingFacts(msgspec.Struct, frozen=True):
    """What is stored of a sitting besides its answers; times are the hall's milliseconds. `remarks` counts what was noticed
    (kind → how often), `away_ms` how long the computer was not to be heard while no pause made up for it, and `made_up_ms`
    how much of that more time was given for. `missing_since`: the computer was away when somebody else than the candidate
    closed the sitting, and has not been heard since. `mismatch_at`: the candidate said that the identity on the screen is
    not his. `wrong_tries` counts wrong tries to sign in with the ticket since it was last released (network address → how
    many), `releases` how often it was. `other_browser_from`: the network address from which the candidate last came without
    the locked browser that the room asks for; `other_browser_at`: where the invigilator allows it. `paused_at` and `pauses`
    are this one's own, beside the room's. `mismatch_by`: the invigilator who saw that it is somebody else; `no_show_at`: the
    roll call found nobody. `late_refused_at`: came too late and was sent away; `late_entry_at`: let in all the same; `kept_out_at`: the
    invigilator has decided that he stays out.
    `receipts`: all that the sheet ever had. `stays_at`: the other seat at whose computer the invigilator
    lets this one sit; `begun_from`: the network address at which the paper was opened, unless that was known to be another
    seat's (`sits_at`: the same, from stores of earlier versions). `old_computers`: of which sign-ins the computers may
    still hold answers (epoch → last heard), until each has reported; `set_aside`: those of which the invigilator has
    said that nobody need wait; `browsers`: in which browser each sign-in was, as its page says (epoch → a name that the browser
    keeps); `left_at`: when the candidate left the computer of an earlier sign-in (epoch → when); `late_taken`: how often late
    answers were taken into the sheet, which its page has to hear of. `elsewhere_from`, `elsewhere_at`: from
    which network address, and when, somebody came with the ticket and was not let in because it is at work at another
    computer. `forced_by` and `forced_why`: which invigilator
    handed in for the candidate; `misconduct_at`: since when misconduct stands in the record that nobody has withdrawn, and
    `misconduct_for` in what words (the last ones; "": not known, from stores of earlier versions). `notices`: all
    that this one alone was told, and `message_number` how many (see `notices.py`); `message`, `message_at`: the newest, from stores of
    earlier versions. `bursts`: wrong tries by network address, `refused`: sign-ins of one who was at work (see `door_record.py`)."""

    epoch: int = 0
    arrived_at: int = 0
    admitted_at: int = 0
    started_at: int = 0
    handed_in_at: int = 0
    forced: bool = False
    extra_minutes: int = 0
    may_move: bool = False
    receipt: str = ""
    sheet_digest: str = ""
    address: str = ""
    away_ms: int = 0
    made_up_ms: int = 0
    missing_since: int = 0
    mismatch_at: int = 0
    by_time: bool = False
    remarks: dict[str, int] = {}
    wrong_tries: dict[str, int] = {}
    releases: int = 0
    other_browser_from: str = ""
    other_browser_at: str = ""
    late: tuple[Late, ...] = ()
    paused_at: int = 0
    pauses: tuple[tuple[int, int], ...] = ()
    message: str = ""
    message_number: int = 0
    message_at: int = 0
    mismatch_by: str = ""
    no_show_at: int = 0
    late_refused_at: int = 0
    late_entry_at: int = 0
    kept_out_at: int = 0
    receipts: tuple[Receipt, ...] = ()
    sits_at: int = 0
    begun_from: str = ""
    ready: Ready | None = None
    old_computers: dict[int, int] = {}
    left_at: dict[int, int] = {}
    late_taken: int = 0
    elsewhere_from: str = ""
    elsewhere_at: int = 0
    forced_by: str = ""
    forced_why: str = ""
    misconduct_at: int = 0
    misconduct_for: str = ""
    notices: tuple[Notice, ...] = ()
    bursts: dict[str, Burst] = {}
    stays_at: int = 0
    refused: dict[str, Burst] = {}
    set_aside: tuple[int, ...] = ()
    browsers: dict[int, str] = {}

    @property
    def waited_for(self) -> dict[int, int]:
        """The computers that may hold answers, but for those set aside."""
        return {epoch: heard for epoch, heard in self.old_computers.items() if epoch not in self.set_aside}

    @property
    def old_computer_since(self) -> int:
        """Since when a computer that the candidate left may hold answers; 0 when none does, or nobody waits for it."""
        return min(self.waited_for.values(), default=0)

    def reported_mismatch(self) -> bool:
        """True while nobody has verified the identity since it was said to be another's."""
        return self.mismatch_at > self.admitted_at


class Outage(msgspec.Struct, frozen=True):
    """The hall itself was away while the room was at work: from when to when, how many minutes that cost (a begun one counts, a
    pause costs nothing), and whether it was decided what comes of it (0 minutes: there is nothing to decide)."""

    began: int
    ended: int
    minutes: int
    settled: bool = False


class RoomFacts(msgspec.Struct, frozen=True):
    """What is stored of a room: extra minutes for all, pauses (`pauses`: when those that are over began and ended),
    its notices (`message_number` rises when one is taken back, too; `message`, `message_at`: the newest, from stores of earlier
    versions), its closing, which builds of the locked browser are let in (`exam_keys`; none: any with the session's settings), and
    when the hall itself was away. `refused`: account → how many deeds of passes for looking on were refused (see `looking_on.py`)."""

    extra_minutes: int = 0
    paused_at: int = 0
    paused_ms: int = 0
    pauses: tuple[tuple[int, int], ...] = ()
    message: str = ""
    message_number: int = 0
    message_at: int = 0
    closed_at: int = 0
    closed_by: str = ""
    rescheduled: bool = False
    exam_keys: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    notices: tuple[Notice, ...] = ()
    refused: dict[str, int] = {}


class PackFacts(msgspec.Struct, frozen=True):
    """The papers' keys once two people have opened them; `collected_at`: when the office took down what had come to its end."""

    paper_keys: dict[str, bytes] = {}
    opened_by: tuple[str, ...] = ()
    collected_at: int = 0
