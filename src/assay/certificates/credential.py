"""The signed credential in a certificate's QR code: anybody who has the centre's public key can check it, offline too.

Form: base64url(JSON list) "." base64url(Ed25519 signature). The list is [number, name, occupation, job, level, issued
on (ISO)]; the ID number is never in it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import astuple, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assay.kernel.secrets import secret


@dataclass(frozen=True)
class Claim:
    """What a certificate says, as far as its QR code carries it."""

    number: str
    name: str
    occupation: str
    job: str
    level: str
    issued_on: str


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret("certificate"))


def public_key() -> bytes:
    """The 32 bytes that a verifier needs."""
    return _key().public_key().public_bytes_raw()


def sign(claim: Claim) -> str:
    """The token for a QR code."""
    said = json.dumps(astuple(claim), ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_encode(said)}.{_encode(_key().sign(said))}"


def check(token: str, key: bytes | None = None) -> Claim | None:
    """The claim when the signature is right (under `key`, else this centre's own); None otherwise."""
    said, _, signature = token.partition(".")
    try:
        text = _decode(said)
        Ed25519PublicKey.from_public_bytes(key or public_key()).verify(_decode(signature), text)
        values = json.loads(text)
        return Claim(*(str(v) for v in values)) if len(values) == 6 else None
    except (InvalidSignature, ValueError, binascii.Error):
        return None


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
