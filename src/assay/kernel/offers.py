"""What a page offers: an act as a button, or the reason why it cannot be done now. Asked of the act itself (`acts.why_not`), so that a
button is there exactly when the act would be done. Whoever does not hold its duty is offered nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.kernel.acts import Actor, why_not
from assay.kernel.refusals import NotAllowed, Refused


@dataclass(frozen=True)
class Offer:
    """`url` takes the post. `confirm` is asked before it, `wait` said while it lasts; `main`: what the page is for just now."""

    title: str
    url: str
    against: Refused | None
    confirm: str = ""
    wait: str = ""
    main: bool = True

    @property
    def open(self) -> bool:
        return self.against is None

    @property
    def said(self) -> str:
        """Why not, for whoever could do it at another time."""
        return "" if self.against is None or isinstance(self.against, NotAllowed) else self.against.message


def offer(
    actor: Actor, deed: Callable[..., Any], *rows: Any, title: str, url: str, confirm: str = "", wait: str = "", main: bool = True
) -> Offer:  # fmt: skip
    """The act `deed` on these rows, as this person may do it now."""
    return Offer(title, url, why_not(deed, actor, *rows), confirm, wait, main)
