"""The digest over an answer log: the office computes the same from what it collects."""

from __future__ import annotations

import hashlib

import msgspec

from assay.bridge.contract import LogEntry


class LogDigest:
    """SHA-256 over the entries in order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.count = 0

    def add(self, entry: LogEntry) -> None:
        self._hash.update(msgspec.json.encode(entry))
        self.count += 1

    def hex(self) -> str:
        return self._hash.hexdigest()
