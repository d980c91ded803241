"""Keys out of the secret that office and hall share: one for each use, so that nothing sealed for one opens as another."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@cache
def derived(secret: bytes, use: str) -> bytes:
    """32 bytes for `use` (HKDF-SHA256)."""
    return HKDF(SHA256(), 32, None, f"assay hall\x1f{use}".encode()).derive(secret)


@cache
def cipher(secret: bytes, use: str) -> AESGCM:
    """AES-256-GCM under the key of `use`."""
    return AESGCM(derived(secret, use))
