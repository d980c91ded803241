"""Encryption at rest, blind indexes and keyed digests.

AES-256-GCM with a random nonce; the key id leads the value so that keys can be changed later.
Blind index: HMAC-SHA256, so that an ID number can be looked up without being readable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.kernel.secrets import secret

_KEY_ID = "1"


def encrypt(text: str, context: str) -> str:
    """Cipher text of `text`, bound to `context` (table.column): moved elsewhere it no longer opens."""
    nonce = os.urandom(12)
    sealed = AESGCM(secret("identity")).encrypt(nonce, text.encode(), context.encode())
    return f"{_KEY_ID}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """The text; raises cryptography.exceptions.InvalidTag when the value was tampered with."""
    raw = base64.b64decode(stored.split(":", 1)[1])
    return AESGCM(secret("identity")).decrypt(raw[:12], raw[12:], context.encode()).decode()


def blind_index(kind: str, text: str) -> str:
    """64 hex digits, equal for equal (kind, text) and telling nothing else."""
    return hmac.new(secret("blind_index"), f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> str:
    """Keyed digest under which the ledger remembers a private value without holding it."""
    return hmac.new(secret("ledger_seal"), text.encode(), hashlib.sha256).hexdigest()[:32]
