"""How a mark is read on paper. Pure.

One rule for every paper and for whatever pages say in the same words: a mark is kept with the decimals that it is reckoned with, and read
without zeros behind the point: 95 and 86.5, never 95.0. What was not marked is empty. What goes to other systems is as it is kept.
"""

from __future__ import annotations

from decimal import Decimal


def read(mark: Decimal | str | None) -> str:
    if mark is None or mark == "":
        return ""
    return f"{Decimal(mark).quantize(Decimal('0.01')).normalize():f}"
