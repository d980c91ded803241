"""Secrets of one installation: made on first run, kept outside the repository.

`ASSAY_SECRETS` names a JSON file (default `var/secrets.json`). A secret is 32 random bytes, base64url. Those of ROTATED have
several keys over time, each with an id ("1", "2", ...) and the day since which it is in use: the newest is used for what is
written, and what was written with an older one stays readable. In the file such a secret is a list of
`{"id": ..., "key": ..., "since": ...}`, oldest first; a bare text is the key "1" of whenever the file was made.
Single secrets can be given by environment instead (`ASSAY_SECRET_<NAME>`: the text, or `id=text,id=text`), which wins over the
file.
"""

from __future__ import annotations

import base64
import json
import os
import secrets as random_source
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assay.kernel.durable import put

ROTATED = ("django", "identity", "content", "ledger_seal", "ledger_signing", "certificate")
NAMES = (*ROTATED, "blind_index", "hall", "province")
"""What the others are for lasts: looked up by it (blind index), or agreed with somebody (hall, province)."""


@dataclass(frozen=True)
class Key:
    """One key of a secret. `since` is the day on which it came into use; None: with the installation."""

    id: str
    value: bytes
    since: date | None


class UnknownKey(KeyError):
    """Something was written with a key that the secrets file does not have. The message is for whoever runs the service."""

    def __init__(self, name: str, key_id: str) -> None:
        super().__init__(f"密钥文件中没有 {name} 的第 {key_id} 号密钥：请放回本系统原来的密钥文件")


class NoSecrets(Exception):
    """The secrets file cannot be used. The message is for whoever runs the service."""


class SecretsStore:
    """The secrets in one file; missing ones are made and written at once (mode 0600). `made`: what was written here where
    there had been no file."""

    def __init__(self, path: Path) -> None:
        self.path, self.made = path, b""

    def keys(self, name: str) -> tuple[Key, ...]:
        """The keys of `name` (one of NAMES), oldest first. Raises KeyError for an unknown name."""
        if name not in NAMES:
            raise KeyError(name)
        given = os.environ.get(f"ASSAY_SECRET_{name.upper()}")
        if given:
            return _given(given)
        value = self._values()[name]
        try:
            return _read(value)
        except (ValueError, TypeError, LookupError) as wrong:
            raise NoSecrets(f"密钥文件 {self.path} 中的 {name} 不是密钥：请放回备份的密钥文件") from wrong

    def rotate(self, name: str, since: date) -> Key:
        """Add a new key to `name` (one of ROTATED); it is the one in use from now on."""
        if name not in ROTATED or os.environ.get(f"ASSAY_SECRET_{name.upper()}"):
            raise ValueError(f"{name} is not rotated here")
        values, before = self._values(), self.keys(name)
        new = Key(str(max(int(key.id) for key in before) + 1), random_source.token_bytes(32), since)
        values[name] = [
            {"id": key.id, "key": _text(key.value), "since": key.since.isoformat() if key.since else None}
            for key in (*before, new)
        ]
        self._write(values)
        return new

    def _values(self) -> dict[str, Any]:
        values = self._written()
        missing = [name for name in NAMES if name not in values]
        if missing:
            for name in missing:
                values[name] = _text(random_source.token_bytes(32))
            self._write(values)
        return values

    def _written(self) -> dict[str, Any]:
        if not self.path.exists():
            return {}
        try:
            values: dict[str, Any] = dict(json.loads(self.path.read_text()))
        except (OSError, ValueError, TypeError) as wrong:
            raise NoSecrets(f"密钥文件 {self.path} 读不出或已损坏（{wrong}）：请放回备份的密钥文件") from wrong
        return values

    def take_back(self) -> None:
        """Remove the file that was made in vain, unless somebody has put another in its place."""
        if self.made and self.path.exists() and self.path.read_bytes() == self.made:
            self.path.unlink()

    def _write(self, values: Mapping[str, Any]) -> None:
        text, is_new = json.dumps(values, indent=1).encode(), not self.path.exists()
        put(self.path, lambda out: out.write(text))
        if is_new:
            self.made = text


def _given(text: str) -> tuple[Key, ...]:
    """From the environment; padding of base64 ends with `=`, so an id is what stands before the first of several."""
    parts = [part.partition("=") for part in text.split(",")]
    if len(parts) == 1 and not parts[0][0].isdecimal():
        return (Key("1", base64.urlsafe_b64decode(text), None),)
    return tuple(Key(key_id, base64.urlsafe_b64decode(value), None) for key_id, _, value in parts)


def _read(value: str | list[dict[str, str | None]]) -> tuple[Key, ...]:
    if isinstance(value, str):
        return (Key("1", base64.urlsafe_b64decode(value), None),)
    return tuple(
        Key(str(one["id"]), base64.urlsafe_b64decode(str(one["key"])), date.fromisoformat(one["since"]) if one["since"] else None)
        for one in value
    )  # fmt: skip


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


@cache
def store() -> SecretsStore:
    return SecretsStore(Path(os.environ.get("ASSAY_SECRETS", "var/secrets.json")))


@cache
def keys(name: str) -> tuple[Key, ...]:
    """The keys of `name`, oldest first, read once per process."""
    return store().keys(name)


@cache
def current(name: str) -> Key:
    """The key that is in use for what is written."""
    return keys(name)[-1]


def key(name: str, key_id: str) -> Key:
    """The key with which something was written: one that was added after this process began is looked for in the file. Raises
    UnknownKey."""
    found = _among(name, key_id)
    if found is None:
        forget()
        found = _among(name, key_id)
    if found is None:
        raise UnknownKey(name, key_id)
    return found


def _among(name: str, key_id: str) -> Key | None:
    return next((key for key in keys(name) if key.id == key_id), None)


def forget() -> None:
    """Read the file again when next asked: a key was added."""
    keys.cache_clear()
    current.cache_clear()
    secret.cache_clear()


@cache
def secret(name: str) -> bytes:
    """The 32 bytes of `name` that are in use, read once per process."""
    return current(name).value


def text(name: str) -> str:
    """The same as base64url."""
    return as_text(current(name))


def as_text(key: Key) -> str:
    return _text(key.value)
