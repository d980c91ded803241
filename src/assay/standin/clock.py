"""The stand-in's time: a site that rehearses at another moment (ASSAY_REHEARSAL_CLOCK) rehearses the province too."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def _moved() -> timedelta:
    moment = os.environ.get("ASSAY_REHEARSAL_CLOCK")
    return datetime.fromisoformat(moment).astimezone(UTC) - datetime.now(UTC) if moment else timedelta()


MOVED = _moved()


def now() -> datetime:
    """Aware UTC time."""
    return datetime.now(UTC) + MOVED
