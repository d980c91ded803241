"""Encryption at rest, blind indexes and keyed digests.

AES-256-GCM with a random nonce; the id of the key leads the value, so that keys can be changed and old values stay readable.
Blind index: HMAC-SHA256, so that an ID number can be looked up without being readable.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.kernel.secrets import current, key, secret

IDENTITY, CONTENT = "identity", "content"
"""What is kept secret, each under keys of its own: who people are; what exams ask and files hold."""
_NONCE = 12


@cache
def _cipher(purpose: str, key_id: str) -> AESGCM:
    return AESGCM(key(purpose, key_id).value)


def encrypt_bytes(content: bytes, context: str, purpose: str) -> tuple[str, bytes]:
    """The id of the key in use and the cipher text of `content`, bound to `context`: moved elsewhere it no longer opens."""
    key_id, nonce = current(purpose).id, os.urandom(_NONCE)
    return key_id, nonce + _cipher(purpose, key_id).encrypt(nonce, content, context.encode())


def decrypt_bytes(key_id: str, sealed: bytes, context: str, purpose: str) -> bytes:
    """The content; raises cryptography.exceptions.InvalidTag when it was tampered with, UnknownKey when the key is not ours."""
    return _cipher(purpose, key_id).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())


def encrypt(text: str, context: str, purpose: str = IDENTITY) -> str:
    """Cipher text of `text`, bound to `context` (table.column): `<key id>:<base64>`."""
    key_id, sealed = encrypt_bytes(text.encode(), context, purpose)
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, context: str, purpose: str = IDENTITY) -> str:
    """The text; raises as `decrypt_bytes` does."""
    key_id, _, sealed = stored.partition(":")
    return decrypt_bytes(key_id, binascii.a2b_base64(sealed, strict_mode=True), context, purpose).decode()


def blind_index(kind: str, text: str) -> str:
    """64 hex digits, equal for equal (kind, text) and telling nothing else."""
    return hmac.new(secret("blind_index"), f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()


_FIRST = "1"


def seal(text: str, like: str = "") -> str:
    """Keyed digest under which the ledger remembers a private value without holding it: 32 hex digits, led by `<key id>:` unless
    it is the first key. `like`: an earlier digest, whose key is used to compare with it."""
    by = key("ledger_seal", like.rpartition(":")[0] or _FIRST) if like else current("ledger_seal")
    digest = hmac.digest(by.value, text.encode(), "sha256").hex()[:32]
    return digest if by.id == _FIRST else f"{by.id}:{digest}"


def proof(purpose: str, content: bytes, like: str = "") -> str:
    """`<key id>:<64 hex digits>`: a keyed digest of `content` by which this installation knows again what it wrote itself and gave
    out of its hands. Its key is derived for `purpose` alone. `like`: an earlier one, whose key is used to compare with it; raises
    UnknownKey."""
    by = key("ledger_seal", like.partition(":")[0]) if like else current("ledger_seal")
    own = hmac.digest(by.value, f"assay-proof\x1f{purpose}".encode(), "sha256")
    return f"{by.id}:{hmac.digest(own, content, 'sha256').hex()}"
