"""What somebody sent and has not settled yet: kept enciphered for a day, for that account alone, one file a place."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from assay.kernel import durable
from assay.kernel.sealing import CONTENT, decrypt, encrypt
from assay.kernel.secrets import UnknownKey

KEPT_SECONDS = 24 * 3600


def keep(account: int, place: str, parts: Mapping[str, bytes]) -> None:
    """Put these parts there; what lay there before is gone."""
    _sweep()
    said = json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()})
    sealed = encrypt(said, _context(account, place), CONTENT).encode("ascii")
    durable.put(
        _path(account, place), lambda out: out.write(sealed)
    )  # whole or not there: another request may be reading


def take(account: int, place: str) -> dict[str, bytes] | None:
    """What lies there for this account; None when it is gone, unreadable, or was never there."""
    path = _path(account, place)
    try:
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            return None
        said = json.loads(decrypt(path.read_text(encoding="ascii"), _context(account, place), CONTENT))
    except (OSError, InvalidTag, ValueError, UnknownKey):
        return None
    return {name: base64.b64decode(part) for name, part in said.items()}


def drop(account: int, place: str) -> None:
    """It is no longer wanted."""
    _path(account, place).unlink(missing_ok=True)


def _context(account: int, place: str) -> str:
    return f"aside.{account}.{place}"


def _path(account: int, place: str) -> Path:
    return folder() / sha256(_context(account, place).encode()).hexdigest()


def folder() -> Path:
    made = Path(settings.VAR) / "spool"
    made.mkdir(parents=True, exist_ok=True)
    return made


def _sweep() -> None:
    for path in folder().iterdir():
        with suppress(FileNotFoundError):  # another request sweeps too, or has put its draft in place
            if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink()
