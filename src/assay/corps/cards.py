"""How long a card may be good for. Pure."""

from __future__ import annotations

from datetime import date


def last_day(since: date, years: int) -> date:
    """The same day so many years on: the last on which a card of `since` may be good. Of 29 February the 28th, where there is
    none."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return since.replace(year=since.year + years, day=28)
