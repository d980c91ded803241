"""Signing keys of the house, and what may be known of a key without having it: by it one sees whether a secrets file belongs to a
database."""

from __future__ import annotations

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.kernel.secrets import Key, keys

SIGNING = ("ledger_signing", "certificate")
TITLES = {
    "identity": "个人信息加密", "content": "试题与文件加密", "blind_index": "证件号索引", "ledger_seal": "台账校验码",
    "ledger_signing": "台账签名", "certificate": "证书签名",
}  # fmt: skip
"""The secrets without which what the database holds can no longer be read or proved."""


def private(key: Key) -> Ed25519PrivateKey:
    """The key of one of SIGNING as what signs."""
    return Ed25519PrivateKey.from_private_bytes(key.value)


def public(key: Key) -> bytes:
    """The 32 bytes by which its signatures are checked."""
    return private(key).public_key().public_bytes_raw()


def check_value(name: str, key: Key) -> str:
    """Of a signing key its public key (64 hex digits), of another a keyed digest of a fixed text (32)."""
    if name in SIGNING:
        return public(key).hex()
    return hmac.new(key.value, f"assay-key-check\x1f{name}".encode(), sha256).hexdigest()[:32]


def check_values() -> dict[tuple[str, str], str]:
    """By (secret, key id), of every key in the secrets file."""
    return {(name, key.id): check_value(name, key) for name in TITLES for key in keys(name)}
