"""Acts: the only way to change anything.

An act is a plain function `body(ctx, ...)` declared with the duty that allows it. Calling it with an Actor checks the
duty, opens the transaction, compares what the person saw with what there is (`expected`), runs the body, refuses deeds that the
same person may not do both of (`separation`) and writes one ledger entry with a line for each subject that the body recorded. Who
loses against another act is tried again (`contention`). Views, imports, the command line and the rehearsal all come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from assay.kernel import citing, clauses, clock, contention, expected, ledger, separation, texts
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import NotAllowed, Refused

P = ParamSpec("P")
R = TypeVar("R")


OWN = "OWN"
"""What whoever has an account owes and may do, whatever the post: to keep it. The body looks that it is the actor's own."""


@dataclass(frozen=True)
class Actor:
    """Who acts. `duties` are the codes that the actor's posts hold today; `seen` is what a page showed of the rows acted on;
    `department` is the one of the actor's account, for acts that are done to a department's own."""

    account_id: int | None
    name: str
    duties: frozenset[str]
    seen: expected.Seen = field(default_factory=expected.Seen, compare=False)
    department: int | None = field(default=None, compare=False)

    def holds(self, *duties: str) -> bool:
        """Whether any of these is the actor's: by a post, or because it is owed by whoever has an account."""
        return bool(self.duties.intersection(duties)) or (OWN in duties and self.account_id is not None)


Guard = Callable[..., object]


@dataclass(frozen=True)
class Act:
    """An act as declared: `applications.approve`, the duties any of which allows it, its Chinese title, its clause. `expects` names
    the row (its label) of which a page must say what it showed when it asks for the act. `signs`: its entry ends with a signed head.
    `markup`: it takes texts of items, in which tags of our own may stand. `guard` raises Refused where the act cannot be done to its
    rows as they are, whoever does it: the body asks it of rows that it has locked, a page beforehand (`why_not`). `for_whom` does the
    same of who acts, whom it takes first: where an act is somebody's by the rows, and not by a duty alone."""

    name: str
    duties: tuple[str, ...]
    title: str
    clause: str
    expects: str = ""
    signs: bool = False
    markup: bool = False
    guard: Guard | None = field(default=None, compare=False)
    for_whom: Guard | None = field(default=None, compare=False)


@dataclass
class Context:
    """What the body of an act works with: who, when, and the record it leaves."""

    actor: Actor
    act: Act
    at: datetime
    lines: list[ledger.Line] = field(default_factory=list)
    note: str = ""

    def record(self, *rows: Recorded) -> None:
        """Remember the facts of each (saved) row as they are now."""
        self.lines.extend(ledger.Line(r.subject(), str(r.pk), r.facts()) for r in rows)

    def record_all(self, rows: Iterable[Recorded]) -> None:
        self.record(*rows)

    def require_apart(self, *rows: Recorded) -> None:
        """Ask already now what is declared of this act and these rows (`separation`): where a constraint of the database guards the
        same, it would speak first, and not in words for people."""
        lines = [ledger.Line(r.subject(), str(r.pk), r.facts()) for r in rows]
        separation.require_apart(self.actor.account_id, self.actor.name, self.act.name, lines, title_of)

    def record_removed(self, subject: type[Recorded], pk: object) -> None:
        """Remember that a row is gone on purpose."""
        self.lines.append(ledger.Line(subject.subject(), str(pk), None))


_registry: dict[str, Act] = {}
_former: dict[str, str] = {}
_duty_texts: dict[str, str] = {}


def name_duties(texts: Mapping[str, str]) -> None:
    """Tell what the codes of duties mean, in Chinese: a refusal names no code."""
    _duty_texts.update(texts)


def declared() -> list[Act]:
    """All acts of the product, by name."""
    return [_registry[name] for name in sorted(_registry)]


def title_of(name: str) -> str:
    """The Chinese title of an act, also of one that there was formerly; otherwise its name."""
    return _registry[name].title if name in _registry else _former.get(name, name)


def formerly(name: str, title: str) -> None:
    """An act that there is no more, and that entries of the ledger name."""
    _former[name] = title


def act(
    name: str,
    *,
    duty: str | tuple[str, ...],
    title: str,
    clause: str = "",
    expects: str = "",
    signs: bool = False,
    markup: bool = False,
    guard: Guard | None = None,
    for_whom: Guard | None = None,
) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Declare an act. The body must record at least one row, or set `ctx.note`; otherwise nothing official happened."""
    duties = (duty,) if isinstance(duty, str) else duty
    declaration = Act(name, duties, title, clause, expects, signs, markup, guard, for_whom)
    if name in _registry:
        raise RuntimeError(f"act {name} is declared twice")
    clauses.numbers(clause)
    _registry[name] = declaration

    def declare(body: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Actor, P], R]:
        _require_known_place(body.__module__)
        names = list(signature(body).parameters)[1:]

        @wraps(body)
        def perform(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            require(actor, declaration)
            if duties != ("SYS",):  # what a person typed; what only the system does takes what machines say
                texts.require_readable({**dict(zip(names, args, strict=False)), **kwargs}, markup=markup)
            tokens = actor.seen.take()

            def once() -> R:
                with transaction.atomic():
                    expected.require_unchanged(tokens, name, actor.account_id)
                    ctx = Context(actor=actor, act=declaration, at=clock.now())
                    result = body(ctx, *args, **kwargs)
                    separation.require_apart(actor.account_id, actor.name, name, ctx.lines, title_of)
                    if ctx.lines or ctx.note:
                        ledger.append(_header(ctx), ctx.lines)
                        if signs:
                            ledger.checkpoint()
                return result

            try:
                return contention.settled(once)
            except ObjectDoesNotExist:
                expected.require_there([*args, *kwargs.values()])
                raise
            finally:
                citing.forget()

        perform.act = declaration  # type: ignore[attr-defined]
        return perform

    return declare


def _require_known_place(module: str) -> None:
    """The product's acts stand in modules and packages called `acts`, which are all loaded at the start: no act is unknown until a page
    happens to be opened."""
    if module.startswith("assay.") and "acts" not in module.split("."):
        raise RuntimeError(f"{module}: an act stands in `acts`")


def require(actor: Actor, declaration: Act) -> None:
    """Raise NotAllowed unless the actor holds one of the act's duties."""
    _require_duty(actor, declaration)
    if declaration.expects:
        expected.require_token(actor.seen, declaration.expects, declaration.title)


def _require_duty(actor: Actor, declaration: Act) -> None:
    if not actor.holds(*declaration.duties):
        raise NotAllowed(
            f"“{declaration.title}”需要职责{_named(declaration.duties)}，您的岗位不承担",
            declaration.clause,
        )


def why_not(deed: Callable[..., Any], actor: Actor, *rows: Any) -> Refused | None:
    """What speaks against the actor's doing this act to these rows (its first arguments, or one of those that it takes in a list) now,
    without doing it: the duty, its guard, and what is declared apart of the rows themselves. None when nothing does: then it is
    done, unless something changes meanwhile."""
    declaration = declaration_of(deed)
    recorded = [row for row in rows if isinstance(row, Recorded) and row.pk is not None]
    try:
        _require_duty(actor, declaration)
        _ask(declaration, actor, *rows)
        lines = [ledger.Line(row.subject(), str(row.pk), {}) for row in recorded]
        separation.require_apart(actor.account_id, actor.name, declaration.name, lines, title_of)
    except Refused as refused:
        return refused
    return None


def why_not_each(deed: Callable[..., Any], actor: Actor, rows: Sequence[Recorded]) -> dict[Any, Refused | None]:
    """`why_not` for each row of a list, by its key, with a handful of questions to the database in all."""
    declaration = declaration_of(deed)
    try:
        _require_duty(actor, declaration)
    except NotAllowed as refused:
        return {row.pk: refused for row in rows}
    apart = (
        separation.barred(actor.account_id, actor.name, declaration.name, rows[0].subject(), [row.pk for row in rows])
        if rows and actor.account_id is not None
        else {}
    )
    return {row.pk: _refused_by(declaration, actor, row) or apart.get(str(row.pk)) for row in rows}


def _ask(declaration: Act, actor: Actor, *rows: Any) -> None:
    if declaration.guard is not None:
        declaration.guard(*rows)
    if declaration.for_whom is not None:
        declaration.for_whom(actor, *rows)


def _refused_by(declaration: Act, actor: Actor, row: Recorded) -> Refused | None:
    try:
        _ask(declaration, actor, row)
    except Refused as refused:
        return refused
    return None


def _named(duties: Iterable[str]) -> str:
    return "或".join(f"“{_duty_texts.get(code, code)}”" for code in duties)


def _header(ctx: Context) -> ledger.Header:
    return ledger.Header(
        at=ctx.at,
        act=ctx.act.name,
        duty=next((d for d in ctx.act.duties if ctx.actor.holds(d)), ""),
        actor_id=ctx.actor.account_id,
        actor_name=ctx.actor.name,
        note=ctx.note,
        simulated=clock.simulated(),
    )


def declaration_of(function: Callable[..., Any]) -> Act:
    """The declaration behind an act function."""
    return function.act  # type: ignore[attr-defined]
