"""What a page offers: an act as a button, or the reason why it cannot be done now. Asked of the act itself (`acts.why_not`), so that a
button is there exactly when the act would be done. Whoever does not hold its duty is offered nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from assay.kernel.acts import Actor, declaration_of, why_not, why_not_each
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import NotAllowed, Refused

Row = TypeVar("Row", bound=Recorded)


@dataclass(frozen=True)
class Offer:
    """`url` takes the post, or is the `page` with the act's form. `confirm` is asked before, `wait` said while it lasts; `main`: what
    the page is for just now; `small`: one in a list; `shows`: the rows of which the page says what it showed."""

    title: str
    url: str
    against: Refused | None
    confirm: str = ""
    wait: str = ""
    main: bool = True
    small: bool = False
    page: bool = False
    shows: tuple[Recorded, ...] = ()

    @property
    def open(self) -> bool:
        return self.against is None

    @property
    def said(self) -> str:
        """Why not, for whoever could do it at another time."""
        return "" if self.against is None or isinstance(self.against, NotAllowed) else self.against.message


def offer(
    actor: Actor, deed: Callable[..., Any], *rows: Any, title: str, url: str, confirm: str = "", wait: str = "", main: bool = True,
    small: bool = False, page: bool = False,
) -> Offer:  # fmt: skip
    """The act `deed` on these rows, as this person may do it now."""
    return Offer(title, url, why_not(deed, actor, *rows), confirm, wait, main, small, page, _shown(deed, *rows))


def offers(
    actor: Actor, deed: Callable[..., Any], rows: Iterable[Row], *, title: str, url: Callable[[Row], str], confirm: str = "",
    main: bool = True, small: bool = True, page: bool = False,
) -> dict[Any, Offer]:  # fmt: skip
    """The act on each row of a list, by the rows' keys. Duty and what is declared apart are asked once for all; its guard looks at each
    row as it has been loaded."""
    rows = list(rows)
    against = why_not_each(deed, actor, rows)
    return {
        row.pk: Offer(title, url(row), against[row.pk], confirm, "", main, small, page, _shown(deed, row))
        for row in rows
    }


def _shown(deed: Callable[..., Any], *rows: Any) -> tuple[Recorded, ...]:
    """The rows of which an act wants to know what the page showed."""
    return tuple(row for row in rows if isinstance(row, Recorded)) if declaration_of(deed).expects else ()
