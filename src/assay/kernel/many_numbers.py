"""Rows by many of their numbers at once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def among(numbers: Iterable[int]) -> RawSQL:
    """For `pk__in`: all the numbers as one parameter. Ten thousand of them would be as many parameters, which takes longer than
    the question itself, and SQLite may not have room for them."""
    given = list(numbers)
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(given)])
    return RawSQL("SELECT unnest(%s::bigint[])", [given])
