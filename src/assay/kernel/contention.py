"""When two acts meet: the loser is run once more, over what the winner left, and then says what any latecomer would be told.

A unique row that the other made first, and a deadlock that PostgreSQL ended, are no faults of whoever clicked: they become a second
try, and at last a sentence, never a broken page.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

from assay.kernel.refusals import Refused

R = TypeVar("R")
TRIES = 3
_LOST_UNIQUE, _LOST_REFERENCE = "23505", "23503"
_LOST_LOCK = frozenset({"40P01", "40001", "55P03"})  # deadlock, serialization, lock not available
DOUBLED = "有人同时办理了同一件事（或重复提交），您的这次没有写入。请刷新页面，看过最新情况再办理"
BUSY = "同时办理的人较多，这次没有写入，请稍后再试"


def settled(once: Callable[[], R]) -> R:
    """`once()`, which opens a transaction of its own, tried again when it lost to another act."""
    within = connection.in_atomic_block
    for left in reversed(range(TRIES)):
        try:
            return once()
        except IntegrityError as lost:
            if not _lost_to_another(lost):
                raise
            if not left:
                raise Refused(DOUBLED) from lost
        except OperationalError as lost:
            # Inside another transaction the whole of that is lost: whoever opened it tries again.
            if within or not _lost_a_lock(lost):
                raise
            if not left:
                raise Refused(BUSY) from lost
        time.sleep(random.uniform(0.01, 0.08))  # noqa: S311 - so that the same two do not meet again
    raise AssertionError("unreachable")


def _code(error: Exception) -> str:
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def _lost_to_another(error: IntegrityError) -> bool:
    """A row that must be one was made by somebody else meanwhile, or one that is needed is gone."""
    said = str(error)
    return _code(error) in (_LOST_UNIQUE, _LOST_REFERENCE) or said.startswith(
        ("UNIQUE constraint", "FOREIGN KEY constraint")
    )


def _lost_a_lock(error: OperationalError) -> bool:
    return _code(error) in _LOST_LOCK or "database is locked" in str(error)
