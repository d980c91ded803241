"""Deeds that one person never does both of, and deeds that nobody does in an own matter.

Declared once for each kind of object (`apart`, `not_own`, in the `separations` module of a room) and enforced for every act when
its body is done, over the rows that it recorded: the ledger remembers who did what to which row before. A body need not think of
it, and cannot forget it. `assay duties` prints the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from assay.kernel.ledger import Line
from assay.kernel.models import LedgerLine
from assay.kernel.persons import Person, person_of
from assay.kernel.refusals import ForOthers

CHUNK = 500


@dataclass(frozen=True)
class Side:
    """One of two deeds that exclude each other: the acts, and the rows that they record. `tie` is the path from a row to what
    both deeds are about, where these are rows of different kinds."""

    subject: str
    acts: tuple[str, ...]
    tie: str = "pk"


@dataclass(frozen=True)
class Apart:
    """The acts of `one` and of `other` are never done about the same thing by the same person, in whatever order."""

    one: Side
    other: Side
    said: str
    """What is kept apart, for people: «初审与复审»."""
    clause: str

    def about(self, act: str) -> Iterator[tuple[Side, Side]]:
        """The side that `act` is on and the one that excludes it; none when it is not of this pair."""
        if act in self.one.acts:
            yield self.one, self.other
        if act in self.other.acts:
            yield self.other, self.one


@dataclass(frozen=True)
class NotOwn:
    """`acts` are never done to rows of `subject` that concern whoever acts: whose account or ID number they lead to. Who has no
    known ID number is held to be the member of staff of the same name (`staff_name`: paths to a name and what else must hold)."""

    subject: str
    acts: tuple[str, ...]
    account: str
    index: str
    staff_name: str
    staff: tuple[tuple[str, Any], ...]
    said: str
    clause: str

    def concerns(self, who: Person, name: str) -> Q:
        """The rows in which `who` acts in an own matter."""
        found = Q(**{f"{self.account}__in": who.accounts})
        if self.index and who.indexes:
            found |= Q(**{f"{self.index}__in": who.indexes})
        if self.staff_name and not who.indexes:
            found |= Q(**{self.staff_name: name, **dict(self.staff)})
        return found

    def same_name(self, who: Person) -> str:
        """What is said beside it where nothing but the name tells who is concerned."""
        return "" if who.indexes or not self.staff_name else "（或与您同名的教职工）"


_apart: list[Apart] = []
_not_own: list[NotOwn] = []


def apart(subject: str, one: str | Sequence[str], other: str | Sequence[str], *, said: str, clause: str) -> None:
    """Declare that the acts `one` and `other` on a row of `subject` need two persons."""
    apart_about(Side(subject, _names(one)), Side(subject, _names(other)), said=said, clause=clause)


def apart_about(one: Side, other: Side, *, said: str, clause: str) -> None:
    """Declare that deeds which record rows of different kinds, but are about the same thing, need two persons."""
    _apart.append(Apart(one, other, said, clause))


def not_own(
    subject: str, acts: str | Sequence[str], *, account: str, index: str = "", staff_name: str = "",
    staff: dict[str, Any] | None = None, said: str, clause: str,
) -> None:  # fmt: skip
    """Declare that nobody does the acts in an own matter; `account` and `index` are paths from the row to the person's."""
    _not_own.append(
        NotOwn(subject, _names(acts), account, index, staff_name, tuple((staff or {}).items()), said, clause)
    )


def _names(acts: str | Sequence[str]) -> tuple[str, ...]:
    return (acts,) if isinstance(acts, str) else tuple(acts)


def pairs() -> list[Apart]:
    """What is declared, in order of objects."""
    return sorted(_apart, key=lambda a: (a.one.subject, a.one.acts))


def own_matters() -> list[NotOwn]:
    return sorted(_not_own, key=lambda n: (n.subject, n.acts))


def require_apart(
    account: int | None, name: str, act: str, lines: Iterable[Line], title_of: Callable[[str], str]
) -> None:
    """Refuse an act whose rows say that the same person did what excludes it, or acts in an own matter. Without an account it is
    the house itself that acts (time, the province's answers, setting up)."""
    rules = [(rule, *sides) for rule in _apart for sides in rule.about(act)]
    own = [rule for rule in _not_own if act in rule.acts]
    if account is None or not (rules or own):
        return
    touched: dict[str, list[str]] = {}
    for line in lines:
        if line.facts is not None:
            touched.setdefault(line.subject, []).append(line.subject_id)
    who = person_of(account)
    for matter in own:
        for pks in _chunks(touched.get(matter.subject, [])):
            _refuse_own(matter, who, name, pks)
    for rule, here, there in rules:
        for pks in _chunks(touched.get(here.subject, [])):
            _refuse_both(rule, there, who, _beside(here, there, pks), title_of)


def barred(account: int, name: str, act: str, subject: str, pks: Iterable[object]) -> dict[str, ForOthers]:
    """Of these rows (their ids) those on which the person behind the account may not do the act, having done what excludes it
    or being concerned, with the reason as it can be said of many: for pages, which offer only what an act will take."""
    who, rows = person_of(account), [str(pk) for pk in pks]
    sides = [(rule, *both) for rule in _apart for both in rule.about(act) if both[0].subject == subject]
    own = [rule for rule in _not_own if act in rule.acts and rule.subject == subject]
    found: dict[str, ForOthers] = {}
    for part in _chunks(rows):
        for rule, here, there in sides:
            why = ForOthers(f"{rule.said}须由不同的人办理，另一项已由您办理，请换一人", rule.clause)
            found |= dict.fromkeys(_excluded(who, here, there, part), why)
        for matter in own:
            concerned = _model(subject)._default_manager.filter(matter.concerns(who, name), pk__in=part)
            why = ForOthers(f"{matter.said}：涉及您本人{matter.same_name(who)}，请由他人办理", matter.clause)
            found |= dict.fromkeys((str(pk) for pk in concerned.values_list("pk", flat=True)), why)
    return found


def _excluded(who: Person, here: Side, there: Side, pks: list[str]) -> set[str]:
    """Of these rows those about whose things the same person did what is on the other side."""
    beside = _beside(here, there, pks)
    done = _done(who, there.subject, there.acts).filter(subject_id__in=beside)
    found = set(done.values_list("subject_id", flat=True))
    return found if beside is pks else set(_beside(there, here, sorted(found))) & set(pks)


def _done(who: Person, subject: str, acts: Sequence[str]) -> Any:
    return LedgerLine.objects.filter(
        subject=subject, facts__isnull=False, entry__act__in=acts, entry__actor_id__in=who.accounts
    )


def _beside(here: Side, there: Side, pks: list[str]) -> list[str]:
    """The rows of the other side that are about the same things as these."""
    if (here.subject, here.tie) == (there.subject, there.tie):
        return pks
    things = _model(here.subject)._default_manager.filter(pk__in=pks).values(here.tie)
    rows = _model(there.subject)._default_manager.filter(**{f"{there.tie}__in": things})
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _refuse_both(rule: Apart, there: Side, who: Person, pks: list[str], title_of: Callable[[str], str]) -> None:
    found = _done(who, there.subject, there.acts).filter(subject_id__in=pks).select_related("entry")
    first = found.order_by("entry_id").first()
    if first is None:
        return
    named, title = _named(there.subject, first.subject_id), title_of(first.entry.act)
    count = len(set(found.values_list("subject_id", flat=True)))
    more = f"等 {count} 项" if count > 1 else ""
    raise ForOthers(f"{rule.said}须由不同的人办理：{named}{more}已由您办理“{title}”，请换一人", rule.clause)


def _refuse_own(matter: NotOwn, who: Person, name: str, pks: list[str]) -> None:
    row = _model(matter.subject)._default_manager.filter(matter.concerns(who, name), pk__in=pks).first()
    if row is not None:
        raise ForOthers(f"{matter.said}：{row}涉及您本人{matter.same_name(who)}，请由他人办理", matter.clause)


def _named(subject: str, pk: str) -> str:
    row = _model(subject)._default_manager.filter(pk=pk).first()
    return f"“{row}”" if row is not None else "该项"


def _model(subject: str) -> type[Model]:
    return apps.get_model(subject)


def _chunks(pks: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(pks), CHUNK):
        yield pks[start : start + CHUNK]
