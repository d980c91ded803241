"""Whether an act would be done is asked of the act, without doing it."""

from __future__ import annotations

import ast
import inspect
import sys
from pathlib import Path

import pytest

from assay.archive import acts as archive
from assay.archive.models import Volume
from assay.kernel.acts import Actor, Context, act, declaration_of, declared, why_not
from assay.kernel.models import LedgerEntry
from assay.kernel.offers import offer
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_the_duty_speaks_first_then_the_guard() -> None:
    batch = f.batch("direct", stage="review")
    assert isinstance(why_not(archive.build, f.actor_with("E1"), batch), NotAllowed)
    against = why_not(archive.build, f.actor_with("E10"), batch)
    assert isinstance(against, Refused)
    assert "还不能归档" in against.message
    batch.stage = "archive"
    batch.save()
    assert why_not(archive.build, f.actor_with("E10"), batch) is None
    assert not LedgerEntry.objects.exists()
    assert not Volume.objects.exists()


def test_who_may_not_is_offered_nothing_and_who_may_later_reads_why() -> None:
    batch = f.batch("direct", stage="review")
    shown = offer(f.actor_with("E10"), archive.build, batch, title="组卷", url="/x/")
    assert not shown.open
    assert "还不能归档" in shown.said
    stranger = offer(f.actor_with("E1"), archive.build, batch, title="组卷", url="/x/")
    assert (stranger.open, stranger.said) == (False, "")


def _names(given: list[ast.expr]) -> set[str]:
    """What is named among what is given, also within a `partial`."""
    return {node.id for one in given for node in ast.walk(one) if isinstance(node, ast.Name)}


def test_the_body_of_a_guarded_act_asks_the_same_guard() -> None:
    """A guard that only the page asks would be a promise that the act does not keep."""
    guarded = [(one, guard) for one in declared() for guard in (one.guard, one.for_whom) if guard is not None]
    assert len(guarded) >= 8
    acts = [
        node
        for name, module in sys.modules.items()
        if name.startswith("assay.") and "acts" in name.split(".") and Path(module.__file__ or "").stat().st_size
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    ]
    for one, guard in guarded:
        bodies = [node for node in acts if any(f"'{one.name}'" in ast.unparse(d) for d in node.decorator_list)]
        assert len(bodies) == 1, one.name
        calls = [node for body in bodies for node in ast.walk(body) if isinstance(node, ast.Call)]
        asked = {ast.unparse(call.func) for call in calls}
        asked |= {name for call in calls if ast.unparse(call.func) == "require_each" for name in _names(call.args)}
        assert guard.__name__ in asked, one.name


def test_who_acts_is_asked_as_well_as_the_rows() -> None:
    def require_other(actor: Actor, _batch: object) -> None:
        if actor.name == "柳一":
            raise Refused("须由他人办理")

    @act("tests.for_whom", duty="E1", title="示例", for_whom=require_other)
    def deed(ctx: Context, batch: object) -> None: ...

    try:
        against = why_not(deed, Actor(None, "柳一", frozenset({"E1"})), None)
        assert against is not None
        assert against.message == "须由他人办理"
        assert why_not(deed, Actor(None, "柳二", frozenset({"E1"})), None) is None
    finally:
        from assay.kernel import acts

        del acts._registry[declaration_of(deed).name]


def test_what_is_declared_apart_is_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.kernel import separation

    def refuse(*_: object) -> None:
        raise Refused("须由不同的人办理")

    @act("tests.apart", duty="E1", title="示例")
    def deed(ctx: Context) -> None: ...

    try:
        monkeypatch.setattr(separation, "require_apart", refuse)
        against = why_not(deed, f.actor_with("E1"))
        assert against is not None
        assert against.message == "须由不同的人办理"
    finally:
        from assay.kernel import acts

        del acts._registry[declaration_of(deed).name]
