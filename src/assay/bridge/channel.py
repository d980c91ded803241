"""How office and hall talk: every request is signed, and what it brings and what it gets is sealed, whatever network lies between.

The signature (HMAC-SHA256 over version, method, address with its query, time, a number used once, and the digest of the sealed body)
travels ahead of the body: of a stranger's request nothing is read. Bodies are AES-256-GCM, one key for each direction, bound to the
same words: nothing opens in another place, at another time, or as the answer to another question; and the hall answers each number
once (`Store.first_time`). There is no forward secrecy: who learns the shared secret later can open what was recorded.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from assay.bridge.contract import VERSION
from assay.bridge.keys import cipher, derived
from assay.bridge.tokens import same

VERSION_HEADER, TIME_HEADER, NONCE_HEADER = "x-assay-version", "x-assay-time", "x-assay-nonce"
DIGEST_HEADER, SIGNATURE_HEADER = "x-assay-digest", "x-assay-signature"
SEALED = "application/vnd.assay.sealed"
CLOCK_SLACK_S = 300
QUESTION, ANSWER, SIGNATURE = "office to hall", "hall to office", "signature of the office"
_STAMP, _NONCE = re.compile("[0-9]{1,12}"), re.compile("[0-9a-f]{32}")
_GCM_NONCE = 12


class NotSealed(Exception):
    """The bytes were not sealed with the shared secret, or for another place, time or question."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `target`: the address with its query; `stamp`: Unix seconds; `nonce`: used once."""

    method: str
    target: str
    stamp: str
    nonce: str

    @classmethod
    def new(cls, method: str, target: str) -> Exchange:
        return cls(method, target, str(int(time.time())), os.urandom(16).hex())

    @classmethod
    def of_headers(cls, method: str, target: str, headers: Mapping[str, str]) -> Exchange:
        return cls(method, target, headers.get(TIME_HEADER, ""), headers.get(NONCE_HEADER, ""))

    def headers(self, secret: bytes, body: bytes) -> dict[str, str]:
        """What goes ahead of the sealed body."""
        digest = digest_of(body)
        return {
            VERSION_HEADER: str(VERSION), TIME_HEADER: self.stamp, NONCE_HEADER: self.nonce, DIGEST_HEADER: digest,
            SIGNATURE_HEADER: self._signature(secret, digest),
        }  # fmt: skip

    def is_signed(self, secret: bytes, digest: str, signature: str) -> bool:
        """True when the signature is right and the time is within five minutes of ours."""
        if not _STAMP.fullmatch(self.stamp) or not _NONCE.fullmatch(self.nonce):
            return False
        if abs(time.time() - int(self.stamp)) > CLOCK_SLACK_S:
            return False
        return same(self._signature(secret, digest), signature)

    def seal_question(self, secret: bytes, body: bytes) -> bytes:
        return _seal(secret, QUESTION, body, self._said(QUESTION))

    def open_question(self, secret: bytes, sealed: bytes) -> bytes:
        """What the office brings. Raises NotSealed."""
        return _open(secret, QUESTION, sealed, self._said(QUESTION))

    def seal_answer(self, secret: bytes, status: int, body: bytes) -> bytes:
        return _seal(secret, ANSWER, body, self._said(ANSWER, str(status)))

    def open_answer(self, secret: bytes, status: int, sealed: bytes) -> bytes:
        """What the hall says to this very question. Raises NotSealed."""
        return _open(secret, ANSWER, sealed, self._said(ANSWER, str(status)))

    def _signature(self, secret: bytes, digest: str) -> str:
        return hmac.new(derived(secret, SIGNATURE), self._said(SIGNATURE, digest), hashlib.sha256).hexdigest()

    def _said(self, *more: str) -> bytes:
        return "\n".join((str(VERSION), self.method, self.target, self.stamp, self.nonce, *more)).encode()


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _seal(secret: bytes, direction: str, body: bytes, said: bytes) -> bytes:
    nonce = os.urandom(_GCM_NONCE)
    return nonce + cipher(secret, direction).encrypt(nonce, body, said)


def _open(secret: bytes, direction: str, sealed: bytes, said: bytes) -> bytes:
    try:
        return cipher(secret, direction).decrypt(sealed[:_GCM_NONCE], sealed[_GCM_NONCE:], said)
    except (InvalidTag, ValueError) as wrong:
        raise NotSealed from wrong
