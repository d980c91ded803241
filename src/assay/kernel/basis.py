"""On what the rules rest as people read it (规则依据): the title of a document, and where in it a clause stands. Pure.

The code cites clauses by the numbers of the work plan for which the product was first made (`kernel.clauses`); they are its own names of
its rules and never change. What is shown for each is data of the centre: the plan as delivered, the school's own document with its own
numbers, or the national rules. Of what a centre's document does not name, the national rule is shown, or that it is a rule of the product:
never another school's number. National documents are named without numbers of clauses: their texts were not at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Protocol, TypeVar

from assay.kernel.clauses import NUMBER, PLAN, SOURCE, NoSuchClause, numbers


class Kind(StrEnum):
    DELIVERED = "plan"
    OWN = "own"
    NATIONAL = "national"


KINDS: Mapping[str, str] = {
    Kind.DELIVERED: "随系统的工作方案",
    Kind.OWN: "本校文件",
    Kind.NATIONAL: "国家规定",
}
BUILT_IN = "考评通内置规则"
PARAMETER = "本中心参数"
LONGEST_NUMBER = 40

_PROCESS = ("职业技能等级认定工作规程（试行）", "人社职司便函〔2020〕17号")
_SUPERVISION = ("技能人才评价质量督导工作规程（试行）", "人社职司便函〔2020〕53号")
_VIOLATIONS = ("技能人才评价违纪违规行为处理工作指引（试行）", "人社职司便函〔2021〕57号")
_ITEMS = ("技能人才评价命题技术规程（试行）", "人社厅函〔2024〕160号")
_STANDARDS = ("国家职业标准编制技术规程（2023年版）", "人社厅发〔2023〕31号")
_NATIONAL: Mapping[str, tuple[tuple[str, str], tuple[str, ...]]] = {
    "process, examiners, certificates, archives": (
        _PROCESS,
        (
            "四(一)", "四(一)1", "四(一)2", "四(一)3", "四(一)3(1)", "四(一)6", "四(一)7", "四(一)7(1)", "四(一)7(2)", "四(一)7(3)",
            "三(四)2(1)", "四(一)8", "四(二)3", "三(六)2", "四(一)9", "四(一)9(2)", "四(一)9(3)", "四(二)4",
        ),
    ),
    "supervisors of the body itself": (
        _SUPERVISION,
        (
            "三(一)2(2)", "三(一)2(2)①", "三(一)2(2)②", "三(一)2(2)③", "三(一)2(2)④", "三(一)2(2)⑤", "三(一)2(2)⑦", "三(四)2(2)",
            "四(一)9(5)",
        ),
    ),
    "breaches": (_VIOLATIONS, ("三(一)2(2)⑥",)),
    "writing items": (_ITEMS, ("三(五)", "三(一)2(3)④")),
    "what a national standard says": (_STANDARDS, ("二(二)",)),
}  # fmt: skip
NATIONAL: Mapping[str, tuple[str, str]] = {
    clause: document for document, clauses in _NATIONAL.values() for clause in clauses
}
"""Clause → title and number of the national document that governs the same. What only the plan says (the day by which a plan is filed, who
gets which copy) is not among them."""

ELSEWHERE: Mapping[str, str] = {
    "三(四)2(1)⑥": "考评员证（卡）有效期",
    "三(四)2(2)④": "质量督导员证（卡）有效期",
    "五(五)": "认定计划的范围与批次",
}
"""What a clause is about where not the plan is the basis: without what only the plan says."""
OF_PARAMETERS = frozenset({"三(四)2(1)⑥", "三(四)2(2)④"})
"""Clauses that set nothing but a number: elsewhere it is the centre's own (`centre.parameters`)."""

_IN_PROSE = re.compile(rf"{SOURCE} ?(?P<named>{NUMBER.pattern}(?:、{NUMBER.pattern})*)")


def _known(named: str) -> list[str]:
    """Of clauses as they are named in a text those that there are."""
    return [clause for clause in NUMBER.findall(named) if clause in PLAN]


def about(clause: str) -> str:
    """What a clause is about, for whomever."""
    return ELSEWHERE.get(clause, PLAN[clause])


@cache
def subject(clause: str) -> str:
    """The same so that no other clause is called so: with what it belongs to, where several are about the same."""
    alike = sum(about(other) == about(clause) for other in PLAN)
    return f"{about(_around(clause))}—{about(clause)}" if alike > 1 else about(clause)


def _around(clause: str) -> str:
    """The clause that this one is a part of."""
    return max((other for other in PLAN if clause.startswith(other) and other != clause), key=len)


@cache
def depth(clause: str) -> int:
    """How many clauses it lies within."""
    return sum(clause.startswith(other) and clause != other for other in PLAN)


@dataclass(frozen=True)
class Basis:
    """What is shown of the clauses; `numbers`: where they stand in the school's own document of this title."""

    kind: str = Kind.DELIVERED
    title: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called as a whole."""
        return self.title if self.kind == Kind.OWN else KINDS[self.kind]

    def in_full(self, citation: str) -> str:
        """A citation as people read it: with its source, and what each clause is about. Other sources stay as they are."""
        return "；".join(self._piece_in_full(piece) for piece in citation.split("；"))

    def _piece_in_full(self, piece: str) -> str:
        try:
            found = numbers(piece)
        except NoSuchClause:  # with words of its own behind the number, or of an entry that an older version wrote
            found = []
        if not found:
            return self.cited(piece)
        if self.kind == Kind.DELIVERED:
            return f"{SOURCE} {'、'.join(f'{number} {PLAN[number]}' for number in found)}"
        return "；".join(self._with_what_it_is_about(found))

    def cited(self, text: str) -> str:
        """A text in which clauses of the plan are cited (工作方案 四(一)4), with their places in this basis instead."""
        if self.kind == Kind.DELIVERED:
            return text
        if text and NUMBER.match(text):  # of an act, which cites without naming the plan
            text = f"{SOURCE} {text}"
        return _IN_PROSE.sub(lambda found: "；".join(self._places(_known(found["named"]))) or BUILT_IN, text)

    def place(self, clause: str) -> str:
        """Where one clause stands, in few words, beside what it is about."""
        if self.kind == Kind.DELIVERED:
            return clause
        return self.numbers.get(clause) or (NATIONAL[clause][1] if clause in NATIONAL else "内置规则")

    def source_of_number(self, source: str) -> str:
        """Where the default of a parameter comes from. That it is the plan's number is nothing to a school with another basis: then it
        is the centre's own, and its document is said only to be the place to look."""
        if self.kind == Kind.DELIVERED or not _IN_PROSE.search(source):
            return source
        kept = [piece for piece in source.split("；") if not _IN_PROSE.search(piece)]
        named = [clause for found in _IN_PROSE.finditer(source) for clause in _known(found["named"])]
        own = [self.numbers[clause] for clause in named if clause in self.numbers]
        see = f"，参见{self.title} {'、'.join(own)}" if own else ""
        return "；".join([*kept, f"{PARAMETER}{see}"])

    def _with_what_it_is_about(self, clauses: Iterable[str]) -> Iterator[str]:
        for source, of_it in groupby(clauses, self._source):
            named = [f"{self.numbers[c]} {about(c)}" if c in self.numbers else about(c) for c in of_it]
            yield f"{source} {'、'.join(named)}" if source == self.title else f"{source}：{'、'.join(named)}"

    def _places(self, clauses: Iterable[str]) -> Iterator[str]:
        for source, of_it in groupby(clauses, self._source):
            named = list(of_it)
            if source == self.title:
                yield f"{source} {'、'.join(self.numbers[c] for c in named)}"
            elif named[0] in NATIONAL:
                yield NATIONAL[named[0]][1]
            else:
                yield f"{source}：{'、'.join(map(about, named))}"

    def _source(self, clause: str) -> str:
        if clause in self.numbers:
            return self.title
        if clause in NATIONAL:
            return f"《{NATIONAL[clause][0]}》"
        return PARAMETER if clause in OF_PARAMETERS else BUILT_IN


DELIVERED = Basis()


class Version(Protocol):
    """A basis from a day on; no day: from the beginning. None is ever written over."""

    @property
    def basis(self) -> Basis: ...

    @property
    def since(self) -> date | None: ...


V = TypeVar("V", bound=Version)


def in_force(versions: Sequence[V], day: date) -> V | None:
    """Which holds on a day of versions in the order of entering: the last to begin, of equals the last entered. Before any of them the
    first, with which the centre began. None without any."""
    begun = [v for v in versions if v.since is None or v.since <= day]
    if not begun:
        return versions[0] if versions else None
    return max(enumerate(begun), key=lambda one: (one[1].since or date.min, one[0]))[1]
