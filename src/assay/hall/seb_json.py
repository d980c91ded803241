"""Config Key and request hashes of Safe Exam Browser, by the rule of its makers (safeexambrowser.org, developer documentation).

The Config Key is the SHA-256 of the settings as «SEB-JSON», which is not JSON: nothing in a string is escaped. Every request says
the SHA-256 of its own address followed by the key.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

NOT_COUNTED = "originatorversion"
"""Which program wrote the file: no setting."""
DIGITS = 15
"""Significant digits of a real number, as .NET's "G15" has them."""


def config_key(settings: Mapping[str, Any]) -> str:
    """64 hex digits."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def request_hash(address: str, key: str) -> str:
    """What a request to `address` (without fragment) says for a Config Key or a Browser Exam Key."""
    return hashlib.sha256(f"{address}{key}".encode()).hexdigest()


def seb_json(value: Any) -> str:
    """A value of a property list: no white space, keys in order, entries that are empty dictionaries left out."""
    if isinstance(value, Mapping):
        entries = [
            f'"{name}":{seb_json(value[name])}' for name in sorted(value, key=in_order) if _counts(name, value[name])
        ]
        return f"{{{','.join(entries)}}}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"[{','.join(map(seb_json, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _real(value)
    return f'"{_text(value)}"'


def in_order(name: str) -> tuple[str, str]:
    """Keys stand in order without regard to case; of two that differ in nothing else the lower case comes first."""
    return name.lower(), name.swapcase()


def _counts(name: str, value: Any) -> bool:
    return name.lower() != NOT_COUNTED and not (isinstance(value, Mapping) and not value)


def _real(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError(f"{number} is no setting")
    return f"{number:.{DIGITS}G}" if number else "0"  # −0 too


def _text(value: str | bytes | datetime | None) -> str:
    """A string as it stands; data, moments (a property list has them in UTC) and nothing as strings."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat(timespec="seconds")
    if value is None or isinstance(value, str):
        return value or ""
    raise TypeError(f"{type(value).__name__} is no setting")
