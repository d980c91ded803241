"""What a request or a call asked of acts, and what became of it: done, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from assay.kernel import acts, contention
from assay.kernel.refusals import Refused

DONE = ""


@dataclass
class Asked:
    """The acts that were asked for since `begin`, with what was said to each (`DONE`: nothing, it was done)."""

    names: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    listening: bool = True

    @contextmanager
    def begin(self) -> Iterator[None]:
        self.names.clear()
        self.said.clear()
        yield

    @property
    def outcome(self) -> str | None:
        """What the first act said; None when none was asked."""
        return self.said[0] if self.said else None


def listen(patch: pytest.MonkeyPatch, before: Callable[[acts.Act], None]) -> Asked:
    """Hear of every act from now on; `before` is told of it first."""
    heard = Asked()
    require, settled = acts.require, contention.settled

    def required(actor: acts.Actor, act: acts.Act) -> None:
        before(act)
        heard.names.append(act.name)
        try:
            require(actor, act)
        except Refused as refused:
            heard.said.append(refused.message)
            raise

    def tried(once: Callable[[], Any]) -> Any:
        try:
            result = settled(once)
        except Refused as refused:
            heard.said.append(refused.message)
            raise
        heard.said.append(DONE)
        return result

    patch.setattr(acts, "require", required)
    patch.setattr(contention, "settled", tried)
    return heard
