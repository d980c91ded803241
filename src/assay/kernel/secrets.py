"""Secrets of one installation: made on first run, kept outside the repository.

`ASSAY_SECRETS` names a JSON file (default `var/secrets.json`). Each value is 32 random bytes, base64url.
Single values can be given by environment instead (`ASSAY_SECRET_<NAME>`), which wins over the file.
"""

from __future__ import annotations

import base64
import json
import os
import secrets as random_source
from functools import cache
from pathlib import Path

NAMES = (
    "django",
    "identity",
    "blind_index",
    "ledger_seal",
    "ledger_signing",
    "hall",
    "province",
    "certificate",
)


class SecretsStore:
    """The secrets in one file; missing ones are made and written at once (mode 0600)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> bytes:
        """32 bytes for `name` (one of NAMES). Raises KeyError for an unknown name."""
        if name not in NAMES:
            raise KeyError(name)
        given = os.environ.get(f"ASSAY_SECRET_{name.upper()}")
        return base64.urlsafe_b64decode(given or self._values()[name])

    def text(self, name: str) -> str:
        return base64.urlsafe_b64encode(self.get(name)).decode()

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}
        missing = [name for name in NAMES if name not in values]
        if missing:
            for name in missing:
                values[name] = base64.urlsafe_b64encode(random_source.token_bytes(32)).decode()
            self._write(values)
        return values

    def _write(self, values: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(values, out, indent=1)
        draft.replace(self.path)


@cache
def store() -> SecretsStore:
    return SecretsStore(Path(os.environ.get("ASSAY_SECRETS", "var/secrets.json")))


@cache
def secret(name: str) -> bytes:
    """The secret `name` of this installation, read once per process."""
    return store().get(name)
