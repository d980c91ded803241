"""Safe Exam Browser as far as the hall sees it: opens the session's file with its password, begins at its start address, and says its
hashes with every request. Written by the makers' description, apart from the hall's own code."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import plistlib
from functools import cmp_to_key
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.hall.candidate import Browser

PROGRAM = "5b" * 32
"""The Browser Exam Key of a build."""


def opened(content: bytes, password: str) -> dict[str, Any]:
    """The settings in a file that opens with a password."""
    block = gzip.decompress(content)
    assert block[:4] == b"pswd"
    return dict(plistlib.loads(gzip.decompress(decrypted(block[4:], password))))


def decrypted(message: bytes, password: str) -> bytes:
    """Version 3 of RNCryptor's format; AssertionError when the password is another."""

    def key(salt: bytes) -> bytes:
        return hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 10_000, 32)

    assert message[:2] == b"\x03\x01"
    said, seal = message[:-32], message[-32:]
    assert hmac.digest(key(message[10:18]), said, "sha256") == seal, "another password"
    cipher = Cipher(algorithms.AES(key(message[2:10])), modes.CBC(message[18:34])).decryptor()
    plain = cipher.update(message[34:-32]) + cipher.finalize()
    return plain[: -plain[-1]]


def key_of(settings: dict[str, Any]) -> str:
    """The Config Key of settings without quotes and backslashes in them: there the makers' form is plain JSON."""
    said = json.dumps(plain(settings), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def plain(value: Any) -> Any:
    """As JSON has it, with keys in the makers' order."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name != "originatorVersion" and one != {}}
        return {name: plain(kept[name]) for name in sorted(kept, key=cmp_to_key(compared))}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def compared(one: str, other: str) -> int:
    """Letter by letter without regard to case; where nothing else differs, lower case stands first."""
    for a, b in zip(one, other, strict=False):
        if a.lower() != b.lower():
            return -1 if a.lower() < b.lower() else 1
    if len(one) != len(other):
        return len(one) - len(other)
    for a, b in zip(one, other, strict=True):
        if a != b:
            return -1 if a.islower() else 1
    return 0


def hashed(url: str, key: str) -> str:
    return hashlib.sha256((url.split("#")[0] + key).encode()).hexdigest()


class LockedBrowser(Browser):
    """A candidate at a computer that opened the session's file. `by_page`: one on WebKit, which adds no headers; its page passes on
    the hashes for its own address."""

    def __init__(
        self, settings: dict[str, Any], index: int = 0, *, by_page: bool = False, program: str = PROGRAM
    ) -> None:
        self.settings, self.config, self.program, self.by_page = settings, key_of(settings), program, by_page
        base = httpx.URL(settings["startURL"]).copy_with(raw_path=b"/")
        super().__init__(str(base), index)
        self.open()

    def open(self) -> None:
        """Start: on to the page, whose door is said with every request from then on."""
        self.client.event_hooks = {}
        reply = self.client.get(self.settings["startURL"])
        self.page = self.client.base_url.join(reply.headers["location"])
        self.client.params = httpx.QueryParams({"door": self.page.params["door"]})
        self.client.event_hooks = {"request": [self._say]}

    def _say(self, request: httpx.Request) -> None:
        url = str(self.page if self.by_page else request.url)
        request.headers["x-safeexambrowser-configkeyhash"] = hashed(url, self.config)
        request.headers["x-safeexambrowser-requesthash"] = hashed(url, self.program)
